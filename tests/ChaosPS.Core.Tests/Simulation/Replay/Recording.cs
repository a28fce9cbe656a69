using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>A recorded timeline and what a simulation needs to go through the same.</summary>
internal sealed record Recording
{
    /// <summary>The file of the timeline.</summary>
    public required string File { get; init; }

    /// <summary>When the simulation begins; comparison begins with the first action.</summary>
    public required string Begin { get; init; }

    /// <summary>When the node that is going to stop last renewed its lease.</summary>
    public string? Lease { get; init; }

    /// <summary>Any moment at which the node controller looked at the nodes.</summary>
    public string? MonitorPass { get; init; }

    /// <summary>Any moment at which the pod garbage collector ran.</summary>
    public string? CollectorPass { get; init; }

    /// <summary>Times that this recording was made with, other than Kubernetes' defaults.</summary>
    public Func<SimulationOptions, SimulationOptions> Options { get; init; } = options => options;

    /// <summary>A seed with which pods that could go to either of two nodes go where they went in the recording.</summary>
    public int Seed { get; init; }

    /// <summary>Pods and their nodes at the beginning; null for a cluster in which nothing is deployed yet.</summary>
    public required (string Pod, string Node)[]? Placements { get; init; }

    /// <summary>What was done, and when.</summary>
    public required (string At, Action<ClusterSimulation> Do)[] Actions { get; init; }

    /// <summary>Differences that are to be.</summary>
    public IReadOnlyList<KnownDifference> Known { get; init; } = [];

    /// <summary>Compares; the differences that nobody explains.</summary>
    public List<string> Replay() => Comparison.Unexplained(Differences(), Known);

    private List<string> Differences()
    {
        var from = TimelineReader.Time(Actions[0].At);
        var recorded = TimelineReader.Read(File, from);
        var simulation = Simulate();
        TransitionRecorder? recorder = null;
        foreach (var (at, act) in Actions)
        {
            simulation.AdvanceTo(TimelineReader.Time(at));
            recorder ??= new TransitionRecorder(simulation);
            act(simulation);
        }

        simulation.AdvanceTo(recorded[^1].At.AddSeconds(0.5));

        // The recorded kubelets wrote no events.
        var simulated = recorder!.Transitions.Where(it => !it.Field.EndsWith("from=kubelet", StringComparison.Ordinal));
        return Comparison.Compare(recorded, [.. simulated], TimeSpan.FromSeconds(0.5));
    }

    private ClusterSimulation Simulate()
    {
        var begin = TimelineReader.Time(Begin);

        // What the recorded kubelets were made to do: containers start 2.0 s after the binding, are ready 1.0 s later, end after 1.5 s.
        var options = new SimulationOptions
        {
            Seed = Seed,
            NodeMonitorOverhead = TimeSpan.FromMilliseconds(2.5),
            ContainerStart = DurationRange.FromSeconds(2, 2.01),
            ContainerReadiness = DurationRange.FromSeconds(1, 1.02),
            ContainerTermination = DurationRange.FromSeconds(1.5, 1.51),
            KubeletBoot = DurationRange.FromSeconds(5.05, 5.15),
            Start = DurationRange.FromMilliseconds(1, 1),
        };
        options = options with
        {
            NodeMonitorPhase = Phase(MonitorPass, options.NodeMonitorPeriod + options.NodeMonitorOverhead),
            PodGarbageCollectionPhase = Phase(CollectorPass, options.PodGarbageCollectionPeriod),
        };
        var snapshot = Placements is null
            ? RecordedCluster.TakeEmpty(begin)
            : RecordedCluster.Take(begin, Lease is null ? null : TimelineReader.Time(Lease), Placements);
        return new ClusterSimulation(snapshot, Options(options));

        TimeSpan? Phase(string? pass, TimeSpan period) =>
            pass is null ? null : TimeSpan.FromTicks((TimelineReader.Time(pass) - begin).Ticks % period.Ticks);
    }
}
