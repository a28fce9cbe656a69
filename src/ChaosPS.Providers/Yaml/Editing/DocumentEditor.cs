using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>Turns changes of fields into replacements in the text.</summary>
internal sealed partial class DocumentEditor
{
    private readonly string _text;
    private readonly string _source;
    private readonly bool _json;
    private readonly IReadOnlyList<SyntaxDocument> _documents;
    private readonly TextLayout _layout;
    private readonly HashSet<SyntaxNode> _removed = [];
    private readonly List<(TextSplice Splice, int Depth)> _splices = [];
    private int _depth;

    private DocumentEditor(string text, string source)
    {
        _text = text;
        _source = source;
        _json = source.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        _documents = _json ? JsonSyntax.Parse(text) : YamlSyntax.Parse(text);
        _layout = new TextLayout(text, _documents);
    }

    /// <summary>Where a node is held: in which collection, and where that says so.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="In">The collection; null for the root.</param>
    /// <param name="After">The place behind the colon or dash before it; -1 for the root, and for items in brackets.</param>
    /// <param name="Column">The column of its key or dash.</param>
    private sealed record Held(SyntaxNode Node, SyntaxNode? In, int After, int Column);

    /// <inheritdoc cref="IDocumentEditor.Edit"/>
    public static IReadOnlyList<TextSplice> Edit(string text, string source, IReadOnlyList<FieldEdit> edits)
    {
        var editor = new DocumentEditor(text, source);
        foreach (var edit in edits.Where(static edit => edit.Kind == FieldEditKind.Remove)) editor._removed.Add(editor.Target(edit));
        foreach (var edit in edits)
        {
            editor._depth = edit.Path.Count;
            editor.Do(edit);
        }

        // Of what is put in at one place, the innermost comes first, and all of it before what is taken away there.
        return [.. editor._splices.Select(editor.OutOfWhatGoes).OrderBy(static it => it.Splice.Start).ThenBy(static it => it.Splice.Length > 0).ThenByDescending(static it => it.Depth).Select(static it => it.Splice)];
    }

    /// <summary>What is put in behind lines that are taken away comes behind the lines before those.</summary>
    private (TextSplice Splice, int Depth) OutOfWhatGoes((TextSplice Splice, int Depth) each)
    {
        var (splice, depth) = each;
        while (splice.Length == 0 && _splices.Find(other => other.Splice.Start < splice.Start && splice.Start < other.Splice.Start + other.Splice.Length).Splice is { } gone)
        {
            var start = gone.Start;
            if (start > 0 && _text[start - 1] == '\n') start--;
            if (start > 0 && _text[start - 1] == '\r') start--;
            splice = splice with { Start = start };
        }

        return (splice, depth);
    }

    private void Do(FieldEdit edit)
    {
        if (edit.Kind == FieldEditKind.AddDocument)
        {
            AddDocument(_documents[edit.Document], edit.Value!);
            return;
        }

        var held = Walk(edit);
        var (node, last) = (held.Node, edit.Path[^1]);
        switch (edit.Kind)
        {
            case FieldEditKind.Set when last is string key && node.Find(key) is null:
                CheckUnshared(edit.Document, node);
                AddEntry(held, key, edit.Value, edit.InFrontOf);
                break;
            case FieldEditKind.Set:
                var target = Child(node, last);
                CheckUnshared(edit.Document, node);
                CheckReplaceable(edit.Document, target.Node);
                Replace(target, edit.Value);
                break;
            case FieldEditKind.Remove:
                CheckUnshared(edit.Document, node);
                CheckReplaceable(edit.Document, Child(node, last).Node);
                Remove(node, Child(node, last).Node);
                break;
            default:
                CheckUnshared(edit.Document, node);
                InsertItem(held, (int)last, edit.Value);
                break;
        }
    }

    /// <summary>What an edit takes away.</summary>
    private SyntaxNode Target(FieldEdit edit) => Child(Walk(edit).Node, edit.Path[^1]).Node;

    /// <summary>The collection that an edit is about.</summary>
    private Held Walk(FieldEdit edit)
    {
        var root = _documents[edit.Document].Root;
        var held = new Held(root, null, -1, 0);
        foreach (var step in edit.Path.Take(edit.Path.Count - 1))
        {
            CheckUnshared(edit.Document, held.Node);
            held = Child(held.Node, step);
        }

        if (held.Node.Kind == SyntaxKind.Alias) CheckUnshared(edit.Document, held.Node);
        return held;
    }

    private Held Child(SyntaxNode node, object step)
    {
        if (node.Kind == SyntaxKind.Alias) throw Impossible(node.Start, $"what is to be changed stands behind '*{node.Anchor}', and would change wherever that is used");
        if (step is int index)
        {
            var item = node.Items[index];
            var dash = node.IsFlow ? null : _layout.DashOf(item);
            return new Held(item, node, dash + 1 ?? -1, dash is { } at ? _layout.Column(at) : 0);
        }

        for (var number = node.Entries.Count - 1; number >= 0; number--)
        {
            var (key, value) = node.Entries[number];
            if (key.Text == (string)step) return new Held(value, node, Colon(key) + 1, _layout.Column(key.Outset));
        }

        throw node.Find("<<") is { } merged
            ? Impossible(merged.Start, $"'{step}' comes from what '<<' merges here, and would change wherever that is used")
            : new InvalidOperationException($"There is no '{step}' in {_source}.");
    }

    private int Colon(SyntaxNode key)
    {
        var index = key.End;
        while (_text[index] != ':') index++;
        return index;
    }

    /// <summary>Refuses to change what an alias repeats elsewhere.</summary>
    private void CheckUnshared(int document, SyntaxNode node)
    {
        if (node.Kind == SyntaxKind.Alias) throw Impossible(node.Start, $"what is to be changed stands behind '*{node.Anchor}', and would change wherever that is used");
        if (node.Anchor is { } anchor && AliasOf(document, node) is { } alias)
            throw Impossible(node.Outset, $"what is to be changed has the anchor '&{anchor}', which line {_layout.Line(alias.Start)} repeats: it would change there too");
    }

    /// <summary>Refuses to take away what an alias names.</summary>
    private void CheckReplaceable(int document, SyntaxNode node)
    {
        if (node.Kind == SyntaxKind.Alias) return; // the alias itself goes, and what it names stays
        CheckUnshared(document, node);
        foreach (var (_, value) in node.Entries) CheckReplaceable(document, value);
        foreach (var item in node.Items) CheckReplaceable(document, item);
    }

    private SyntaxNode? AliasOf(int document, SyntaxNode node) =>
        _documents[document].Aliases.FirstOrDefault(alias => alias.Anchor == node.Anchor && alias.Start > node.Start);

    private void Replace(Held held, JsonNode? value)
    {
        var (node, inside) = (held.Node, held.In);
        var flow = _json || (inside?.IsFlow ?? false) || (node.IsFlow && node.Kind is SyntaxKind.Mapping or SyntaxKind.Sequence && !node.IsEmpty && !NodeWriter.IsSimple(value));
        if (flow)
        {
            Put(node.Start, node.End - node.Start, FlowValue(inside ?? node, value, _layout.Prefix(_layout.LineStart(node.Start) + Indentation(node.Start))));
            return;
        }

        if (held.After < 0) throw Impossible(node.Start, "a value cannot be put here without moving others");
        var isBlock = !node.IsFlow && node.Kind is SyntaxKind.Mapping or SyntaxKind.Sequence;
        var behind = node.Outset < node.Start ? node.Start : held.After; // an anchor stays
        if (NodeWriter.IsSimple(value))
        {
            var written = NodeWriter.Simple(value, node.Quote is '\'' or '"' ? node.Quote : '\0');
            if (isBlock)
            {
                RemoveChildren(node);
                Put(behind, 0, " " + written);
            }
            else if (node.IsMissing)
            {
                Put(behind, 0, " " + written);
            }
            else
            {
                Put(node.Start, node.End - node.Start, written);
            }

            return;
        }

        var column = inside!.Kind == SyntaxKind.Sequence
            ? held.Column + _layout.ContentOffset
            : held.Column + (value is JsonArray ? _layout.DashOffset : _layout.Step);
        var lines = NodeWriter.Lines(value, _layout);
        if (isBlock) RemoveChildren(node);
        else if (!node.IsMissing) Put(Behind(behind, node), node.End - Behind(behind, node), "");
        if (inside.Kind == SyntaxKind.Sequence) Put(behind, 0, $" {lines[0]}{Below(behind, column, lines.Skip(1))}");
        else Put(_layout.LineEnd(isBlock ? behind : Math.Max(behind, node.End)), 0, Below(behind, column, lines));
    }

    /// <summary>Where the space begins that goes with a value.</summary>
    private static int Behind(int behind, SyntaxNode node) => node.Outset < node.Start ? node.Start : behind;

    private int Indentation(int index)
    {
        var start = _layout.LineStart(index);
        var end = start;
        while (end < _text.Length && _text[end] is ' ' or '\t') end++;
        return end - start;
    }

    /// <summary>Lines below the one that a place is in.</summary>
    private string Below(int index, int column, IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => $"{_layout.LineBreak(index)}{new string(' ', column)}{line}"));

    private void Put(int start, int length, string text) => _splices.Add((new TextSplice(start, length, text), _depth));

    private ChaosException Impossible(int index, string why) => ChaosErrors.ManifestEditImpossible(_source, _layout.Line(index), _layout.Column(index) + 1, why);
}
