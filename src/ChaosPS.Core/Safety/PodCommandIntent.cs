using System.Text.Json.Serialization;
using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A command that is run in a container. Nobody knows what it does, so nothing can undo it.</summary>
/// <param name="Object">The pod.</param>
/// <param name="Container">The container.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record PodCommandIntent(ObjectReference Object, string Container, IReadOnlyList<string> Command, bool Held) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    public override string Target => Object.ToString();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{Object.Resource.Group} {Object}";

    /// <inheritdoc/>
    public override string Description => $"running '{string.Join(' ', Command)}' in container {Container}";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Reversibility.Impossible;

    /// <inheritdoc/>
    public override string? Remedy => null;

    /// <inheritdoc/>
    public override Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing undoes a command.");
}
