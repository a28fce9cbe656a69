namespace ChaosPS.Ports;

/// <summary>A node of a YAML or JSON document with its place in the text.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public abstract record DocumentNode(int Line, int Column);

/// <summary>A scalar.</summary>
/// <param name="Value">null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>, <see cref="string"/>, <see cref="DateOnly"/>, <see cref="DateTime"/> for a time without a zone, or <see cref="DateTimeOffset"/>.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public sealed record DocumentScalar(object? Value, int Line, int Column) : DocumentNode(Line, Column);

/// <summary>A sequence.</summary>
/// <param name="Items">The items.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public sealed record DocumentSequence(IReadOnlyList<DocumentNode> Items, int Line, int Column) : DocumentNode(Line, Column);

/// <summary>An entry of a mapping.</summary>
public sealed record DocumentEntry(DocumentScalar Key, DocumentNode Value);

/// <summary>A mapping. Of equal keys the last one counts, as in PyYAML and JSON readers.</summary>
/// <param name="Entries">In the order of the text, duplicates resolved.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public sealed record DocumentMapping(IReadOnlyList<DocumentEntry> Entries, int Line, int Column) : DocumentNode(Line, Column)
{
    /// <summary>The value of a text key; null when there is none.</summary>
    public DocumentNode? this[string key]
    {
        get
        {
            for (var i = 0; i < Entries.Count; i++)
            {
                if (Entries[i].Key.Value is string text && text == key) return Entries[i].Value;
            }

            return null;
        }
    }
}
