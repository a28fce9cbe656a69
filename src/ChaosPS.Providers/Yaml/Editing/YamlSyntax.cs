using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>Finds the extents of all nodes of a YAML text.</summary>
internal sealed class YamlSyntax
{
    private readonly string _text;
    private readonly Parser _parser;
    private readonly List<SyntaxNode> _aliases = [];

    private YamlSyntax(string text)
    {
        _text = text;
        _parser = new Parser(new Scanner(new StringReader(text)));
    }

    /// <summary>The documents of a text that the document reader takes.</summary>
    public static IReadOnlyList<SyntaxDocument> Parse(string text) => new YamlSyntax(text).ReadAll();

    private List<SyntaxDocument> ReadAll()
    {
        var documents = new List<SyntaxDocument>();
        _parser.MoveNext(); // the start of the stream
        _parser.MoveNext();
        while (_parser.Current is DocumentStart)
        {
            _parser.MoveNext();
            _aliases.Clear();
            var root = Read();
            var end = (DocumentEnd)_parser.Current!;
            _parser.MoveNext();
            var bound = !end.IsImplicit ? (int)end.Start.Index : _parser.Current is DocumentStart next ? (int)next.Start.Index : _text.Length;
            documents.Add(new SyntaxDocument(root, bound, [.. _aliases]));
        }

        return documents;
    }

    private SyntaxNode Read()
    {
        var current = _parser.Current!;
        _parser.MoveNext();
        var outset = (int)current.Start.Index;
        switch (current)
        {
            case AnchorAlias alias:
                var found = new SyntaxNode { Kind = SyntaxKind.Alias, Outset = outset, Start = outset, End = (int)alias.End.Index, Anchor = alias.Value.Value, IsFlow = true };
                _aliases.Add(found);
                return found;
            case Scalar scalar:
                return ReadScalar(scalar, outset);
            case SequenceStart start:
                return ReadSequence(start, outset);
            default:
                return ReadMapping((MappingStart)current, outset);
        }
    }

    private SyntaxNode ReadScalar(Scalar scalar, int outset)
    {
        var block = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var start = HasProperties(scalar) ? AfterProperties(outset) : outset;
        var end = Math.Max(start, (int)scalar.End.Index);
        if (block)
        {
            // Its end is where the next token stands. What blank lines say at the end is kept with "+" only.
            var header = _text.AsSpan(start, Math.Max(0, _text.AsSpan(start).IndexOfAny('\r', '\n')));
            var own = _text.AsSpan(start, end - start);
            var kept = own.TrimEnd(" \t\r\n").Length;
            end = header.Contains('+') ? start + own.Length - LineBreakAt(own) : start + Math.Max(kept, header.Length);
        }

        return new SyntaxNode
        {
            Kind = SyntaxKind.Scalar,
            Outset = outset,
            Start = start,
            End = end,
            Anchor = Name(scalar),
            Text = scalar.Value,
            IsFlow = !block,
            Quote = scalar.Style switch { ScalarStyle.SingleQuoted => '\'', ScalarStyle.DoubleQuoted => '"', ScalarStyle.Literal => '|', ScalarStyle.Folded => '>', _ => '\0' },
        };
    }

    /// <summary>How long the line break is that a text ends with.</summary>
    private static int LineBreakAt(ReadOnlySpan<char> text) => text.EndsWith("\r\n") ? 2 : text.EndsWith("\n") || text.EndsWith("\r") ? 1 : 0;

    private SyntaxNode ReadSequence(SequenceStart start, int outset)
    {
        var flow = start.Style == SequenceStyle.Flow;
        var node = new SyntaxNode { Kind = SyntaxKind.Sequence, Outset = outset, Start = HasProperties(start) ? AfterProperties(outset) : outset, IsFlow = flow, Anchor = Name(start) };
        while (_parser.Current is not SequenceEnd) node.Items.Add(Read());
        node.End = flow ? (int)_parser.Current.Start.Index + 1 : node.Items.Count == 0 ? node.Start : node.Items[^1].End;
        _parser.MoveNext();
        return node;
    }

    private SyntaxNode ReadMapping(MappingStart start, int outset)
    {
        var flow = start.Style == MappingStyle.Flow;
        var node = new SyntaxNode { Kind = SyntaxKind.Mapping, Outset = outset, Start = HasProperties(start) ? AfterProperties(outset) : outset, IsFlow = flow, Anchor = Name(start) };
        while (_parser.Current is not MappingEnd)
        {
            var key = Read();
            node.Entries.Add((key, Read()));
        }

        node.End = flow ? (int)_parser.Current.Start.Index + 1 : node.Entries.Count == 0 ? node.Start : Math.Max(node.Entries[^1].Key.End, node.Entries[^1].Value.End);
        _parser.MoveNext();
        return node;
    }

    private static bool HasProperties(NodeEvent node) => !node.Anchor.IsEmpty || !node.Tag.IsEmpty;

    private static string? Name(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

    /// <summary>Where a node begins behind its anchor and tag, on their line or, of block collections, on a later one.</summary>
    private int AfterProperties(int index)
    {
        while (index < _text.Length && _text[index] is '&' or '!')
        {
            while (index < _text.Length && !char.IsWhiteSpace(_text[index]) && _text[index] is not (',' or '[' or ']' or '{' or '}')) index++;
            var end = index;
            while (index < _text.Length && _text[index] is ' ' or '\t') index++;
            if (index == _text.Length || _text[index] is '\r' or '\n' or '#') return end;
        }

        return index;
    }
}
