using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A change of a node object.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Uid">The object's uid: another node of the same name was not changed.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal abstract record NodeIntent(string Node, string Uid, bool Held) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    public override string Target => Node;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"Node {Node}";

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var now = await context.Connection.Cluster.GetNodeAsync(Node, cancellationToken);
        if (now is null)
            context.Step($"Node {Node} is gone from the cluster: there is nothing to put back.");
        else if (Uid.Length > 0 && now.Uid != Uid)
            context.Step($"Node {Node} is another one than was changed: left alone.");
        else
            await UndoAsync(context, now, cancellationToken);
        return null;
    }

    /// <summary>Puts back what was changed of the node.</summary>
    protected abstract Task UndoAsync(UndoContext context, ClusterNode node, CancellationToken cancellationToken);
}
