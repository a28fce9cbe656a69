using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A required pod anti-affinity term that is added to a workload's pod template.</summary>
/// <param name="WorkloadKind">The workload's kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="LabelKey">The label that the term tells pods by.</param>
/// <param name="LabelValue">The label's value.</param>
/// <param name="TopologyKey">The node label whose values are to differ.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record AntiAffinityIntent(
    string WorkloadKind, string Namespace, string Name, string Uid, string LabelKey, string LabelValue, string TopologyKey, bool Held)
    : WorkloadIntent(WorkloadKind, Namespace, Name, Uid, Held)
{
    /// <inheritdoc/>
    public override string Description => $"required anti-affinity by {LabelKey}={LabelValue} on {TopologyKey}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"kubectl rollout undo {WorkloadKind.ToLowerInvariant()}/{Name} -n {Namespace}";

    /// <summary>The term.</summary>
    [JsonIgnore]
    public PodAffinityTerm Term => new(new LabelSelector([new LabelRequirement(LabelKey, SelectorOperator.In, [LabelValue])]), TopologyKey, []);

    /// <inheritdoc/>
    protected override async Task UndoAsync(UndoContext context, Workload workload, CancellationToken cancellationToken)
    {
        context.Note("undoing", "remove the term");
        var removed = await context.Connection.Cluster.RemovePodAntiAffinityAsync(workload, Term, cancellationToken);
        context.Step(removed
            ? $"{WorkloadKind} {Target} has lost the anti-affinity term that was added; its pods roll over."
            : $"{WorkloadKind} {Target} does not have the anti-affinity term: there is nothing to remove.");
    }
}
