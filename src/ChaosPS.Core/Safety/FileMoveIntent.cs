using System.Text.Json.Serialization;
using ChaosPS.Errors;
using ChaosPS.Experiments.Python;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A file or directory that gets another name or place.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="From">Its path.</param>
/// <param name="To">Its path afterwards.</param>
internal sealed record FileMoveIntent(string Machine, string From, string To) : FileIntent(Machine)
{
    /// <inheritdoc/>
    public override string Target => To;

    /// <inheritdoc/>
    public override string Description => $"renaming {From}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"mv '{To}' '{From}'";

    /// <inheritdoc/>
    protected override void Undo(UndoContext context)
    {
        if (!FileChange.IsThere(To) || (!context.Accepted && FileChange.IsThere(From))) return;
        if (FileChange.IsThere(From)) throw ChaosErrors.FileInTheWay(From, To);
        context.Log.Write(ChaosLogLevel.Warning, $"Undo: moving {To} back to {From}.");
        context.Note("undoing", Remedy);
        FileMove.Move(To, From);
        context.Step($"{To} is moved back to {From}.");
    }
}
