namespace ChaosPS.Clusters;

/// <summary>One object of the Kubernetes API.</summary>
/// <param name="Resource">Its kind.</param>
/// <param name="Namespace">Its namespace; null for an object of the cluster.</param>
/// <param name="Name">Its name.</param>
public sealed record ObjectReference(ApiResource Resource, string? Namespace, string Name)
{
    /// <summary>As messages say it: <c>Deployment default/frontend</c>, <c>Node aks-0</c>.</summary>
    public override string ToString() => $"{Resource.Kind} {(Namespace is null ? "" : $"{Namespace}/")}{Name}";
}
