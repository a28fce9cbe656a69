using ChaosPS.Errors;
using ChaosPS.Ports;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ChaosPS.Providers.Yaml;

/// <summary>Builds the nodes of one document from the parser's events.</summary>
internal sealed class YamlComposer
{
    /// <summary>How many nodes a document may have once its aliases are written out.</summary>
    private const long MostNodes = 1_000_000;

    private const string StandardTag = "tag:yaml.org,2002:";

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly string _source;
    private readonly Dictionary<AnchorName, Anchored> _anchors = [];
    private long _nodes;
    private int _depth;

    public YamlComposer(string text, string source)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        _source = source;
    }

    /// <summary>The line, from 1, that reading has come to.</summary>
    public int Line => (int)_scanner.CurrentPosition.Line;

    /// <summary>The column, from 1, that reading has come to.</summary>
    public int Column => (int)_scanner.CurrentPosition.Column;

    public DocumentNode Compose()
    {
        Take<StreamStart>();
        if (Next() is StreamEnd) return new DocumentScalar(null, 1, 1);
        var root = ReadDocument();
        if (Next() is not StreamEnd) throw Error(_parser.Current!, "a second document begins here, and only one is read");
        return root;
    }

    public IReadOnlyList<DocumentNode> ComposeAll()
    {
        Take<StreamStart>();
        var documents = new List<DocumentNode>();
        while (Next() is not StreamEnd)
        {
            documents.Add(ReadDocument());
            _anchors.Clear(); // an alias does not reach into another document
        }

        return documents;
    }

    private DocumentNode ReadDocument()
    {
        var start = Next();
        Take<DocumentStart>();
        var isEmpty = Next() is Scalar { Style: ScalarStyle.Plain, Value: "" }; // the parser puts it behind the end of the text
        var root = ReadNode();
        Take<DocumentEnd>();
        return isEmpty && root is DocumentScalar scalar ? scalar with { Line = LineOf(start), Column = ColumnOf(start) } : root;
    }

    private DocumentNode ReadNode()
    {
        var current = Next();
        if (current is AnchorAlias alias) return ReadAlias(alias);

        if (current is not NodeEvent node) throw Error(current, "a value is missing here"); // the parser lets "? : " through
        var anchored = new Anchored();
        if (!node.Anchor.IsEmpty && !_anchors.TryAdd(node.Anchor, anchored)) throw Error(node, $"there are two anchors '&{node.Anchor}'");
        var before = _nodes;
        Count(node, 1);
        if (++_depth > YamlDocumentReader.DeepestNesting)
        {
            throw Error(node, $"this is nested deeper than {YamlDocumentReader.DeepestNesting} levels");
        }

        anchored.Node = node switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart start => ReadSequence(start),
            _ => ReadMapping((MappingStart)node),
        };
        _depth--;
        anchored.Nodes = _nodes - before;
        return anchored.Node;
    }

    private DocumentNode ReadAlias(AnchorAlias alias)
    {
        _parser.MoveNext();
        if (!_anchors.TryGetValue(alias.Value, out var anchored)) throw Error(alias, $"no anchor '&{alias.Value}' stands before this alias");
        if (anchored.Node is null) throw Error(alias, $"'*{alias.Value}' stands for something that it is part of");
        Count(alias, anchored.Nodes);
        return anchored.Node;
    }

    private DocumentScalar ReadScalar(Scalar scalar)
    {
        _parser.MoveNext();
        var plain = scalar.Style == ScalarStyle.Plain;
        var kind = scalar.Tag switch
        {
            { IsEmpty: true } => plain ? YamlScalar.Resolve(scalar.Value) : "str",
            { IsNonSpecific: true } => YamlScalar.Resolve(scalar.Value),
            _ => StandardKind(scalar),
        };
        if (!YamlScalar.TryRead(kind, scalar.Value, out var value)) throw Error(scalar, $"'{scalar.Value}' is not a valid {kind}");
        return new DocumentScalar(value, LineOf(scalar), ColumnOf(scalar));
    }

    private DocumentSequence ReadSequence(SequenceStart start)
    {
        CheckTag(start, "seq");
        _parser.MoveNext();
        var items = new List<DocumentNode>();
        while (Next() is not SequenceEnd) items.Add(ReadNode());
        _parser.MoveNext();
        return new DocumentSequence(items, LineOf(start), ColumnOf(start));
    }

    private DocumentMapping ReadMapping(MappingStart start)
    {
        CheckTag(start, "map");
        _parser.MoveNext();
        var merged = new List<DocumentEntry>();
        var own = new List<DocumentEntry>();
        while (Next() is not MappingEnd)
        {
            var keyEvent = _parser.Current!;
            var merge = keyEvent is Scalar { Value: "<<", Style: ScalarStyle.Plain, Tag.IsEmpty: true };
            if (ReadNode() is not DocumentScalar key) throw Error(keyEvent, "a key must be a scalar");
            var valueEvent = Next();
            var value = ReadNode();
            if (merge) merged.AddRange(Merged(value, valueEvent));
            else own.Add(new DocumentEntry(key, value));
        }

        _parser.MoveNext();
        return new DocumentMapping(DocumentKeys.LastOfEqual([.. merged, .. own]), LineOf(start), ColumnOf(start));
    }

    /// <summary>The entries that <c>&lt;&lt;</c> brings in; of several mappings the first one counts, so it comes last here.</summary>
    private IEnumerable<DocumentEntry> Merged(DocumentNode value, ParsingEvent at)
    {
        switch (value)
        {
            case DocumentMapping mapping:
                Count(at, mapping.Entries.Count);
                return mapping.Entries;
            case DocumentSequence sequence when sequence.Items.All(static item => item is DocumentMapping):
                var mappings = sequence.Items.Cast<DocumentMapping>().Reverse();
                Count(at, mappings.Sum(static mapping => (long)mapping.Entries.Count));
                return mappings.SelectMany(static mapping => mapping.Entries);
            default:
                throw Error(at, "'<<' merges a mapping or a sequence of mappings");
        }
    }

    private string StandardKind(NodeEvent node)
    {
        var tag = node.Tag.Value;
        if (!tag.StartsWith(StandardTag, StringComparison.Ordinal)) throw Error(node, $"the tag '{tag}' is unknown");
        return tag[StandardTag.Length..];
    }

    private void CheckTag(NodeEvent node, string expected)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && StandardKind(node) is var kind && kind != expected)
        {
            throw Error(node, $"the tag '!!{kind}' is not supported here");
        }
    }

    private void Count(ParsingEvent at, long nodes)
    {
        _nodes += nodes;
        if (_nodes > MostNodes) throw Error(at, $"the document has more than {MostNodes} nodes once its aliases are written out");
    }

    /// <summary>The event that comes next, without consuming it.</summary>
    private ParsingEvent Next()
    {
        if (_parser.Current is null) _parser.MoveNext();
        return _parser.Current ?? throw new InvalidOperationException("the text ends too early");
    }

    private void Take<T>()
        where T : ParsingEvent
    {
        if (Next() is not T) throw Error(_parser.Current!, "this is not expected here");
        _parser.MoveNext();
    }

    private static int LineOf(ParsingEvent node) => (int)node.Start.Line;

    private static int ColumnOf(ParsingEvent node) => (int)node.Start.Column;

    private ChaosException Error(ParsingEvent at, string reason) => ChaosErrors.DocumentInvalid(_source, LineOf(at), ColumnOf(at), reason);

    /// <summary>What an anchor names; its node is null while it is being read.</summary>
    private sealed class Anchored
    {
        public DocumentNode? Node { get; set; }

        public long Nodes { get; set; }
    }
}
