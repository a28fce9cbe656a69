namespace ChaosPS.Safety;

/// <summary>What one source says about how much may be hit. What it leaves open, others decide.</summary>
/// <remarks>A budget apart from the selection: no selector can exceed it, and no switch lifts it.</remarks>
public sealed record BlastPolicy
{
    /// <summary>Where it comes from, for refusals: <c>-MaxNodesDown</c>, a file, an annotation.</summary>
    public required string Source { get; init; }

    /// <summary>Nodes that may be down at the same time, counting those that are down already; at least 1.</summary>
    public int? MaxNodesDown { get; init; }

    /// <summary>The share of a node pool that may be down at the same time, in percent, 1 to 100.</summary>
    public int? MaxPoolPercent { get; init; }

    /// <summary>The share of a zone's nodes that may be down at the same time, in percent, 1 to 100.</summary>
    public int? MaxZonePercent { get; init; }

    /// <summary>What happens when a workload would lose its last ready replica.</summary>
    public RuleLevel? LastReadyReplica { get; init; }

    /// <summary>Label selectors of nodes that must not be hit, beside those with the label or annotation <c>chaosps.dev/protected: "true"</c>.</summary>
    public IReadOnlyList<Clusters.LabelSelector> ProtectedNodes { get; init; } = [];

    /// <summary>Namespaces whose pods and workloads must not be hit, beside those with the label or annotation.</summary>
    public IReadOnlyList<string> ProtectedNamespaces { get; init; } = [];

    /// <summary>When changes are allowed: in any of these; always when there is none.</summary>
    public IReadOnlyList<MaintenanceWindow> MaintenanceWindows { get; init; } = [];

    /// <summary>A file that, while it exists, stops all runs.</summary>
    public string? StopFile { get; init; }

    /// <summary>A ConfigMap, <c>namespace/name</c>, whose key <c>stop</c> stops all runs while it is <c>true</c>.</summary>
    public string? StopConfigMap { get; init; }
}

/// <summary>How a rule acts.</summary>
public enum RuleLevel
{
    /// <summary>It warns.</summary>
    Warn,

    /// <summary>It refuses.</summary>
    Refuse,
}

/// <summary>A rule's value and where it comes from.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it comes from.</param>
public readonly record struct Limit<T>(T Value, string Source);

/// <summary>All that has been said about how much may be hit: of every rule the strictest.</summary>
public sealed class BlastRadius
{
    private const string Default = "default";

    /// <summary>Joins what the sources say.</summary>
    public BlastRadius(params IEnumerable<BlastPolicy> policies) => Policies = [.. policies];

    /// <summary>What the sources say.</summary>
    public IReadOnlyList<BlastPolicy> Policies { get; }

    /// <summary>Nodes that may be down at the same time: 1 unless somebody says otherwise.</summary>
    public Limit<int> MaxNodesDown => Least(static policy => policy.MaxNodesDown) ?? new(1, Default);

    /// <summary>The share of a pool, in percent; null when nobody limits it.</summary>
    public Limit<int>? MaxPoolPercent => Least(static policy => policy.MaxPoolPercent);

    /// <summary>The share of a zone, in percent; null when nobody limits it.</summary>
    public Limit<int>? MaxZonePercent => Least(static policy => policy.MaxZonePercent);

    /// <summary>What happens when a workload would lose its last ready replica: a warning unless somebody says otherwise.</summary>
    public Limit<RuleLevel> LastReadyReplica =>
        Policies.Where(static policy => policy.LastReadyReplica is not null)
            .Select(static policy => new Limit<RuleLevel>(policy.LastReadyReplica!.Value, policy.Source))
            .DefaultIfEmpty(new(RuleLevel.Warn, Default))
            .MaxBy(static limit => limit.Value);

    private Limit<int>? Least(Func<BlastPolicy, int?> value)
    {
        Limit<int>? least = null;
        foreach (var policy in Policies)
        {
            if (value(policy) is { } number && !(least?.Value <= number)) least = new(number, policy.Source);
        }

        return least;
    }
}
