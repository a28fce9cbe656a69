using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;
using ChaosPS.Snapshots;

namespace ChaosPS.Sandbox.Sources;

/// <summary>A sandbox of a snapshot: everything where it was, and the clock at the time when it was.</summary>
internal static class SnapshotSource
{
    /// <summary>Makes the source.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="path">Where it is from; the sandbox is named after it.</param>
    /// <param name="options">The seed. A snapshot has its own nodes.</param>
    /// <param name="log">Is told of what a user may not expect.</param>
    /// <exception cref="ChaosException">Nodes are asked for: id <c>NodesNotWanted</c>.</exception>
    public static (SandboxSource Source, StableId Ids) Create(SnapshotDocument snapshot, string path, SandboxOptions options, IChaosLog log)
    {
        SandboxSources.RefuseNodes(options, path, "a snapshot has the nodes that it was taken of");
        foreach (var missing in snapshot.Missing) log.Write(ChaosLogLevel.Warning, $"The snapshot is without {missing}: whoever took it could not read them.");
        var name = SourceName.Of(path);
        var ids = new StableId(name, options.Seed);
        JsonObject[] objects =
        [
            .. snapshot.Objects.Select(static item => (JsonObject)item.DeepClone()).OrderBy(static item => ManifestOrder.Of(ManifestStore.KindOf(item))),
        ];

        // The uid of this namespace is the cluster's identity. With the real one, a record of the sandbox could be used on the real cluster.
        foreach (var item in objects.Where(static item => (string)item["kind"]! == "Namespace" && (string)item["metadata"]!["name"]! == "kube-system"))
            item["metadata"]!["uid"] = ids.Uid($"Namespace/{snapshot.Cluster.Id}");
        var source = ObjectSource.Create(
            new SourceObjects { Name = name, Objects = objects, Version = snapshot.Version, TakenAt = snapshot.TakenAt, StartsAt = snapshot.TakenAt }, ids, log);
        return (source, ids);
    }
}
