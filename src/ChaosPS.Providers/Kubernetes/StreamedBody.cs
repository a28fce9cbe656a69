using System.Text.Json;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Takes in the body of an answer while it comes.</summary>
internal abstract class StreamedBody
{
    /// <summary>The media type that is asked for before JSON; null for none.</summary>
    public virtual string? MediaType => null;

    /// <summary>How long the body may take from its beginning on; null for the time that is left of any answer's.</summary>
    public virtual TimeSpan? Longest => null;

    /// <summary>Reads a body.</summary>
    /// <param name="mediaType">What the server says that it is.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">It is not what was asked for.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public abstract Task ReadAsync(string? mediaType, Stream body, CancellationToken cancellationToken);
}
