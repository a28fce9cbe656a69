using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What the loss of nodes would do to one workload that has pods on them.</summary>
public sealed record NodeLossPrediction
{
    internal NodeLossPrediction(LossOutcome outcome) => Outcome = outcome;

    /// <summary>What is lost.</summary>
    public required NodeLoss Loss { get; init; }

    /// <summary>The cluster that it was predicted for.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The workload's kind; <c>Pod</c> for a pod that nothing makes again.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its ready pods before the loss.</summary>
    public required int Ready { get; init; }

    /// <summary>How many of these are lost.</summary>
    public required int Lost { get; init; }

    /// <summary>What happens: losses that go the same way share it.</summary>
    internal LossOutcome Outcome { get; }

    /// <summary>What happens to the calls of its users, for each path of an Ingress that leads to it.</summary>
    public IReadOnlyList<PathPrediction> Paths { get; init; } = [];

    /// <summary>
    /// What the loss does to calls on the paths that lead to other workloads, of which it takes no pods: ingress controllers of theirs were on the lost nodes. Empty
    /// where none were, and where so many are left that fewer than one call in a hundred fails.
    /// </summary>
    public IReadOnlyList<PathPrediction> OtherPaths { get; init; } = [];

    /// <summary>Whether a ready pod is left all the time, in every run.</summary>
    public bool Survives => Outcome.Survives;

    /// <summary>How long no ready pod runs, whatever the API says.</summary>
    public DurationInterval Down => Outcome.Down;

    /// <summary>How long some pods run, but fewer than before.</summary>
    public DurationInterval Degraded => Outcome.Degraded;

    /// <summary>
    /// The share of calls to its Services from inside the cluster that fail while it is degraded, 0 to 1: the mean over that time, in the likely run. Null
    /// where no Service leads to it, and where it is degraded for less than a second.
    /// </summary>
    public double? FailingShare => Outcome.FailingShare;

    /// <summary>Whether a ready pod is there in the end, in every run; where not, <see cref="Down"/> is only as long as was looked at.</summary>
    public bool Returns => Outcome.Returns;

    /// <summary>Whether as many pods as before are ready again in the end, in every run.</summary>
    public bool Recovers => Outcome.Recovers;

    /// <summary>The most pods, of all runs, that have no node in the end.</summary>
    public int Pending => Outcome.Pending;

    /// <summary>Why the scheduler finds none for them, in its words; null when all have one.</summary>
    public string? PendingReason => Outcome.PendingReason;

    /// <summary>What a StatefulSet's names or a volume wait for, or what has freed them; null where nothing has to be freed.</summary>
    public string? FreedBy => Outcome.FreedBy;

    /// <summary>How many times it was simulated.</summary>
    public int Runs => Outcome.Runs;

    /// <summary>The longest that it is fully down.</summary>
    public TimeSpan WorstOutage => Outcome.Down.Worst;

    /// <summary>kind/namespace/name, and the loss.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name} without {Loss}";
}
