using System.Net.Http.Headers;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Who asks an API server, and how that is proved.</summary>
internal abstract class Credential : IDisposable
{
    /// <summary>What it is, for messages, such as <c>the token of user 'admin'</c>.</summary>
    public abstract string Words { get; }

    /// <summary>What the user can do when a server does not accept it.</summary>
    public abstract string Remedy { get; }

    /// <summary>What to show with the next request. Safe to call from several threads.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">It cannot be had.</exception>
    public abstract Task<Proof> GetAsync(CancellationToken cancellationToken);

    /// <summary>Gets another proof after a server refused <paramref name="refused"/>.</summary>
    /// <returns>Whether there is a new one, so that asking again may help.</returns>
    public virtual Task<bool> RenewAsync(Proof refused, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets certificates go.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>What a request shows.</summary>
/// <param name="Authorization">The header; null for none.</param>
/// <param name="Certificate">The client's certificate; null for none.</param>
internal sealed record Proof(AuthenticationHeaderValue? Authorization, ClientCertificate? Certificate);
