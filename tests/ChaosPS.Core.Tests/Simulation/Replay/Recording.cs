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
    public required (string At, Action<IRig> Do)[] Actions { get; init; }

    /// <summary>Differences that are to be.</summary>
    public IReadOnlyList<KnownDifference> Known { get; init; } = [];

    /// <summary>Compares what a rig does; the differences that nobody explains.</summary>
    public List<string> Replay(IRig rig) => Comparison.Unexplained(Differences(rig), Known);

    /// <summary>
    /// The times and rates that it was made with. What the recorded kubelets were made to do: containers start 2.0 s after the binding, are ready 1.0 s
    /// later, end after 1.5 s.
    /// </summary>
    public SimulationOptions MakeOptions()
    {
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
        return Options(options with
        {
            NodeMonitorPhase = Phase(MonitorPass, options.NodeMonitorPeriod + options.NodeMonitorOverhead),
            PodGarbageCollectionPhase = Phase(CollectorPass, options.PodGarbageCollectionPeriod),
        });

        TimeSpan? Phase(string? pass, TimeSpan period) =>
            pass is null ? null : TimeSpan.FromTicks((TimelineReader.Time(pass) - TimelineReader.Time(Begin)).Ticks % period.Ticks);
    }

    private List<string> Differences(IRig rig)
    {
        var from = TimelineReader.Time(Actions[0].At);
        var recorded = TimelineReader.Read(File, from);
        foreach (var (index, (at, act)) in Actions.Index())
        {
            rig.AdvanceTo(TimelineReader.Time(at));
            if (index == 0) rig.Record();
            act(rig);
        }

        rig.AdvanceTo(recorded[^1].At.AddSeconds(0.5));

        // The recorded kubelets wrote no events.
        var seen = rig.Transitions.Where(it => !it.Field.EndsWith("from=kubelet", StringComparison.Ordinal));
        return Comparison.Compare(recorded, [.. seen], TimeSpan.FromSeconds(0.5));
    }
}
