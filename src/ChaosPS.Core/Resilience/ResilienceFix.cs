using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>The cheapest small change of one workload with which it survives what it is to survive, as simulations show.</summary>
public sealed record ResilienceFix
{
    /// <summary>The workload's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster that it was found for.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The workload as it was when the fix was found; null where nobody noted it.</summary>
    public Workload? Workload { get; init; }

    /// <summary>The change: of this workload only, and of disruption budgets in its namespace.</summary>
    public required ClusterOverlay Change { get; init; }

    /// <summary>What it survives with the change.</summary>
    public required IReadOnlyList<ResilienceGoal> Survives { get; init; }

    /// <summary>The single changes, in words: <c>replicas 1 -> 2</c>.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What the change takes from the cluster.</summary>
    public required FixCost Cost { get; init; }

    /// <summary>The longest that no ready pod runs in what it is to survive, without the change.</summary>
    public required TimeSpan DownBefore { get; init; }

    /// <summary>The same with the change: zero unless an outage was to be borne.</summary>
    public required TimeSpan DownAfter { get; init; }

    /// <summary>The longest that some, but not all, pods run, with the change: what replicas cannot take away.</summary>
    public required TimeSpan DegradedAfter { get; init; }

    /// <summary>How many simulations of losses and rollouts the change has stood.</summary>
    public required int Simulations { get; init; }

    /// <summary>The cheaper changes that were tried, and what was against each.</summary>
    public required IReadOnlyList<RejectedChange> Rejected { get; init; }

    /// <summary>What no simulation shows and somebody has to know who applies it: about data that replicas do not share, and about losses that come again.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The manifest file that the workload was read from; null for a cluster's.</summary>
    public string? Path { get; init; }

    /// <summary>All single changes in a line.</summary>
    public string Description => string.Join("; ", Steps);

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => $"{Kind}/{Namespace}/{Name}";
}
