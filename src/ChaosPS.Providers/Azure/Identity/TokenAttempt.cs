using Azure.Core;

namespace ChaosPS.Providers.Azure.Identity;

/// <summary>One way to a token.</summary>
/// <param name="Name">Its name: of <see cref="ChaosPS.Azure.AzureTokenSource"/>, or <c>Secrets</c>.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record TokenAttempt(string Name, TimeSpan Timeout)
{
    /// <summary>Why it cannot even be tried; null when it can.</summary>
    public string? Missing { get; init; }

    /// <summary>The tenant that it asks; null where that is not said.</summary>
    public string? Tenant { get; init; }

    /// <summary>
    /// Whether somebody has set it up on purpose: then its failure is the answer, and nobody else is asked. Another identity that
    /// happens to be logged in could be allowed more, or elsewhere.
    /// </summary>
    public bool Deliberate { get; init; }

    /// <summary>Makes what fetches the token, for a subscription when it is known.</summary>
    public Func<string?, TokenCredential> Create { get; init; } = static _ => throw new InvalidOperationException("This attempt cannot be tried.");

    /// <summary>What of it must never be shown.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The name: the secrets stay here.</summary>
    public override string ToString() => Name;
}
