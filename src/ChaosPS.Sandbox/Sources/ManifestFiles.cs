using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Kubernetes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>Reads the Kubernetes objects of one file, or of all files below a folder, in the order in which they can be made.</summary>
/// <remarks>
/// Read are *.yaml, *.yml and *.json, documents separated by <c>---</c>, and lists of objects. Hidden files and folders are left out, and links to others.
/// What is no manifest yet, a chart or a kustomization, is refused with the command that makes one.
/// </remarks>
internal sealed class ManifestFiles
{
    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];

    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    private readonly IDocumentReader _documents;
    private readonly List<JsonObject> _objects = [];
    private readonly Dictionary<(string Kind, string Namespace, string Name), string> _places = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<string> _unknownKinds = [];

    private ManifestFiles(IDocumentReader documents) => _documents = documents;

    /// <summary>The objects, and what a user should know about them.</summary>
    internal sealed record Result(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Warnings);

    /// <summary>Reads a file, or all files below a folder.</summary>
    /// <param name="path">The file or folder, which is there.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">
    /// Ids <c>FileUnreadable</c>, <c>DocumentInvalid</c>, <c>ManifestInvalid</c>, <c>ManifestDuplicate</c>, <c>ManifestsMissing</c>, <c>ManifestsNotRendered</c>.
    /// </exception>
    public static Result Read(string path, IDocumentReader documents)
    {
        var reader = new ManifestFiles(documents);
        try
        {
            if (Directory.Exists(path)) reader.ReadFolder(path);
            else reader.ReadFile(path, Path.GetFileName(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }

        return reader._objects.Count == 0
            ? throw ChaosErrors.ManifestsMissing(path)
            : new Result([.. reader._objects.OrderBy(static item => ManifestOrder.Of(ManifestStore.KindOf(item)))], reader._warnings);
    }

    private void ReadFolder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", s_below).Order(StringComparer.Ordinal)];
        foreach (var file in files) RefuseUnrendered(file);
        foreach (var file in files.Where(static file => s_endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)))
        {
            ReadFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'));
        }
    }

    private static void RefuseUnrendered(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        switch (Path.GetFileName(file))
        {
            case "Chart.yaml":
                throw ChaosErrors.ManifestsNotRendered(folder, "Helm", $"helm template {folder} > manifests.yaml");
            case "kustomization.yaml" or "kustomization.yml" or "Kustomization":
                throw ChaosErrors.ManifestsNotRendered(folder, "Kustomize", $"kubectl kustomize {folder} > manifests.yaml");
        }
    }

    /// <summary>Reads one file.</summary>
    /// <param name="file">Where it is.</param>
    /// <param name="source">As messages name it.</param>
    private void ReadFile(string file, string source)
    {
        var text = File.ReadAllText(file);
        IReadOnlyList<DocumentNode> documents;
        try
        {
            documents = _documents.ReadAll(text, source);
        }
        catch (ChaosException exception) when (exception.ErrorId == "DocumentInvalid" && text.Contains("{{", StringComparison.Ordinal))
        {
            throw Template(source);
        }

        foreach (var document in documents)
        {
            if (document is not DocumentScalar { Value: null }) ReadObject(document, source);
        }
    }

    private void ReadObject(DocumentNode node, string source)
    {
        if (node is not DocumentMapping mapping) throw Invalid(node, "this is no Kubernetes object: a mapping with apiVersion, kind and metadata is wanted");
        var kind = Text(mapping, "kind");
        var apiVersion = Text(mapping, "apiVersion");
        if (mapping["items"] is DocumentSequence items && kind.EndsWith("List", StringComparison.Ordinal))
        {
            foreach (var item in items.Items) ReadObject(item, source);
            return;
        }

        if (mapping["metadata"] is not DocumentMapping metadata) throw Invalid(mapping["metadata"] ?? mapping, $"this {kind} has no metadata");
        var name = Text(metadata, "name");
        if (name.Contains("{{", StringComparison.Ordinal)) throw Template(source);

        var json = JsonNode.Parse(DocumentJson.Of(mapping)!.ToJsonString())!.AsObject(); // numbers that can be read as any type
        json.Remove("status", out var status);
        if (kind == "Node" && status is not null) json["status"] = status; // how large it is stands there and nowhere else
        var type = ResourceTypes.OfKind(apiVersion, kind);
        var space = metadata["namespace"] is null ? "" : Text(metadata, "namespace");
        if (type is { Namespaced: true } && space.Length == 0) json["metadata"]!["namespace"] = space = "default";
        if (type is null && _unknownKinds.Add($"{kind}.{apiVersion}"))
        {
            _warnings.Add($"{source}({mapping.Line},{mapping.Column}): the sandbox keeps {apiVersion} {kind} as it is written; nothing in it acts on that kind.");
        }

        var place = $"{source}({mapping.Line},{mapping.Column})";
        var key = (ManifestStore.KindOf(json), space, name);
        if (!_places.TryAdd(key, place))
            throw ChaosErrors.ManifestDuplicate(space.Length == 0 ? $"{kind} {name}" : $"{kind} {space}/{name}", _places[key], place);
        _objects.Add(json);

        string Text(DocumentMapping parent, string key) => parent[key] switch
        {
            DocumentScalar { Value: string { Length: > 0 } text } => text,
            null => throw Invalid(parent, $"this object has no {key}"),
            var other => throw Invalid(other, $"{key} must be a text"),
        };

        ChaosException Invalid(DocumentNode at, string reason) => ChaosErrors.ManifestInvalid(source, at.Line, at.Column, reason);
    }

    private static ChaosException Template(string source) =>
        ChaosErrors.ManifestsNotRendered(source, "a template", "helm template CHART > manifests.yaml");
}
