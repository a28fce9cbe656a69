using System.Text.Json.Serialization;
using ChaosPS.Errors;
using ChaosPS.Experiments.Python;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A file or directory that gets another name or place.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="From">Its path.</param>
/// <param name="To">Its path afterwards.</param>
/// <param name="Overwrites">Whether something stands there that is lost by it.</param>
internal sealed record FileMoveIntent(string Machine, string From, string To, bool Overwrites = false) : FileIntent(Machine)
{
    /// <inheritdoc/>
    public override string Target => To;

    /// <inheritdoc/>
    public override string Description => $"renaming {From}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"mv {Quoted(To)} {Quoted(From)}";

    /// <inheritdoc/>
    protected override void Undo(UndoContext context)
    {
        var isBack = FileChange.IsThere(From);
        if (!FileChange.IsThere(To))
        {
            if (!isBack) context.Step($"{To}, which was {From}, is gone: there is nothing to move back.");
            return;
        }

        if (isBack && !context.Accepted) return;
        if (isBack) throw ChaosErrors.FileInTheWay(From, To);
        context.Log.Write(ChaosLogLevel.Warning, $"Undo: moving {To} back to {From}.");
        context.Note("undoing", Remedy);
        FileMove.Move(To, From);
        context.Step($"{To} is moved back to {From}.{(Overwrites ? " What stood there before is lost." : "")}");
    }
}
