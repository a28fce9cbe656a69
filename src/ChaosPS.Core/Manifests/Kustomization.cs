using ChaosPS.Ports;

namespace ChaosPS.Manifests;

/// <summary>A file that says what Kustomize makes manifests of.</summary>
/// <remarks>Source of the fields: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ .</remarks>
internal sealed class Kustomization
{
    private readonly ManifestFile _file;
    private readonly DocumentMapping? _root;

    private Kustomization(ManifestFile file, DocumentMapping? root)
    {
        (_file, _root) = (file, root);
        var folder = Path.GetDirectoryName(file.Path)!;
        string[] resources = [.. Texts("resources").Concat(Texts("bases")).Concat(Texts("components")).Where(static name => !name.Contains("://", StringComparison.Ordinal)).Select(Whole)];
        Patches = [.. Texts("patchesStrategicMerge").Where(static name => !name.Contains('\n', StringComparison.Ordinal)).Concat(Items("patches").Select(static patch => Text(patch["path"])).OfType<string>()).Select(Whole)];
        Files = [.. resources.Where(static path => !Directory.Exists(path)), .. Patches];
        Kustomizations = [.. resources.Where(Directory.Exists).SelectMany(static path => Names.Select(name => Path.Combine(path, name))).Where(File.Exists)];

        string Whole(string name) => Path.GetFullPath(Path.Combine(folder, name));
    }

    /// <summary>The names that such a file may have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <summary>As messages name it.</summary>
    public string Source => _file.Source;

    /// <summary>The files that it takes, whole paths; patches too.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The files of patches.</summary>
    public IReadOnlyList<string> Patches { get; }

    /// <summary>Other such files that it takes what they make from.</summary>
    public IReadOnlyList<string> Kustomizations { get; }

    /// <summary>Whether a file is one.</summary>
    public static bool IsName(string file) => Names.Contains(Path.GetFileName(file));

    /// <summary>Reads one.</summary>
    public static Kustomization Read(ManifestFile file, IDocumentReader reader) =>
        new(file, reader.ReadAll(file.Text, file.Source).OfType<DocumentMapping>().FirstOrDefault());

    /// <summary>The name that an object has in the cluster.</summary>
    public string NameOf(string name) => $"{Text(_root?["namePrefix"])}{name}{Text(_root?["nameSuffix"])}";

    /// <summary>Where it says how many replicas a workload has; null where it does not.</summary>
    public string? ReplicasOf(string name) =>
        Items("replicas").FirstOrDefault(item => Text(item["name"]) == name) is { } found ? Place(found["count"] ?? found) : null;

    /// <summary>Where a patch inside of it speaks of a field of a workload; null where none does.</summary>
    public string? InlinePatchOf(string kind, string name, string field) =>
        Items("patches").FirstOrDefault(item => Text(item["patch"]) is { } patch && patch.Contains(field, StringComparison.Ordinal)
            && (item["target"] is DocumentMapping target ? Text(target["kind"]) == kind && Text(target["name"]) is null or "" || Text((item["target"] as DocumentMapping)?["name"]) == name : patch.Contains($"name: {name}", StringComparison.Ordinal))) is { } found
            ? Place(found["patch"]!) : null;

    private string Place(DocumentNode node) => $"{_file.Source}({node.Line},{node.Column})";

    private IEnumerable<DocumentMapping> Items(string key) => (_root?[key] as DocumentSequence)?.Items.OfType<DocumentMapping>() ?? [];

    private IEnumerable<string> Texts(string key) => (_root?[key] as DocumentSequence)?.Items.Select(Text).OfType<string>() ?? [];

    private static string? Text(DocumentNode? node) => node is DocumentScalar { Value: string text } ? text : null;
}
