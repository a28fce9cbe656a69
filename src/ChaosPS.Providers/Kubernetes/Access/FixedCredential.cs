using System.Net.Http.Headers;
using System.Text;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>A token, a password or a certificate that stands in the kubeconfig.</summary>
/// <param name="words">What it is.</param>
/// <param name="remedy">What to do when it is not accepted.</param>
/// <param name="proof">It.</param>
internal sealed class FixedCredential(string words, string remedy, Proof proof) : Credential
{
    /// <inheritdoc/>
    public override string Words => words;

    /// <inheritdoc/>
    public override string Remedy => remedy;

    /// <summary>The header of basic authentication.</summary>
    public static AuthenticationHeaderValue Basic(string name, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    /// <inheritdoc/>
    public override Task<Proof> GetAsync(CancellationToken cancellationToken) => Task.FromResult(proof);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) proof.Certificate?.Dispose();
        base.Dispose(disposing);
    }
}
