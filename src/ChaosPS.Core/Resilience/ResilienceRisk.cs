using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Something about an object that hurts in a simulated loss, rollout or drain.</summary>
public sealed record ResilienceRisk
{
    /// <summary>A stable PascalCase code, such as <c>SinglePoint</c>.</summary>
    public required string Code { get; init; }

    /// <summary>How much it hurts.</summary>
    public required RiskSeverity Severity { get; init; }

    /// <summary>The object's kind: a workload's, <c>PodDisruptionBudget</c>, <c>NodePool</c>, <c>Zone</c> or <c>Cluster</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The object's namespace; empty where it has none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster that it was found in.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>What about the object is a risk.</summary>
    public required string Message { get; init; }

    /// <summary>What was simulated: <c>loss of aks-…000009</c>, <c>rollout</c>, <c>drain of aks-…000009</c>.</summary>
    public required string Scenario { get; init; }

    /// <summary>What the simulation showed, with its seconds.</summary>
    public required string Evidence { get; init; }

    /// <summary>The longest that no pod of the worst hit workload is ready, or that all its calls fail; zero where it is not cut off.</summary>
    public TimeSpan Outage { get; init; }

    /// <summary>Whether <see cref="Outage"/> ends by itself; where not, it is only as long as was looked at.</summary>
    public bool Returns { get; internal init; } = true;

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>What a fix must let the workload survive; null where no change of a workload helps.</summary>
    public ResilienceGoal? Goal { get; init; }

    /// <summary>The workloads that are hit, as kind/namespace/name.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    /// <summary>The manifest file that the object was read from; null for a cluster's.</summary>
    public string? Path { get; init; }

    /// <summary>The line of <see cref="Path"/>, from 1; 0 without a file.</summary>
    public int Line { get; init; }

    /// <summary>The column in that line, from 1; 0 without a file.</summary>
    public int Column { get; init; }

    /// <summary>The object, as kind/namespace/name.</summary>
    public string Object => Namespace.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";

    /// <summary>The object, the code and the message.</summary>
    public override string ToString() => $"{Object}: {Code}: {Message}";
}
