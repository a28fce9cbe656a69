using System.Net.Http.Headers;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>A token or certificate that a program gives: kept until it runs out, or a server refuses it.</summary>
/// <param name="user">The kubeconfig's user.</param>
/// <param name="plugin">The program.</param>
/// <param name="time">The clock on which credentials run out.</param>
internal sealed class ExecCredential(string user, ExecPlugin plugin, TimeProvider time) : Credential
{
    private readonly SemaphoreSlim _one = new(1);
    private ExecAnswer? _answer;
    private Proof? _proof;

    /// <inheritdoc/>
    public override string Words => $"what the credential plugin '{plugin.Name}' gave for user '{user}'";

    /// <inheritdoc/>
    public override string Remedy => $"Log in again as '{plugin.Name}' wants it; '{plugin.Line}' shows what it gives.";

    /// <inheritdoc/>
    public override async Task<Proof> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _proof is { } known && !(_answer!.Expires <= time.GetUtcNow()) ? known : await AskAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> RenewAsync(Proof refused, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Another request may have got a new one already.
            if (ReferenceEquals(_proof, refused)) await AskAsync(cancellationToken);
            return _proof != refused;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Proof> AskAsync(CancellationToken cancellationToken)
    {
        var answer = await plugin.RunAsync(cancellationToken);

        // The same certificate again keeps its connections.
        var certificate = _answer is { } last && last.Certificate == answer.Certificate && last.Key == answer.Key
            ? _proof!.Certificate
            : answer.Certificate is null ? null : plugin.ReadCertificate(answer);
        var proof = new Proof(answer.Token is null ? null : new AuthenticationHeaderValue("Bearer", answer.Token), certificate);
        _answer = answer;
        return _proof = proof.Equals(_proof) ? _proof : proof;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _one.Dispose();
            _proof?.Certificate?.Dispose();
        }

        base.Dispose(disposing);
    }
}
