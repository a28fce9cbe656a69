namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>What a node of a text is.</summary>
internal enum SyntaxKind
{
    Scalar,
    Mapping,
    Sequence,
    Alias,
}

/// <summary>A node of a document with its extent in the text.</summary>
internal sealed class SyntaxNode
{
    public required SyntaxKind Kind { get; init; }

    /// <summary>Where its anchor or tag begins, or the node itself.</summary>
    public required int Outset { get; init; }

    /// <summary>Where the node itself begins, after anchor and tag.</summary>
    public required int Start { get; init; }

    /// <summary>Where its last character ends. Blank lines and comments behind it are not its own.</summary>
    public int End { get; set; }

    /// <summary>Whether it is written with brackets; of a scalar, whether it may stand in brackets.</summary>
    public bool IsFlow { get; init; }

    /// <summary>Of a scalar: <c>'</c>, <c>"</c>, <c>|</c> or <c>&gt;</c>; of others, and of plain ones, nothing.</summary>
    public char Quote { get; init; }

    /// <summary>The name of its anchor, or that an alias names.</summary>
    public string? Anchor { get; init; }

    /// <summary>Of a scalar: its text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of a mapping: the entries in the order of the text.</summary>
    public List<(SyntaxNode Key, SyntaxNode Value)> Entries { get; } = [];

    /// <summary>Of a sequence: the items.</summary>
    public List<SyntaxNode> Items { get; } = [];

    /// <summary>Whether nothing at all is written, as after the colon of <c>key:</c>.</summary>
    public bool IsMissing => Kind == SyntaxKind.Scalar && Quote == '\0' && Start == End;

    /// <summary>Whether it has neither entries nor items.</summary>
    public bool IsEmpty => Entries.Count + Items.Count == 0;

    /// <summary>The value of a key; of equal keys the last counts.</summary>
    public SyntaxNode? Find(string key)
    {
        for (var index = Entries.Count - 1; index >= 0; index--)
        {
            if (Entries[index].Key.Text == key) return Entries[index].Value;
        }

        return null;
    }
}

/// <summary>A document of a text.</summary>
/// <param name="Root">Its one node.</param>
/// <param name="Bound">Where its end is marked, or the next document begins, or the text ends.</param>
/// <param name="Aliases">The aliases in it.</param>
internal sealed record SyntaxDocument(SyntaxNode Root, int Bound, IReadOnlyList<SyntaxNode> Aliases);
