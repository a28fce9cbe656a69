using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Resilience;

/// <summary>Where the objects of manifest files stand.</summary>
public sealed class ManifestPlaces
{
    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];

    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>What about an object each risk is about: the fields of the way there.</summary>
    private static readonly Dictionary<string, string[]> s_fields = new()
    {
        ["SinglePoint"] = ["spec", "replicas"],
        ["SingleZone"] = ["spec", "template", "spec", "topologySpreadConstraints"],
        ["FaultDomainOnly"] = ["spec", "template", "spec", "topologySpreadConstraints"],
        ["AntiAffinityUnmet"] = ["spec", "template", "spec", "affinity", "podAntiAffinity"],
        ["HardSpreadPending"] = ["spec", "template", "spec", "topologySpreadConstraints"],
        ["RolloutDeadlock"] = ["spec", "strategy", "rollingUpdate"],
        ["RolloutOutage"] = ["spec", "strategy"],
        ["ReadinessMissing"] = ["spec", "template", "spec", "containers"],
        ["LongToleration"] = ["spec", "template", "spec", "tolerations"],
        ["DrainBlocked"] = ["spec"],
        ["BudgetProtectsNothing"] = ["spec"],
    };

    private readonly Dictionary<string, (string Path, DocumentMapping Node)> _objects = new(StringComparer.Ordinal);

    private ManifestPlaces()
    {
    }

    /// <summary>Reads a file, or all files below a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">A file cannot be read: ids <c>FileUnreadable</c>, <c>DocumentInvalid</c>.</exception>
    public static ManifestPlaces Read(string path, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var places = new ManifestPlaces();
        try
        {
            var files = Directory.Exists(path)
                ? Directory.EnumerateFiles(path, "*", s_below).Where(static file => s_endings.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                : [path];
            foreach (var file in files)
            {
                foreach (var document in documents.ReadAll(File.ReadAllText(file), file)) places.Add(document, file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }

        return places;
    }

    /// <summary>The file that an object stands in; null where it is in none.</summary>
    public string? FileOf(string kind, string @namespace, string name) => _objects.TryGetValue(Key(kind, @namespace, name), out var found) ? found.Path : null;

    /// <summary>The risk with its place: that of the field that it is about, or of what is there of the way; of a risk of the whole cluster that of the first workload that is hit.</summary>
    public ResilienceRisk Locate(ResilienceRisk risk)
    {
        ArgumentNullException.ThrowIfNull(risk);
        var key = Key(risk.Kind, risk.Namespace, risk.Name);
        if (!_objects.ContainsKey(key)) key = risk.Workloads.FirstOrDefault(_objects.ContainsKey) ?? key;
        if (!_objects.TryGetValue(key, out var found)) return risk;
        var (line, column) = (found.Node.Line, found.Node.Column);
        DocumentNode? at = found.Node;
        foreach (var field in s_fields.GetValueOrDefault(risk.Code, []))
        {
            if (at is not DocumentMapping mapping || mapping.Entries.FirstOrDefault(entry => entry.Key.Value is string text && text == field) is not { } entry) break;
            (line, column) = (entry.Key.Line, entry.Key.Column);
            at = entry.Value;
        }

        return risk with { Path = found.Path, Line = line, Column = column };
    }

    private static string Key(string kind, string @namespace, string name) => $"{kind}/{@namespace}/{name}";

    private void Add(DocumentNode node, string file)
    {
        if (node is not DocumentMapping mapping || Text(mapping, "kind") is not { } kind) return;
        if (mapping["items"] is DocumentSequence items && kind.EndsWith("List", StringComparison.Ordinal))
        {
            foreach (var item in items.Items) Add(item, file);
        }
        else if (mapping["metadata"] is DocumentMapping metadata && Text(metadata, "name") is { } name)
        {
            _objects.TryAdd(Key(kind, Text(metadata, "namespace") ?? "default", name), (file, mapping));
        }
    }

    private static string? Text(DocumentMapping mapping, string key) => mapping[key] is DocumentScalar { Value: string { Length: > 0 } text } ? text : null;
}
