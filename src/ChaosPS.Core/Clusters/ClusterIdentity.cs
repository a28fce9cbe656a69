namespace ChaosPS.Clusters;

/// <summary>Which cluster a record was read from. A cmdlet refuses a record of another cluster than its connection.</summary>
/// <param name="Name">The name that people use: the kubeconfig context or the sandbox.</param>
/// <param name="Server">The API server's address.</param>
/// <param name="Id">
/// The uid of the namespace <c>kube-system</c>, the customary id of a cluster: it lives as long as the cluster does. For whoever may not read that, the
/// server's address with the fingerprint of the certificate authority that the kubeconfig has for it.
/// </param>
public sealed record ClusterIdentity(string Name, string Server, string Id)
{
    /// <summary>Whether no other cluster can have this id. An address that no certificate proves may lead to another cluster tomorrow.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
