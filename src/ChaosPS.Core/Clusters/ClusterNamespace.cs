namespace ChaosPS.Clusters;

/// <summary>A namespace.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">Its annotations.</param>
public sealed record ClusterNamespace(
    string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>Whether its label or annotation <c>chaosps.dev/protected</c> is there and not <c>false</c>.</summary>
    public bool IsProtected => Protection.Of(Labels) || Protection.Of(Annotations);
}
