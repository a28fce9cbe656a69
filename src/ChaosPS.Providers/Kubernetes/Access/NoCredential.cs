namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Nothing: the server takes the request as anonymous.</summary>
internal sealed class NoCredential : Credential
{
    /// <inheritdoc/>
    public override string Words => "a request without credentials";

    /// <inheritdoc/>
    public override string Remedy => "Give the user of the kubeconfig's context a token, a certificate or a credential plugin; none is sent over plain http.";

    /// <inheritdoc/>
    public override Task<Proof> GetAsync(CancellationToken cancellationToken) => Task.FromResult(new Proof(null, null));
}
