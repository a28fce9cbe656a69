using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What the loss of nodes would do to one workload that has pods on them.</summary>
public sealed record NodeLossPrediction
{
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

    /// <summary>What happens.</summary>
    public required LossOutcome Outcome { get; init; }

    /// <summary>What happens to the calls of its users, for each path of an Ingress that leads to it.</summary>
    public IReadOnlyList<PathPrediction> Paths { get; init; } = [];

    /// <inheritdoc cref="LossOutcome.Survives"/>
    public bool Survives => Outcome.Survives;

    /// <inheritdoc cref="LossOutcome.Down"/>
    public DurationInterval Down => Outcome.Down;

    /// <inheritdoc cref="LossOutcome.Degraded"/>
    public DurationInterval Degraded => Outcome.Degraded;

    /// <inheritdoc cref="LossOutcome.FailingShare"/>
    public double? FailingShare => Outcome.FailingShare;

    /// <inheritdoc cref="LossOutcome.Recovers"/>
    public bool Recovers => Outcome.Recovers;

    /// <inheritdoc cref="LossOutcome.Pending"/>
    public int Pending => Outcome.Pending;

    /// <inheritdoc cref="LossOutcome.PendingReason"/>
    public string? PendingReason => Outcome.PendingReason;

    /// <inheritdoc cref="LossOutcome.FreedBy"/>
    public string? FreedBy => Outcome.FreedBy;

    /// <summary>The longest that it is fully down.</summary>
    public TimeSpan WorstOutage => Outcome.Down.Worst;

    /// <summary>kind/namespace/name, and the loss.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name} without {Loss}";
}
