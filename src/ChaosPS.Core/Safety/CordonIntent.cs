using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A node that is cordoned, or whose cordon is ended. What was cordoned before has no such intent: it stays so.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Uid">The object's uid.</param>
/// <param name="Unschedulable">Whether it is cordoned.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record CordonIntent(string Node, string Uid, bool Unschedulable, bool Held) : NodeIntent(Node, Uid, Held)
{
    /// <inheritdoc/>
    public override string Description => Unschedulable ? "Cordon" : "Uncordon";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Unschedulable ? Reversibility.Undo : Reversibility.Nothing; // the end of a cordon is a repair

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => Unschedulable ? $"Resume-ClusterNode {Node}" : null;

    /// <inheritdoc/>
    protected override async Task UndoAsync(UndoContext context, ClusterNode node, CancellationToken cancellationToken)
    {
        if (!node.Unschedulable)
        {
            context.Step($"Node {Node} is not cordoned: there is nothing to end.");
            return;
        }

        context.Log.Write(ChaosLogLevel.Warning, $"Undo: uncordoning {Node}.");
        context.Note("undoing", "Uncordon");
        await context.Connection.Cluster.SetUnschedulableAsync(node, unschedulable: false, dryRun: false, cancellationToken);
        context.Step($"Uncordoned {Node}.");
    }
}
