using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Nodes. One that a user makes gets a machine that runs; one that is deleted comes back when its machine boots.</summary>
internal sealed class NodeKind(ObjectStore store) : ObjectKind(ResourceTypes.Node, store)
{
    /// <summary>What is written of nodes that are gone: their kubelets make them anew like that.</summary>
    private readonly Dictionary<string, JsonObject> _gone = [];

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item) => NodeWriter.Write(item, (SimulatedNode)item.Live!, Store.Ids, Simulation.Now);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Labels(ApiObject item) => ((SimulatedNode)item.Live!).Labels;

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field) => ((SimulatedNode)item.Live!).Unschedulable ? "true" : "false";

    /// <inheritdoc/>
    public override string Field(JsonObject json, string field) => base.Field(json, field) is { Length: > 0 } value ? value : "false";

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Object(manifest, "spec");
        shape.Flags(spec, "unschedulable");
        shape.Texts(spec, "providerID");
        foreach (var taint in shape.Objects(spec, "taints")) shape.Texts(taint, "key", "value", "effect");
        var status = shape.Object(manifest, "status");
        shape.Quantities(status, "capacity", "allocatable");
        shape.Object(status, "nodeInfo");
        shape.Objects(status, "addresses");
        shape.Objects(status, "conditions");
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        foreach (var (index, taint) in (manifest["spec"]?["taints"] as JsonArray ?? []).Index())
        {
            var at = $"spec.taints[{index}]";
            if (string.IsNullOrEmpty((string?)taint!["key"])) yield return FieldError.Required($"{at}.key");
            var effect = (string?)taint["effect"] ?? "";
            if (!Enum.TryParse<TaintEffect>(effect, out _)) yield return FieldError.NotSupported($"{at}.effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
        }

        if (old is null) yield break;
        foreach (var field in new[] { "providerID", "podCIDR" })
        {
            var before = old["spec"]?[field];
            if (before is not null && !CanonicalJson.AreEqual(before, manifest["spec"]?[field])) yield return FieldError.Forbidden("spec", "node updates may only change labels, taints, or capacity (or configSource, if the DynamicKubeletConfig feature gate is enabled)");
        }
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        // A kubelet reports the size of its machine; where nothing is said of it, it is that of the other nodes.
        var manifest = (JsonObject)item.Manifest!.DeepClone();
        var model = Store.List(Type, null).FirstOrDefault(other => other != item)?.Manifest?["status"];
        var status = manifest.Member("status");
        foreach (var field in new[] { "capacity", "allocatable", "nodeInfo", "daemonEndpoints" })
        {
            if (status[field] is null && model?[field] is { } value) status[field] = value.DeepClone();
        }

        item.Manifest = manifest;
        Simulation.Apply(Read(manifest));
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        // Taints that were there keep their exact times, of which JSON has only the seconds.
        var spec = Read(item.Manifest!);
        var known = ((SimulatedNode)item.Live!).Taints;
        Simulation.Apply(spec with
        {
            Taints = [.. spec.Taints.Select(taint => known.FirstOrDefault(
                other => (other.Key, other.Value, other.Effect) == (taint.Key, taint.Value, taint.Effect)) ?? taint)],
        });
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds) =>
        Simulation.DeleteNode((SimulatedNode)item.Live!);

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change == ChangeType.Deleted) _gone[item.Name] = item.Manifest!;
        else if (item.Manifest is null && _gone.Remove(item.Name, out var manifest)) item.Manifest = manifest;
    }

    private ClusterNode Read(JsonObject manifest) => KubernetesReader.ReadNode(Element(manifest), Store.Cluster, Simulation.Now);
}
