using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Clusters;

/// <summary>Takes pods away from a node and waits, all of them together, until they are gone.</summary>
/// <remarks>
/// A pod whose budget forbids it is asked for again every five seconds, as kubectl does. One list of the node's pods a second tells which are gone: by
/// uid, since a StatefulSet makes the next pod under the same name.
/// </remarks>
internal sealed class PodDeparture
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly ChaosConnection _connection;
    private readonly ChangeSet _changes;
    private readonly BlastGate _gate;
    private readonly IChaosLog _log;
    private readonly ClusterNode _node;
    private readonly DrainOptions _options;
    private readonly DateTimeOffset _began;
    private readonly Leaver[] _leavers;
    private readonly List<DrainedPod> _gone = [];

    public PodDeparture(
        ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log, ClusterNode node, IReadOnlyList<ClusterPod> pods,
        DrainOptions options, DateTimeOffset began)
    {
        (_connection, _changes, _gate, _log, _node, _options, _began) = (connection, changes, gate, log, node, options, began);
        _leavers = [.. pods.Select(pod => new Leaver(pod, began))];
    }

    private PodRemoval Removal => _options.DisableEviction ? PodRemoval.Delete : PodRemoval.Evict;

    private string Activity => $"Draining {_node.Name}";

    private IEnumerable<Leaver> Left => _leavers.Where(static leaver => !leaver.Gone);

    /// <summary>Does it.</summary>
    /// <returns>The pods that are gone.</returns>
    /// <exception cref="ChaosException">Ids <c>DrainTimeout</c>, <c>DrainIncomplete</c>, <c>StopLeverPulled</c>, or what the API answered to a read.</exception>
    public async Task<IReadOnlyList<DrainedPod>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await RequestAsync(cancellationToken);
                await LookAsync(cancellationToken);
                if (Left.All(static leaver => leaver.Failure is not null)) break;
                var waited = _connection.Time.GetUtcNow() - _began;
                if (waited >= _options.Timeout) throw ChaosErrors.DrainTimeout(_node.Name, waited, [.. Left.Select(static leaver => leaver.Describe())]);
                Report();
                await _connection.Time.DelayAsync(s_interval, cancellationToken);
            }

            if (Left.Any()) throw ChaosErrors.DrainIncomplete(_node.Name, [.. Left.Select(static leaver => leaver.Failure!)]);
            return _gone;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChaosException)
        {
            var left = string.Join(", ", Left.Select(static leaver => leaver.Pod));
            _log.Write(
                ChaosLogLevel.Warning,
                $"The draining of {_node.Name} ended early: {_gone.Count} of {_leavers.Length} pods are gone"
                + $"{(left.Length == 0 ? "" : $", left are {left}")}. The node stays cordoned.");
            throw;
        }
        finally
        {
            _log.Progress(Activity, "done", 100, completed: true);
        }
    }

    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        var now = _connection.Time.GetUtcNow();
        var isLate = now - _began >= _options.Timeout; // what was refused is not asked for again then
        Leaver[] due = [.. Left.Where(leaver => !leaver.Requested && leaver.Failure is null && leaver.NextTry <= now && !(isLate && leaver.Refusal is not null))];
        if (due.Length == 0) return;
        if (await _gate.StoppedByAsync(cancellationToken) is { } lever) throw ChaosErrors.StopLeverPulled(_node.Name, lever);
        foreach (var leaver in due)
        {
            // What is on its way out needs no second request, unless it is to be quicker.
            if (leaver.Pod.Terminating && _options.GracePeriodSeconds is null) leaver.Requested = true;
            else await RequestAsync(leaver, cancellationToken);
        }
    }

    private async Task RequestAsync(Leaver leaver, CancellationToken cancellationToken)
    {
        if (leaver.Change is null) _log.Write(ChaosLogLevel.Verbose, $"{Removal} {leaver.Pod}");
        leaver.Change ??= _changes.Intend(PodIntent.Of(leaver.Pod, Removal));
        try
        {
            await _changes.SendAsync(leaver.Change, async () =>
            {
                if (_options.DisableEviction) await _connection.Cluster.DeletePodAsync(leaver.Pod, _options.GracePeriodSeconds, false, cancellationToken);
                else await _connection.Cluster.EvictPodAsync(leaver.Pod, _options.GracePeriodSeconds, false, cancellationToken);
                return true;
            });
            leaver.Requested = true;
            leaver.Refusal = null;
        }
        catch (ChaosException exception) when (exception.Kind is ErrorKind.NotFound or ErrorKind.Conflict)
        {
            leaver.Requested = true; // it is gone, or another one has its name: the next look finds out
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.LimitExceeded)
        {
            if (leaver.Refusal != exception.Message) _log.Write(ChaosLogLevel.Verbose, exception.Message);
            leaver.Refusal = exception.Message;
            leaver.NextTry = _connection.Time.GetUtcNow() + s_retry;
        }
        catch (ChaosException exception)
        {
            leaver.Failure = exception;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = _connection.Time.GetUtcNow();
        var pods = await _connection.Cluster.GetPodsOnNodeAsync(_node.Name, cancellationToken);
        var there = pods.ToDictionary(static pod => pod.Uid, StringComparer.Ordinal);
        foreach (var leaver in Left.ToArray())
        {
            if (there.TryGetValue(leaver.Pod.Uid, out var pod) && !DrainPlan.IsOverdue(pod, _options, now)) continue;
            leaver.Gone = true;
            if (leaver.Change is { Over: false } change) _changes.Note(change, ChangeState.Done);
            _gone.Add(new DrainedPod(leaver.Pod, Removal, now - leaver.Since));
        }
    }

    private void Report()
    {
        Leaver[] left = [.. Left];
        var first = left.FirstOrDefault(static leaver => leaver.Refusal is not null) ?? left[0];
        _log.Progress(
            Activity, $"{_gone.Count} of {_leavers.Length} pods are gone; {first.Describe()}", _gone.Count * 100 / _leavers.Length, completed: false);
    }

    /// <summary>A pod that is to go, and how far that is.</summary>
    private sealed class Leaver(ClusterPod pod, DateTimeOffset since)
    {
        public ClusterPod Pod { get; } = pod;

        public DateTimeOffset Since { get; } = since;

        public Change? Change { get; set; }

        public bool Requested { get; set; }

        public DateTimeOffset NextTry { get; set; } = since;

        /// <summary>Why it may not go yet.</summary>
        public string? Refusal { get; set; }

        /// <summary>Why it cannot go.</summary>
        public ChaosException? Failure { get; set; }

        public bool Gone { get; set; }

        public string Describe() => Refusal ?? Failure?.Message ?? $"waiting for {Pod} to end";
    }
}
