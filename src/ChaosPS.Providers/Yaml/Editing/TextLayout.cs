namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>How a text is laid out, so that what is put in looks like what is there.</summary>
internal sealed class TextLayout
{
    private readonly string _text;

    public TextLayout(string text, IEnumerable<SyntaxDocument> documents)
    {
        _text = text;
        List<int> steps = [], dashes = [], contents = [];
        foreach (var document in documents) Visit(document.Root);
        Step = Usual(steps, 2);
        DashOffset = Usual(dashes, 0);
        ContentOffset = Usual(contents, 2);

        void Visit(SyntaxNode node)
        {
            foreach (var (key, value) in node.Entries)
            {
                Visit(value);
                if (node.IsFlow || value.IsFlow || value.IsEmpty) continue;
                if (value.Kind == SyntaxKind.Mapping) steps.Add(Column(value.Entries[0].Key.Outset) - Column(key.Outset));
                else if (DashOf(value.Items[0]) is { } dash) dashes.Add(Column(dash) - Column(key.Outset));
            }

            foreach (var item in node.Items)
            {
                Visit(item);
                if (!node.IsFlow && !item.IsFlow && item.Kind == SyntaxKind.Mapping && !item.IsEmpty && DashOf(item) is { } dash) contents.Add(Column(item.Entries[0].Key.Outset) - Column(dash));
            }
        }
    }

    /// <summary>Columns from a key to the keys below it.</summary>
    public int Step { get; }

    /// <summary>Columns from a key to the dashes below it: none, as kubectl writes lists, or some.</summary>
    public int DashOffset { get; }

    /// <summary>Columns from a dash to what stands behind it.</summary>
    public int ContentOffset { get; }

    /// <summary>The column of a place, from 0.</summary>
    public int Column(int index) => index - LineStart(index);

    /// <summary>Where the line of a place begins.</summary>
    public int LineStart(int index)
    {
        while (index > 0 && !IsBreak(_text[index - 1])) index--;
        return index;
    }

    /// <summary>Where the line of a place ends, before its line break.</summary>
    public int LineEnd(int index)
    {
        while (index < _text.Length && !IsBreak(_text[index])) index++;
        return index;
    }

    /// <summary>Where the line after that of a place begins; the end of the text after the last.</summary>
    public int NextLine(int index)
    {
        index = LineEnd(index);
        if (index < _text.Length && _text[index] == '\r') index++;
        if (index < _text.Length && _text[index] == '\n') index++;
        return index;
    }

    /// <summary>The number of a place's line, from 1.</summary>
    public int Line(int index) => _text.AsSpan(0, index).Count('\n') + 1;

    /// <summary>What the lines around a place end with.</summary>
    public string LineBreak(int index)
    {
        var end = LineEnd(index);
        if (end == _text.Length) end = _text.IndexOf('\n', StringComparison.Ordinal) is var first and >= 0 ? first > 0 && _text[first - 1] == '\r' ? first - 1 : first : end;
        return end == _text.Length || _text[end] == '\n' ? "\n" : end + 1 < _text.Length && _text[end + 1] == '\n' ? "\r\n" : "\r";
    }

    /// <summary>Whether nothing but spaces stands before a place in its line.</summary>
    public bool BeginsLine(int index) => Prefix(index).Trim(' ', '\t').Length == 0;

    /// <summary>What stands before a place in its line.</summary>
    public string Prefix(int index) => _text[LineStart(index)..index];

    /// <summary>The place of the dash before an item; null where it is not on the item's line.</summary>
    public int? DashOf(SyntaxNode item)
    {
        var index = item.Outset - 1;
        while (index >= 0 && _text[index] is ' ' or '\t') index--;
        return index >= 0 && _text[index] == '-' ? index : null;
    }

    private static bool IsBreak(char character) => character is '\r' or '\n';

    private static int Usual(List<int> seen, int otherwise) =>
        seen.Where(static number => number is >= 0 and <= 8).GroupBy(static number => number).OrderByDescending(static group => group.Count()).Select(static group => (int?)group.Key).FirstOrDefault() ?? otherwise;
}
