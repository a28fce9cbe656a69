namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Shows with each request who asks.</summary>
internal sealed class CredentialHandler(ClusterAccess access) : DelegatingHandler
{
    /// <summary>What a request was sent with.</summary>
    public static HttpRequestOptionsKey<Proof> Shown { get; } = new("proof");

    /// <summary>Who asks.</summary>
    public Credential Credential => access.Credential;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in access.Impersonation) request.Headers.TryAddWithoutValidation(name, value);
        var proof = await Credential.GetAsync(cancellationToken);
        if (proof.Authorization is { } authorization) request.Headers.Authorization = authorization;
        request.Options.Set(Shown, proof);
        return await base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) access.Dispose();
        base.Dispose(disposing);
    }
}
