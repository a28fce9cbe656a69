namespace ChaosPS.Clusters;

/// <summary>A Service: a name for the ready pods that its selector finds.</summary>
public sealed record ServiceSpec(string Name, string Namespace, LabelSelector Selector, int Port)
{
    /// <summary>The number, or the name, of the pods' port that its first port leads to; empty where nobody knows.</summary>
    public string TargetPort { get; init; } = "";
}

/// <summary>A path of an Ingress and the Service behind it.</summary>
/// <param name="Ingress">The Ingress object's name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Path">The path, a prefix.</param>
/// <param name="ServiceName">The Service behind it.</param>
/// <param name="Uri">Where users reach it.</param>
public sealed record IngressPath(string Ingress, string Namespace, string Path, string ServiceName, Uri Uri);
