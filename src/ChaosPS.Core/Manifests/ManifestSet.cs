using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;

namespace ChaosPS.Manifests;

/// <summary>The Kubernetes objects in files and below folders, and the sources of tools among them, whose files are not what is applied.</summary>
internal sealed class ManifestSet
{
    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];

    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    private readonly IDocumentReader _reader;
    private readonly IChaosLog _log;
    private readonly string _root;
    private readonly Dictionary<string, ManifestFile> _files = new(StringComparer.Ordinal);
    private readonly List<ManifestObject> _objects = [];
    private readonly List<HelmChart> _charts = [];
    private readonly List<ManifestFile> _templates = [];
    private readonly Dictionary<string, Kustomization> _kustomizations = new(StringComparer.Ordinal);

    private ManifestSet(IDocumentReader reader, string root, IChaosLog log) => (_reader, _root, _log) = (reader, root, log);

    /// <summary>What the paths were, for messages.</summary>
    public string Source { get; private init; } = "";

    /// <summary>Reads files, and all *.yaml, *.yml and *.json below folders; hidden ones are left out, and links to others.</summary>
    /// <param name="paths">Whole paths of files and folders.</param>
    /// <param name="root">The directory that messages name files from.</param>
    /// <param name="reader">Reads YAML and JSON.</param>
    /// <param name="log">Is told of files below folders that cannot be read.</param>
    /// <exception cref="ChaosException">Ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c> of a file that is named itself.</exception>
    public static ManifestSet Load(IReadOnlyList<string> paths, string root, IDocumentReader reader, IChaosLog log)
    {
        var set = new ManifestSet(reader, root, log) { Source = string.Join(", ", paths.Select(path => Relative(root, path))) };
        foreach (var path in paths)
        {
            if (Directory.Exists(path)) set.ReadFolder(path);
            else set.ReadNamed(path);
        }

        return set;
    }

    /// <summary>The workloads, in the order of the files.</summary>
    public IEnumerable<ManifestObject> Workloads => _objects.Where(static item => item.IsWorkload);

    /// <summary>Finds the one place where a workload is written that a file's change would reach the cluster from.</summary>
    /// <param name="kind">The kind; null for any.</param>
    /// <param name="namespace">The namespace; null for any. An object that does not say its namespace is of any.</param>
    /// <param name="name">The name.</param>
    /// <param name="change">What is to be changed of it, which decides where that would have to be edited.</param>
    /// <exception cref="ChaosException">
    /// Ids <c>ManifestNotFound</c>, <c>ManifestAmbiguous</c>, and <c>ManifestGenerated</c> where a tool makes the manifest, with the place to edit.
    /// </exception>
    public ManifestObject Find(string? kind, string? @namespace, string name, Func<Workload, ClusterOverlay> change)
    {
        ManifestObject[] named = [.. Workloads.Where(item => (kind is null || item.Kind == kind) && (@namespace is null || item.Namespace is null || item.Namespace == @namespace))];
        foreach (var item in named)
        {
            Kustomization[] naming = [.. KustomizationsOf(item.File)];
            if (naming.Length == 0 || !naming.Any(each => each.NameOf(item.Name) == name || item.Name == name)) continue;
            throw Generated(item, naming, kind ?? item.Kind, name, ChangedField.Of(change(WorkloadFiles.Read(item))));
        }

        ManifestObject[] found = [.. named.Where(item => item.Name == name && !KustomizationsOf(item.File).Any())];
        if (found.Length > 1 && found.Count(item => item.Namespace == @namespace) == 1) found = [found.Single(item => item.Namespace == @namespace)];
        if (found.Length > 1) throw ChaosErrors.ManifestAmbiguous(name, found.Select(static item => $"{item} in {item.Place}"));
        if (found is [var one]) return one;

        // A template cannot be read, and which fields it is about does not depend on that.
        var fields = ChangedField.Of(change(new Workload { Kind = kind ?? "Deployment", Name = name, Namespace = @namespace ?? "default", Cluster = new ClusterIdentity(Source, "", ""), PodSpec = new PodSpec { Containers = [] } }));
        if (_charts.SelectMany(chart => chart.Places(kind, name, fields)).ToArray() is { Length: > 0 } places)
            throw ChaosErrors.ManifestGenerated(name, "Helm", places[0].File, places.Select(static place => place.Text).Distinct());
        if (_templates.FirstOrDefault(file => file.Text.Contains(name, StringComparison.Ordinal)) is { } template)
            throw ChaosErrors.ManifestGenerated(name, "a template", template.Source, fields.Select(field => HelmChart.PlaceIn(template, field.Name)));
        throw ChaosErrors.ManifestNotFound(name, kind, @namespace, Source, Workloads.Select(static item => item.Name));
    }

    /// <summary>The disruption budget's object; null where there is none.</summary>
    public ManifestObject? FindBudget(DisruptionBudget budget, ManifestObject workload)
    {
        ManifestObject[] found = [.. _objects.Where(item => item.Kind == "PodDisruptionBudget" && item.Name == budget.Name && (item.Namespace ?? workload.Namespace ?? budget.Namespace) == budget.Namespace)];
        return found.Length > 1 ? throw ChaosErrors.ManifestAmbiguous(budget.Name, found.Select(static item => $"{item} in {item.Place}")) : found.FirstOrDefault();
    }

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');

    private void ReadFolder(string folder)
    {
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder, "*", s_below).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(folder, exception);
        }

        foreach (var chart in files.Where(static file => Path.GetFileName(file) == "Chart.yaml")) _charts.Add(new HelmChart(Path.GetDirectoryName(chart)!, file => Open(file)));
        foreach (var file in files.Where(IsManifest))
        {
            if (_charts.Exists(chart => chart.Holds(file))) continue;
            if (Kustomization.IsName(file)) AddKustomization(file);
            else ReadFile(file, isNamed: false);
        }
    }

    private static bool IsManifest(string file) => Kustomization.IsName(file) || s_endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private void ReadNamed(string file)
    {
        if (Kustomization.IsName(file)) AddKustomization(file);
        else if (HelmChart.FolderOf(file) is { } chart) _charts.Add(new HelmChart(chart, path => Open(path)));
        else ReadFile(file, isNamed: true);
    }

    private ManifestFile Open(string path)
    {
        path = Path.GetFullPath(path);
        if (!_files.TryGetValue(path, out var file)) _files[path] = file = ManifestFile.Read(path, Relative(_root, path));
        return file;
    }

    private void ReadFile(string path, bool isNamed)
    {
        if (_files.ContainsKey(Path.GetFullPath(path))) return;
        ManifestFile? file = null;
        try
        {
            file = Open(path);
            var json = ManifestEditPlan.Documents(_reader, file.Text, file.Source);
            var documents = _reader.ReadAll(file.Text, file.Source);
            for (var number = 0; number < documents.Count; number++) Collect(file, number, [], documents[number], json[number]);
        }
        catch (ChaosException exception) when (exception.ErrorId == "DocumentInvalid" && (file?.Text.Contains("{{", StringComparison.Ordinal) ?? false))
        {
            _templates.Add(file);
        }
        catch (ChaosException exception) when (!isNamed)
        {
            _log.Write(ChaosLogLevel.Warning, $"Left out: {exception.Message}");
        }

        // Beside it or above it may stand what makes something else of it.
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var name in Kustomization.Names.Select(name => Path.Combine(folder, name)).Where(File.Exists)) AddKustomization(name);
            if (Directory.Exists(Path.Combine(folder, ".git"))) break;
        }
    }

    private void Collect(ManifestFile file, int document, IReadOnlyList<object> path, DocumentNode node, JsonNode? json)
    {
        if (node is not DocumentMapping mapping || json is not JsonObject item) return;
        var found = new ManifestObject(file, document, path, mapping, item);
        if (mapping["items"] is DocumentSequence items && found.Kind.EndsWith("List", StringComparison.Ordinal))
        {
            for (var index = 0; index < items.Items.Count; index++) Collect(file, document, [.. path, "items", index], items.Items[index], item["items"]![index]);
        }
        else if (found.Kind.Length > 0 && found.Name.Length > 0)
        {
            _objects.Add(found);
        }
    }

    private void AddKustomization(string path)
    {
        path = Path.GetFullPath(path);
        if (_kustomizations.ContainsKey(path)) return;
        try
        {
            var kustomization = Kustomization.Read(Open(path), _reader);
            _kustomizations[path] = kustomization;
            foreach (var file in kustomization.Files) ReadFile(file, isNamed: false);
            foreach (var inner in kustomization.Kustomizations) AddKustomization(inner);
        }
        catch (ChaosException exception)
        {
            _log.Write(ChaosLogLevel.Warning, $"Left out: {exception.Message}");
        }
    }

    /// <summary>The kustomizations that a file is a source of, the outermost first.</summary>
    private IEnumerable<Kustomization> KustomizationsOf(ManifestFile file) =>
        _kustomizations.Values.Where(each => Reaches(each, file.Path, [])).OrderByDescending(static each => each.Kustomizations.Count);

    private bool Reaches(Kustomization kustomization, string file, HashSet<Kustomization> seen) =>
        seen.Add(kustomization)
        && (kustomization.Files.Contains(file) || kustomization.Kustomizations.Any(inner => _kustomizations.TryGetValue(inner, out var next) && Reaches(next, file, seen)));

    private ChaosException Generated(ManifestObject item, Kustomization[] naming, string kind, string name, IReadOnlyList<ChangedField> fields)
    {
        var places = new List<string>();
        foreach (var field in fields)
        {
            var overridden = field.Name == "replicas" ? naming.Select(each => each.ReplicasOf(item.Name)).FirstOrDefault(static place => place is not null) : null;

            // A patch is an object of the same name with some of the fields.
            overridden ??= _objects.Where(other => other.Kind == kind && other.Name == item.Name && naming.Any(each => each.Patches.Contains(other.File.Path)) && field.IsIn(other))
                .Select(other => other.PlaceOfField(field.Path)).FirstOrDefault();
            overridden ??= naming.Select(each => each.InlinePatchOf(kind, item.Name, field.Name)).FirstOrDefault(static place => place is not null);
            var written = _objects.FirstOrDefault(other => other.Kind == kind && other.Name == item.Name && !naming.Any(each => each.Patches.Contains(other.File.Path))) ?? item;
            places.Add($"{field.Name} in {overridden ?? written.PlaceOfField(field.Path)}");
        }

        return ChaosErrors.ManifestGenerated(name, "Kustomize", naming[0].Source, places.Distinct());
    }
}
