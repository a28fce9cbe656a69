using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Turns document nodes into plain values.</summary>
internal static class DocumentValues
{
    /// <summary>The value of a node; keys of mappings become text as JSON writers make them.</summary>
    public static object? ToValue(DocumentNode node) => node switch
    {
        DocumentScalar scalar => scalar.Value,
        DocumentSequence sequence => sequence.Items.Select(ToValue).ToArray(),
        DocumentMapping mapping => ToMap(mapping),
        _ => null,
    };

    /// <summary>The value of a mapping.</summary>
    public static OrderedDictionary<string, object?> ToMap(DocumentMapping mapping) =>
        PythonValue.Map(mapping.Entries.Select(static entry => KeyValuePair.Create(Key(entry), ToValue(entry.Value))));

    /// <summary>The texts in a node, but for keys.</summary>
    public static IEnumerable<DocumentScalar> Texts(DocumentNode node) => node switch
    {
        DocumentScalar { Value: string } scalar => [scalar],
        DocumentSequence sequence => sequence.Items.SelectMany(Texts),
        DocumentMapping mapping => mapping.Entries.SelectMany(static entry => Texts(entry.Value)),
        _ => [],
    };

    /// <summary>An entry's key as text.</summary>
    public static string Key(DocumentEntry entry) => entry.Key.Value switch
    {
        string text => text,
        null => "null",
        bool flag => flag ? "true" : "false",
        var other => PythonValue.Text(other),
    };

    /// <summary>A plain value as a node, which stands where <paramref name="at"/> does.</summary>
    public static DocumentNode ToNode(object? value, DocumentNode at) => value switch
    {
        IReadOnlyDictionary<string, object?> map => new DocumentMapping(
            [.. map.Select(entry => new DocumentEntry(new DocumentScalar(entry.Key, at.Line, at.Column), ToNode(entry.Value, at)))], at.Line, at.Column),
        IReadOnlyList<object?> list => new DocumentSequence([.. list.Select(item => ToNode(item, at))], at.Line, at.Column),
        _ => new DocumentScalar(value, at.Line, at.Column),
    };

    /// <summary>
    /// A plain value as a document that was no text. Its nodes have the line 0, and as column their number in the order of the document: what is made of
    /// them later keeps the place.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="paths">The path of each node by its number, such as <c>method[0].provider</c>; of the root, nothing.</param>
    public static DocumentNode ToDocument(object? value, out IReadOnlyList<string> paths)
    {
        var list = new List<string>();
        paths = list;
        return Node(value, "");

        DocumentNode Node(object? item, string path)
        {
            var number = list.Count;
            list.Add(path);
            switch (item)
            {
                case IReadOnlyDictionary<string, object?> map:
                    var entries = new List<DocumentEntry>();
                    foreach (var (key, inner) in map)
                    {
                        var name = path.Length == 0 ? key : $"{path}.{key}";
                        var at = new DocumentScalar(key, 0, list.Count);
                        list.Add(name);
                        entries.Add(new DocumentEntry(at, Node(inner, name)));
                    }

                    return new DocumentMapping(entries, 0, number);
                case IReadOnlyList<object?> items:
                    return new DocumentSequence([.. items.Select((inner, index) => Node(inner, $"{path}[{index}]"))], 0, number);
                default:
                    return new DocumentScalar(item, 0, number);
            }
        }
    }
}
