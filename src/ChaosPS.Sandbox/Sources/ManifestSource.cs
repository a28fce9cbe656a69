using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>A sandbox of manifests: nodes are made when the manifests have none, and everything in them was applied ten minutes ago.</summary>
internal static class ManifestSource
{
    /// <summary>How long ago the manifests were applied: long enough for everything to start that can.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    private const string Version = "v1.32.9";

    /// <summary>Makes the source.</summary>
    /// <param name="path">A file or a folder, which is there.</param>
    /// <param name="options">Seed and nodes.</param>
    /// <param name="start">When the sandbox's clock starts.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <param name="log">Is told of what a user may not expect.</param>
    /// <exception cref="ChaosException">The manifests cannot be read, or nodes are asked for and they have their own.</exception>
    public static (SandboxSource Source, StableId Ids) Create(
        string path, SandboxOptions options, DateTimeOffset start, IDocumentReader documents, IChaosLog log)
    {
        var (found, warnings) = ManifestFiles.Read(path, documents);
        foreach (var warning in warnings) log.Write(ChaosLogLevel.Warning, warning);

        var name = SourceName.Of(path);
        var ids = new StableId(name, options.Seed);
        var takenAt = start - Settling;
        List<JsonObject> objects = [.. found];
        var created = takenAt - TimeSpan.FromDays(1);
        if (!objects.Exists(static item => IsKind(item, "Node")))
        {
            objects.InsertRange(0, NodePool.Create(name, options, created, Version, ids));
        }
        else
        {
            SandboxSources.RefuseNodes(options, path, "its manifests have Nodes of their own");
            foreach (var node in objects.Where(static item => IsKind(item, "Node"))) NodeDefaults.Fill(node, created, Version);
        }

        var source = ObjectSource.Create(
            new SourceObjects { Name = name, Objects = objects, Version = Version, TakenAt = takenAt, StartsAt = start }, ids, log);
        return (source, ids);
    }

    private static bool IsKind(JsonObject item, string kind) => ManifestStore.KindOf(item) == kind;
}
