using System.Text.Json.Serialization;

namespace ChaosPS.Safety;

/// <summary>A file, or a directory with all that is in it, that is removed.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Path">Its path.</param>
/// <param name="Irreversible">Whether it was there before the run.</param>
internal sealed record FileRemoveIntent(string Machine, string Path, bool Irreversible) : FileIntent(Machine)
{
    /// <inheritdoc/>
    public override string Target => Path;

    /// <inheritdoc/>
    public override string Description => "removal";

    /// <inheritdoc/>
    [JsonIgnore]
    public override Reversibility Reversibility => Irreversible ? Reversibility.Impossible : Reversibility.Nothing;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => null;

    /// <inheritdoc/>
    protected override void Undo(UndoContext context) => throw new NotSupportedException("Nothing brings a removed file back.");
}
