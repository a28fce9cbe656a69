using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Yaml.Editing;

/// <content>Collections in brackets.</content>
internal sealed partial class DocumentEditor
{
    private static List<int> Starts(SyntaxNode mapping) => [.. mapping.Entries.Select(static entry => entry.Key.Outset)];

    private static int EndOfChild(SyntaxNode collection, int number) =>
        collection.Kind == SyntaxKind.Mapping ? Math.Max(collection.Entries[number].Key.End, collection.Entries[number].Value.End) : collection.Items[number].End;

    /// <summary>Puts an entry or item behind another one, on a line of its own where they have that.</summary>
    private void AddFlow(SyntaxNode collection, List<int> starts, int before, Func<FlowStyle, string> flow, Func<FlowStyle, IReadOnlyList<string>> pretty)
    {
        var style = StyleOf(collection);
        var model = starts[Math.Max(0, before)];
        var ownLine = _layout.BeginsLine(model) && _layout.Line(collection.Start) < _layout.Line(model);
        var comma = style.Comma;
        if (!ownLine)
        {
            if (before < 0) Put(starts[0], 0, flow(style) + comma);
            else Put(EndOfChild(collection, before), 0, comma + flow(style));
            return;
        }

        var indent = _layout.Prefix(model);
        var lineBreak = _layout.LineBreak(model);
        var written = style.IsJson ? string.Join(lineBreak + indent, pretty(style)) : flow(style);
        if (before < 0)
        {
            Put(starts[0], 0, written + "," + lineBreak + indent);
            return;
        }

        var end = EndOfChild(collection, before);
        var commaAt = CommaAfter(end, before + 1 < starts.Count ? starts[before + 1] : collection.End - 1);
        var lineEnd = _layout.LineEnd(commaAt ?? end);
        var alone = lineEnd <= collection.End - 1 && (before + 1 == starts.Count || lineEnd < starts[before + 1]);
        if (commaAt is { } at)
        {
            if (alone) Put(lineEnd, 0, lineBreak + indent + written + ",");
            else Put(at + 1, 0, lineBreak + indent + written + ",");
        }
        else if (alone)
        {
            Put(end, 0, ",");
            Put(lineEnd, 0, lineBreak + indent + written);
        }
        else
        {
            Put(end, 0, "," + lineBreak + indent + written);
        }
    }

    /// <summary>The comma in a part of a text between two items; null where there is none.</summary>
    private int? CommaAfter(int start, int end)
    {
        for (var index = start; index < end; index++)
        {
            if (_text[index] == ',') return index;
            if (_text[index] == '#' && !_json) index = _layout.LineEnd(index);
        }

        return null;
    }

    private void RemoveFlow(SyntaxNode collection, SyntaxNode child)
    {
        var starts = collection.Kind == SyntaxKind.Mapping ? Starts(collection) : [.. collection.Items.Select(static item => item.Outset)];
        SyntaxNode At(int number) => collection.Kind == SyntaxKind.Mapping ? collection.Entries[number].Value : collection.Items[number];
        var number = Enumerable.Range(0, starts.Count).First(each => At(each) == child);
        var (start, end) = Kept(starts.Count, At, number) >= 0
            ? (EndOfChild(collection, number - 1), EndOfChild(collection, number))
            : (starts[number], number + 1 < starts.Count ? starts[number + 1] : EndOfChild(collection, number));
        if (!_json && _text[start..end].Contains(" #", StringComparison.Ordinal)) throw Impossible(start, "this cannot be taken away without moving a comment");
        Put(start, end - start, "");
    }

    /// <summary>A value in brackets, in one line or as lines of JSON.</summary>
    private string FlowValue(SyntaxNode collection, JsonNode? value, string indent)
    {
        var style = StyleOf(collection);
        return style.IsJson && !NodeWriter.IsSimple(value) && _layout.Line(_documents[0].Root.Start) < _layout.Line(_documents[0].Root.End)
            ? string.Join(_layout.LineBreak(0) + indent, NodeWriter.Pretty(value, style))
            : NodeWriter.Flow(value, style);
    }

    private FlowStyle StyleOf(SyntaxNode collection)
    {
        var json = _json || (collection.Entries.Count > 0 && collection.Entries.TrueForAll(static entry => entry.Key.Quote == '"'));
        var padding = collection.IsFlow && collection.Kind == SyntaxKind.Mapping && _text[collection.Start + 1] == ' ' ? " " : "";
        var root = _documents[0].Root;
        var compact = json && Starts(root) is [_, var second, ..] && _text[second - 1] == ',';
        var colon = json && root.Entries is [var (key, value), ..] && value.Outset == Colon(key) + 1 ? ":" : ": ";
        var indent = _json && Starts(root) is [var first, ..] && _layout.BeginsLine(first) ? _layout.Prefix(first) : "  ";
        return new FlowStyle(json, padding, compact ? "," : ", ", colon, indent.Length == 0 ? "  " : indent);
    }
}
