using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>
/// A node that is being drained: from here on others count it as down, though its pods are still there. It changes nothing by itself; what ends the
/// cordon is the intent of that, and nothing brings evicted pods back.
/// </summary>
/// <param name="Node">The node's name.</param>
/// <param name="Uid">The object's uid.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record DrainIntent(string Node, string Uid, bool Held) : NodeIntent(Node, Uid, Held)
{
    /// <inheritdoc/>
    public override string Description => "Drain";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Reversibility.Nothing;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => null;

    /// <inheritdoc/>
    protected override Task UndoAsync(UndoContext context, ClusterNode node, CancellationToken cancellationToken) => Task.CompletedTask;
}
