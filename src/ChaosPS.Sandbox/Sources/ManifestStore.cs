using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>
/// The objects of the cluster as they were written: metadata and spec, and of the status only what no controller of the
/// simulation computes. Nothing that a user wrote is lost, whether the simulation knows the field or not.
/// </summary>
internal sealed class ManifestStore
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), JsonObject> _objects = [];

    /// <summary>The objects of a kind, in the order of namespace and name, as etcd keeps them.</summary>
    public IEnumerable<JsonObject> Of(string kind) => _objects
        .Where(entry => entry.Key.Kind == kind)
        .OrderBy(entry => entry.Key.Namespace, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
        .Select(entry => entry.Value);

    /// <summary>All objects, in the order of kind, namespace and name.</summary>
    public IEnumerable<JsonObject> All => _objects
        .OrderBy(entry => entry.Key.Kind, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Namespace, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
        .Select(entry => entry.Value);

    /// <summary>An object; null when there is none. The namespace is empty for objects of the cluster.</summary>
    public JsonObject? Find(string kind, string @namespace, string name) => _objects.GetValueOrDefault((kind, @namespace, name));

    /// <summary>What an object is: its kind, qualified with the group where that is not one of Kubernetes' own, since others may call their kinds alike.</summary>
    public static string KindOf(JsonObject manifest)
    {
        var (apiVersion, kind) = ((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        return ResourceTypes.IsForeign(apiVersion) ? $"{kind}.{apiVersion.Split('/')[0]}" : kind;
    }

    /// <summary>Adds an object or replaces the one of its kind, namespace and name.</summary>
    public void Put(JsonObject manifest)
    {
        var metadata = manifest["metadata"]!;
        _objects[(KindOf(manifest), (string?)metadata["namespace"] ?? "", (string)metadata["name"]!)] = manifest;
    }
}
