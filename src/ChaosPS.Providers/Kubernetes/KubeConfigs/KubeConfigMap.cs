using System.Diagnostics.CodeAnalysis;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>A mapping of a kubeconfig: its fields as what they have to be, or an error that says where and what is wrong.</summary>
/// <param name="file">The kubeconfig.</param>
/// <param name="mapping">The mapping; null for one that is not there, whose fields are all empty.</param>
internal sealed class KubeConfigMap(string file, DocumentMapping? mapping)
{
    /// <summary>The text of a field; empty when it is not there.</summary>
    public string Text(string key) => Text(Find(key), key);

    /// <summary>A path: a relative one belongs to the folder that the kubeconfig is in.</summary>
    public string Path(string key) => Text(key) is { Length: > 0 } path ? System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(file)!) : "";

    /// <summary>A flag; false when it is not there.</summary>
    public bool Flag(string key) => Find(key) switch
    {
        null => false,
        DocumentScalar { Value: bool flag } => flag,
        var other => throw Wrong(other, $"'{key}' has to be true or false"),
    };

    /// <summary>Bytes in base64; empty when they are not there. Other space than theirs is passed over, as kubectl does with ends of lines.</summary>
    public byte[] Data(string key)
    {
        var text = Text(key);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw Wrong(Find(key)!, $"'{key}' is no base64");
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key).Select(item => Text(item, key))];

    /// <summary>A mapping of its own; one without fields when it is not there.</summary>
    public KubeConfigMap Map(string key) => new(file, Mapping(Find(key), key));

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A list of mappings.</summary>
    public IEnumerable<KubeConfigMap> Maps(string key) => Items(key).Select(item => new KubeConfigMap(file, Mapping(item, key)));

    /// <summary>The lists of texts in a mapping, by their keys.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(string key)
    {
        var map = Mapping(Find(key), key);
        return (map?.Entries ?? []).Select(static entry => entry.Key.Value).OfType<string>()
            .ToDictionary(static name => name, name => new KubeConfigMap(file, map).Texts(name));
    }

    /// <summary>A field as it stands there; null when it is not there, or null.</summary>
    public DocumentNode? Find(string key) => mapping?[key] is { } node and not DocumentScalar { Value: null } ? node : null;

    /// <summary>An error at this mapping.</summary>
    public ChaosException Wrong(string reason) => Wrong(mapping, reason);

    [return: NotNullIfNotNull(nameof(node))]
    private DocumentMapping? Mapping(DocumentNode? node, string key) => node switch
    {
        null => null,
        DocumentScalar { Value: null } empty => new DocumentMapping([], empty.Line, empty.Column),
        DocumentMapping map => map,
        _ => throw Wrong(node, $"'{key}' has to hold names and values"),
    };

    private IReadOnlyList<DocumentNode> Items(string key) => Find(key) switch
    {
        null => [],
        DocumentSequence list => list.Items,
        var other => throw Wrong(other, $"'{key}' has to be a list"),
    };

    private string Text(DocumentNode? node, string key) => node switch
    {
        null or DocumentScalar { Value: null } => "",
        DocumentScalar { Value: string text } => text,
        DocumentScalar => throw Wrong(node, $"'{key}' has to be text: put it in quotes"),
        _ => throw Wrong(node, $"'{key}' has to be text"),
    };

    private ChaosException Wrong(DocumentNode? node, string reason) =>
        ChaosErrors.KubeConfigInvalid(file, node is null ? reason : $"line {node.Line}, column {node.Column}: {reason}");
}
