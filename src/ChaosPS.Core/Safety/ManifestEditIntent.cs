using System.Text.Json.Serialization;
using ChaosPS.Manifests;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of a manifest file.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Path">The file.</param>
/// <param name="Summary">What is changed, in words.</param>
/// <param name="HashBefore">The SHA-256 of the file as it is.</param>
/// <param name="HashAfter">The SHA-256 of the file as it will be.</param>
/// <param name="Reverse">What makes of the changed text what it was.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ManifestEditIntent(
    string Machine, string Path, string Summary, string HashBefore, string HashAfter, IReadOnlyList<TextSplice> Reverse, bool Held) : FileIntent(Machine, Held)
{
    /// <inheritdoc/>
    public override string Target => Path;

    /// <inheritdoc/>
    public override string Description => Summary;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"put the lines back by hand in {Path}: git diff shows them where the file is under version control";

    /// <summary>The intent of a planned change.</summary>
    public static ManifestEditIntent Of(ManifestFileEdit edit, string summary, byte[] after)
    {
        // What was put in is taken out again, at the places that it has then.
        var undo = new List<TextSplice>();
        var shift = 0;
        foreach (var splice in edit.Splices)
        {
            undo.Add(new TextSplice(splice.Start + shift, splice.Text.Length, edit.File.Text.Substring(splice.Start, splice.Length)));
            shift += splice.Text.Length - splice.Length;
        }

        return new ManifestEditIntent(Environment.MachineName, edit.File.Path, summary, edit.File.Hash, ManifestFile.HashOf(after), undo, Held: true);
    }

    /// <inheritdoc/>
    protected override void Undo(UndoContext context)
    {
        if (!File.Exists(Path))
        {
            context.Step($"{Path} is gone: there is nothing to put back.");
            return;
        }

        var file = ManifestFile.Read(Path, Path);
        if (file.Hash == HashBefore)
        {
            context.Step($"{Path} is as before.");
        }
        else if (file.Hash != HashAfter)
        {
            context.Step($"{Path} has been changed by somebody else since: left alone.");
        }
        else
        {
            context.Note("undoing", Summary);
            file.Write(file.Encode(TextSplice.Apply(file.Text, Reverse)));
            context.Step($"{Path} is back, byte for byte: {Summary}.");
        }
    }
}
