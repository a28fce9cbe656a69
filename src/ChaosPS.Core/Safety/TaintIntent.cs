using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A taint that is added to a node. Its undo takes away this one, by key, value and effect, and no other.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Uid">The object's uid.</param>
/// <param name="Key">The taint's key.</param>
/// <param name="Value">Its value; empty for none.</param>
/// <param name="Effect">What it does.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record TaintIntent(string Node, string Uid, string Key, string Value, TaintEffect Effect, bool Held) : NodeIntent(Node, Uid, Held)
{
    /// <inheritdoc/>
    public override string Description => $"Taint {Taint}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"kubectl taint nodes {Node} {Taint}-";

    /// <summary>The taint.</summary>
    [JsonIgnore]
    public Taint Taint => new(Key, Value, Effect);

    /// <inheritdoc/>
    protected override async Task UndoAsync(UndoContext context, ClusterNode node, CancellationToken cancellationToken)
    {
        context.Note("undoing", $"remove {Taint}");
        var removed = await context.Connection.Cluster.RemoveTaintAsync(node, Taint, dryRun: false, cancellationToken);
        context.Step(removed is null ? $"Node {Node} does not have the taint {Taint}: there is nothing to remove." : $"Removed the taint {Taint} from {Node}.");
    }
}
