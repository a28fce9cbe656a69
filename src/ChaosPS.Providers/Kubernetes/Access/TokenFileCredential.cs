using System.Net.Http.Headers;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>A token in a file that somebody else keeps fresh, as Kubernetes does for the service account of a pod.</summary>
/// <remarks>
/// Read again every 50 seconds, as client-go does (a minute less ten seconds), and when the server refuses the token. A file that cannot be read
/// any more leaves the last token in use, since it may be in the middle of being written.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="words">What it is.</param>
/// <param name="fallback">The token to use when the file cannot be read at first; null for none.</param>
/// <param name="certificate">A certificate that is shown besides; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenFileCredential(string path, string words, string? fallback, ClientCertificate? certificate, TimeProvider time) : Credential
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(50);

    private readonly SemaphoreSlim _one = new(1);
    private Proof? _proof;
    private DateTimeOffset _readAt;

    /// <inheritdoc/>
    public override string Words => words;

    /// <inheritdoc/>
    public override string Remedy => $"The token in '{path}' may have run out: see who keeps that file fresh, and that it does.";

    /// <inheritdoc/>
    public override async Task<Proof> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _proof is { } known && time.GetUtcNow() - _readAt < s_fresh ? known : await ReadAsync(cancellationToken);
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
            return await ReadAsync(cancellationToken) != refused;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Proof> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (token.Length == 0) throw new IOException("it is empty");
            return Keep(token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_proof is { } last) return last;
            if (fallback is { } token) return Keep(token);
            throw ChaosErrors.TokenFileUnreadable(path, exception.Message, exception);
        }
    }

    private Proof Keep(string token)
    {
        _readAt = time.GetUtcNow();
        var proof = new Proof(new AuthenticationHeaderValue("Bearer", token), certificate);
        return _proof = proof.Equals(_proof) ? _proof : proof;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _one.Dispose();
            certificate?.Dispose();
        }

        base.Dispose(disposing);
    }
}
