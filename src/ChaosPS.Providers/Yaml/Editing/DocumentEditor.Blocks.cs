using System.Text.Json.Nodes;

namespace ChaosPS.Providers.Yaml.Editing;

/// <content>Collections in lines.</content>
internal sealed partial class DocumentEditor
{
    private void AddEntry(Held held, string key, JsonNode? value, IReadOnlyList<string> inFrontOf)
    {
        var mapping = held.Node;
        if (mapping.Kind != SyntaxKind.Mapping || mapping.IsEmpty) throw Impossible(mapping.Start, $"'{key}' needs a mapping with entries here");
        var next = mapping.Entries.FindIndex(entry => inFrontOf.Contains(entry.Key.Text));
        var before = Kept(mapping.Entries.Count, number => mapping.Entries[number].Value, next < 0 ? mapping.Entries.Count : next);
        if (mapping.IsFlow)
        {
            AddFlow(mapping, Starts(mapping), before, style => NodeWriter.FlowEntry(key, value, style), style => NodeWriter.PrettyEntry(key, value, style));
            return;
        }

        var first = mapping.Entries[0].Key.Outset;
        int after;
        if (before >= 0) after = EndOf(mapping.Entries[before]);
        else if (held.After >= 0 && _layout.Line(held.After) < _layout.Line(first)) after = held.After;
        else if (Kept(mapping.Entries.Count, number => mapping.Entries[number].Value, mapping.Entries.Count) is var last and >= 0) after = EndOf(mapping.Entries[last]);
        else throw Impossible(first, $"there is no place for '{key}' that moves nothing else");
        Put(_layout.LineEnd(after), 0, Below(after, _layout.Column(first), NodeWriter.Entry(key, value, _layout)));
    }

    private void InsertItem(Held held, int index, JsonNode? value)
    {
        var sequence = held.Node;
        if (sequence.Kind != SyntaxKind.Sequence || sequence.IsEmpty) throw Impossible(sequence.Start, "an item needs a list with items here");
        var before = Kept(sequence.Items.Count, number => sequence.Items[number], index);
        if (sequence.IsFlow)
        {
            AddFlow(sequence, [.. sequence.Items.Select(static item => item.Outset)], before, style => NodeWriter.Flow(value, style), style => NodeWriter.Pretty(value, style));
            return;
        }

        var dash = _layout.DashOf(sequence.Items[0]) ?? throw Impossible(sequence.Items[0].Start, "the items of this list do not stand behind their dashes");
        var after = before >= 0 ? EndOf(sequence.Items[before])
            : held.After >= 0 && _layout.Line(held.After) < _layout.Line(dash) ? held.After
            : throw Impossible(dash, "there is no place for a first item that moves nothing else");
        Put(_layout.LineEnd(after), 0, Below(after, _layout.Column(dash), NodeWriter.Item(value, _layout)));
    }

    /// <summary>The last one before a number that is not taken away; -1 where there is none.</summary>
    private int Kept(int count, Func<int, SyntaxNode> at, int before)
    {
        var number = Math.Min(before, count) - 1;
        while (number >= 0 && _removed.Contains(at(number))) number--;
        return number;
    }

    private int EndOf((SyntaxNode Key, SyntaxNode Value) entry) => Math.Max(Colon(entry.Key) + 1, EndOf(entry.Value));

    /// <summary>Where the last thing in a node ends: a key without a value ends behind its colon.</summary>
    private int EndOf(SyntaxNode node) => node switch
    {
        { IsFlow: false, Entries: [.., var last] } => EndOf(last),
        { IsFlow: false, Items: [.., var last] } => EndOf(last),
        _ => node.End,
    };

    private void Remove(SyntaxNode collection, SyntaxNode child)
    {
        if (collection.IsFlow)
        {
            RemoveFlow(collection, child);
            return;
        }

        if (collection.Kind == SyntaxKind.Sequence)
        {
            var dash = _layout.DashOf(child) is { } at && _layout.BeginsLine(at) ? at : throw Impossible(child.Start, "this item does not begin its line");
            RemoveLines(dash, EndOf(child));
            return;
        }

        var number = collection.Entries.FindIndex(entry => entry.Value == child);
        var key = collection.Entries[number].Key.Outset;
        if (_layout.BeginsLine(key))
        {
            RemoveLines(key, EndOf(collection.Entries[number]));
            return;
        }

        // It stands behind a dash, where the next entry moves to.
        var end = EndOf(collection.Entries[number]);
        if (number + 1 == collection.Entries.Count || _removed.Contains(collection.Entries[number + 1].Value) || _text[end..collection.Entries[number + 1].Key.Outset].Trim().Length > 0)
            throw Impossible(key, "this cannot be taken away without moving a comment");
        Put(key, collection.Entries[number + 1].Key.Outset - key, "");
    }

    private void RemoveChildren(SyntaxNode collection)
    {
        if (collection.Kind == SyntaxKind.Mapping)
        {
            foreach (var entry in collection.Entries)
            {
                if (!_layout.BeginsLine(entry.Key.Outset)) throw Impossible(entry.Key.Outset, "this cannot be taken away without moving what stands before it");
                RemoveLines(entry.Key.Outset, EndOf(entry));
            }

            return;
        }

        foreach (var item in collection.Items) Remove(collection, item);
    }

    private void RemoveLines(int start, int end)
    {
        var (from, to) = (_layout.LineStart(start), _layout.NextLine(end));

        // Where the text ends without a line break, it still does so.
        if (to == _text.Length && to > 0 && _text[to - 1] is not ('\n' or '\r') && from > 0)
        {
            from--;
            if (from > 0 && _text[from] == '\n' && _text[from - 1] == '\r') from--;
        }

        Put(from, to - from, "");
    }

    private void AddDocument(SyntaxDocument document, JsonNode value)
    {
        if (_json) throw Impossible(0, "a JSON file holds one object, and another one is needed");
        var lines = string.Join(_layout.LineBreak(0), ["---", .. NodeWriter.Lines(value, _layout)]);
        var at = document.Bound;
        if (at < _text.Length) Put(at, 0, lines + _layout.LineBreak(0));
        else if (_text.Length == 0 || _text[^1] is '\n' or '\r') Put(at, 0, lines + _layout.LineBreak(0));
        else Put(at, 0, _layout.LineBreak(0) + lines);
    }
}
