using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;
using ChaosPS.Snapshots;

namespace ChaosPS.Sandbox.Sources;

/// <summary>Finds out what a sandbox is to be made of: a built-in one, a snapshot of a cluster, or manifests.</summary>
internal static class SandboxSources
{
    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [ContactsApp.Name];

    /// <summary>Opens a source.</summary>
    /// <param name="source">A built-in name in any case, else a path of a file or folder.</param>
    /// <param name="options">Seed and nodes.</param>
    /// <param name="start">When the clock of a source without a time of its own starts.</param>
    /// <param name="documents">Reads manifests.</param>
    /// <param name="log">Is told of what a user may not expect.</param>
    /// <exception cref="ChaosException">There is no such source (id <c>SandboxNotFound</c>), or it cannot be read.</exception>
    public static (SandboxSource Source, StableId Ids) Open(
        string source, SandboxOptions options, DateTimeOffset start, IDocumentReader? documents, IChaosLog log)
    {
        if (BuiltIn.Contains(source, StringComparer.OrdinalIgnoreCase))
        {
            RefuseNodes(options, source, "it has three of its own");
            var ids = new StableId(ContactsApp.Name, options.Seed);
            return (ContactsApp.Create(ids, start), ids);
        }

        var isFile = File.Exists(source);
        if (!isFile && !Directory.Exists(source)) throw ChaosErrors.SandboxNotFound(source, BuiltIn);
        if (isFile && IsJson(source) && SnapshotFile.Load(source) is { } snapshot) return SnapshotSource.Create(snapshot, source, options, log);
        ArgumentNullException.ThrowIfNull(documents);
        return ManifestSource.Create(source, options, start, documents, log);
    }

    /// <summary>Refuses a choice of nodes for a source that has its own.</summary>
    /// <exception cref="ChaosException">Id <c>NodesNotWanted</c>.</exception>
    public static void RefuseNodes(SandboxOptions options, string source, string why)
    {
        if (options.Nodes is not null || options.Zones.Count > 0 || options.NodeSize is not null) throw ChaosErrors.NodesNotWanted(source, why);
    }

    private static bool IsJson(string path) => SnapshotFile.IsCompressed(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
}
