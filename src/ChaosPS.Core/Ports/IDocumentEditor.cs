using System.Text.Json.Nodes;

namespace ChaosPS.Ports;

/// <summary>Changes fields in a text of YAML or JSON, so that every other character stays: comments, order, quotes, anchors, line endings.</summary>
public interface IDocumentEditor
{
    /// <summary>What has to be replaced in a text so that its documents say something else.</summary>
    /// <param name="text">YAML, or JSON when the source's name ends in <c>.json</c>; without a byte order mark.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="edits">The changes. Their paths are those of the text as it is.</param>
    /// <returns>In the order of the text; no two of them overlap.</returns>
    /// <exception cref="ChaosPS.Errors.ChaosException">
    /// The text is no document (id <c>DocumentInvalid</c>), or the change would reach further than asked for (<c>ManifestEditImpossible</c>), with line and column.
    /// </exception>
    IReadOnlyList<TextSplice> Edit(string text, string source, IReadOnlyList<FieldEdit> edits);
}

/// <summary>What a <see cref="FieldEdit"/> does.</summary>
public enum FieldEditKind
{
    /// <summary>Gives the field at the path a value; where there is none, makes it.</summary>
    Set,

    /// <summary>Takes the field or item at the path away.</summary>
    Remove,

    /// <summary>Puts an item into a list, before the one at the path's last index; at the end where there is no such item.</summary>
    Insert,

    /// <summary>Adds a document after the one of that number.</summary>
    AddDocument,
}

/// <summary>A change of one field.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Document">The number of the document in the text, from 0.</param>
/// <param name="Path">Keys, as <see cref="string"/>, and indexes, as <see cref="int"/>.</param>
/// <param name="Value">The value; null for JSON's null, and where something is taken away.</param>
public sealed record FieldEdit(FieldEditKind Kind, int Document, IReadOnlyList<object> Path, JsonNode? Value)
{
    /// <summary>Keys of the same mapping that a new key belongs in front of, as people usually order them; without any it comes last.</summary>
    public IReadOnlyList<string> InFrontOf { get; init; } = [];
}

/// <summary>A part of a text that is replaced.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is; 0 where something is put in.</param>
/// <param name="Text">What comes in its place.</param>
public sealed record TextSplice(int Start, int Length, string Text)
{
    /// <summary>The text with the parts replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="splices">In the order of the text.</param>
    public static string Apply(string text, IReadOnlyList<TextSplice> splices)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(splices);
        var result = new System.Text.StringBuilder(text.Length);
        var end = 0;
        foreach (var splice in splices)
        {
            result.Append(text, end, splice.Start - end).Append(splice.Text);
            end = splice.Start + splice.Length;
        }

        return result.Append(text, end, text.Length - end).ToString();
    }
}
