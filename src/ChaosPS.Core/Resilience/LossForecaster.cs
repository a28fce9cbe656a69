using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Snapshots;

namespace ChaosPS.Resilience;

/// <summary>Predicts what actions would do to a cluster as it is now. It reads, and rights to list are enough.</summary>
public static class LossForecaster
{
    /// <summary>Looks at the cluster and predicts.</summary>
    /// <param name="connection">The cluster; the caller is a member of its clock.</param>
    /// <param name="actions">The actions, at least one.</param>
    /// <param name="log">Is told how far the reading is; what could not be read is in the forecast.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChaosException">Nodes or pods cannot be read, or the simulation cannot make anything of them: id <c>PredictionFailed</c>.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<LossForecast> MakeAsync(
        ChaosConnection connection, IReadOnlyList<LossAction> actions, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(log);
        var document = await ClusterExport.ReadAsync(connection, [], new ProgressOnly(log), cancellationToken);
        try
        {
            var snapshot = document.ToSnapshot();
            var options = new PredictionOptions { Simulation = PredictionOptions.UsualFor(snapshot, connection.Kind == ConnectionKind.Sandbox) };
            return new NodeLossPredictor(snapshot, options).Forecast(actions, cancellationToken) with { Missing = document.Missing };
        }
        catch (Exception exception) when (exception is not (ChaosException or OperationCanceledException))
        {
            // It is an extra: whatever a strange cluster makes a simulation stumble over must not be in the way of what was asked for.
            throw ChaosErrors.PredictionFailed(exception);
        }
    }

    /// <summary>Leaves out the warnings about what cannot be read.</summary>
    private sealed class ProgressOnly(IChaosLog log) : IChaosLog
    {
        public void Write(ChaosLogLevel level, string message) => log.Write(ChaosLogLevel.Verbose, message);

        public void Progress(string activity, string status, int? percent, bool completed) => log.Progress(activity, status, percent, completed);
    }
}
