using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Runs experiments.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment; returns when everything that it changed has been put back.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="connection">The cluster, its machines and its clock, which the run joins itself.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="log">Where it says what it does.</param>
    /// <param name="cancellationToken">Stops the method at once; rollbacks and undo then still run. The run is returned, not cancelled.</param>
    /// <exception cref="ChaosException">The definition is invalid (id <c>ExperimentInvalid</c>), or the journal cannot be written; nothing was touched.</exception>
    public static Task<ChaosRun> RunAsync(
        Experiment experiment, ChaosConnection connection, RunOptions options, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(connection);
        var validation = ExperimentValidator.Validate(experiment, EnvironmentVariables.For(connection), options.Variables);
        throw ChaosErrors.ExperimentInvalid(validation);
    }
}
