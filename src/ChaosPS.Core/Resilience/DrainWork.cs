using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Drains nodes of a simulated cluster as <see cref="NodeDrainer"/> does real ones: a request a second, and one in five for a pod that its budget keeps.</summary>
internal sealed class DrainWork(ClusterSimulation simulation, DrainLoss loss) : LossWork
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ClusterPod> _before = simulation.Snapshot.Pods.ToDictionary(static pod => $"{pod.Namespace}/{pod.Name}", StringComparer.Ordinal);
    private readonly DateTimeOffset _start = simulation.Now;
    private readonly List<string> _left = [];
    private List<Leaver>? _leavers;
    private DateTimeOffset _began;
    private TimeSpan _time;
    private int _done;

    // A drain that does not end has lasted until now.
    public override DrainRun Drain
    {
        get
        {
            string[] left = [.. _left, .. Left.Where(static leaver => leaver.Refusal is not null).Select(static leaver => $"{leaver.Pod}: {leaver.Refusal}")];
            return new DrainRun(_done < loss.Nodes.Count ? simulation.Now - _start : _time, left.Length == 0 ? null : string.Join("; ", left));
        }
    }

    private DrainOptions Options => loss.Options;

    private IEnumerable<Leaver> Left => (_leavers ?? []).Where(static leaver => !leaver.Pod.IsGone);

    public override string? RefusalOf(Family family) => Left
        .FirstOrDefault(leaver => leaver.Refusal is not null && leaver.Pod.Namespace == family.Namespace && family.Pods.Exists(pod => pod.Name == leaver.Pod.Name))?.Refusal;

    public override DateTimeOffset? Act()
    {
        while (_done < loss.Nodes.Count)
        {
            if (_leavers is null) Begin(loss.Nodes[_done]);
            Request();
            if (Left.Any(static leaver => !leaver.IsKept) && !(simulation.Now - _began >= Options.Timeout)) return simulation.Now + s_interval;
            _left.AddRange(Left.Select(leaver => $"{leaver.Pod}: {leaver.Refusal ?? "it has not ended in time"}"));
            _time = simulation.Now - _start;
            _leavers = null;
            _done++;
        }

        return null;
    }

    private void Begin(string name)
    {
        _began = simulation.Now;
        if (simulation.FindNode(name) is not { } node)
        {
            _leavers = [];
            return;
        }

        simulation.SetUnschedulable(node, true);
        _leavers = [.. node.Pods.Where(Goes).Select(pod => new Leaver(pod, simulation.Now))];
    }

    private void Request()
    {
        foreach (var leaver in Left.Where(leaver => !leaver.Pod.Terminating && !leaver.IsKept && leaver.NextTry <= simulation.Now).ToArray())
        {
            if (Options.DisableEviction)
            {
                simulation.DeletePod(leaver.Pod, Options.GracePeriodSeconds);
                continue;
            }

            var answer = simulation.Evict(leaver.Pod, Options.GracePeriodSeconds);
            leaver.Refusal = answer.Evicted ? null : answer.Cause ?? answer.Message;
            leaver.IsKept = answer.StatusCode == 500;
            leaver.NextTry = simulation.Now + s_retry;
        }
    }

    /// <summary>Whether a drain takes it. Those that came since the beginning are made by controllers; their data is what their kind keeps.</summary>
    private bool Goes(SimulatedPod pod)
    {
        if (!Options.PodSelector.Matches(pod.Labels) || pod.OwnerKind == "DaemonSet") return false;
        if (!_before.TryGetValue($"{pod.Namespace}/{pod.Name}", out var known))
            known = simulation.Snapshot.Pods.FirstOrDefault(other => other.Namespace == pod.Namespace && other.OwnerKind == pod.OwnerKind && other.OwnerName == pod.OwnerName);
        return known is null || !(DrainPlan.StaysOnDrainedNode(known) || (Options.LeaveLocalData && known.HasLocalData));
    }

    /// <summary>A pod that is to go.</summary>
    private sealed class Leaver(SimulatedPod pod, DateTimeOffset nextTry)
    {
        public SimulatedPod Pod { get; } = pod;

        public DateTimeOffset NextTry { get; set; } = nextTry;

        /// <summary>Why it may not go yet.</summary>
        public string? Refusal { get; set; }

        /// <summary>Whether it may never go.</summary>
        public bool IsKept { get; set; }
    }
}
