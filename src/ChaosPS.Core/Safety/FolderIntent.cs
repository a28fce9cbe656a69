using System.Text.Json.Serialization;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>Directories that are made, or an empty one that is removed.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Folders">Their paths, the innermost first.</param>
/// <param name="Made">Whether they are made.</param>
internal sealed record FolderIntent(string Machine, IReadOnlyList<string> Folders, bool Made) : FileIntent(Machine)
{
    /// <inheritdoc/>
    public override string Target => Folders is [var innermost, ..] ? innermost : "";

    /// <inheritdoc/>
    public override string Description => Made ? "create" : "removal";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => Made ? $"rmdir {string.Join(' ', Folders.Select(Quoted))}" : $"mkdir {Quoted(Target)}";

    /// <inheritdoc/>
    protected override void Undo(UndoContext context)
    {
        foreach (var folder in Folders)
        {
            if (Directory.Exists(folder) != Made) continue;
            if (!Made)
            {
                Directory.CreateDirectory(folder);
                context.Step($"{folder}, which was removed, is made again.");
            }
            else if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                context.Step($"{folder}, which was made, has something in it, and stays.");
                return;
            }
            else
            {
                context.Log.Write(ChaosLogLevel.Warning, $"Undo: removing {folder}.");
                Directory.Delete(folder);
                context.Step($"{folder}, which was made, is removed.");
            }
        }
    }
}
