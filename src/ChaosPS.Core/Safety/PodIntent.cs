using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A pod that is evicted or deleted. Nothing brings this pod back; its controller makes another one.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Node">The node that it was on; null for none.</param>
/// <param name="Removal">How it is taken away.</param>
internal sealed record PodIntent(string Namespace, string Name, string Uid, string? Node, PodRemoval Removal) : ChangeIntent(Held: false)
{
    /// <inheritdoc/>
    public override string Target => $"{Namespace}/{Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"Pod {Namespace}/{Name} {Uid}";

    /// <inheritdoc/>
    public override string Description => Removal.ToString();

    /// <inheritdoc/>
    public override Reversibility Reversibility => Reversibility.Impossible;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => null;

    /// <summary>The intent for a pod as it is now.</summary>
    public static PodIntent Of(ClusterPod pod, PodRemoval removal) => new(pod.Namespace, pod.Name, pod.Uid, pod.NodeName, removal);

    /// <inheritdoc/>
    public override Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A pod that was taken away cannot be brought back.");
}
