using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Services. The simulation has those with a selector; it keeps their endpoints.</summary>
internal sealed class ServiceKind(ObjectStore store) : ObjectKind(ResourceTypes.Service, store)
{
    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Texts(spec, "type", "clusterIP", "externalName");
        shape.Maps(spec, "selector");
        shape.List(spec, "clusterIPs");
        foreach (var port in shape.Objects(spec, "ports"))
        {
            shape.Texts(port, "name", "protocol");
            shape.Counts(port, "port", "nodePort");
        }

        shape.Object(shape.Object(manifest, "status"), "loadBalancer");
    }

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old)
    {
        base.Complete(manifest, old);
        ServiceDefaults.Fill(manifest, old, Store);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old)
    {
        var spec = manifest["spec"]!;
        var isAlias = (string?)spec["type"] == "ExternalName";
        if (!isAlias && (string?)spec["clusterIP"] != "None" && spec["ports"] is not JsonArray { Count: > 0 }) yield return FieldError.Required("spec.ports");
        if (isAlias && string.IsNullOrEmpty((string?)spec["externalName"])) yield return FieldError.Required("spec.externalName");
        if ((string?)spec["type"] is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName") and var type)
        {
            yield return FieldError.NotSupported("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        }

        foreach (var (index, port) in (spec["ports"] as JsonArray ?? []).Index())
        {
            if ((int?)port!["port"] is not (> 0 and < 65536) and var number)
            {
                yield return FieldError.Invalid($"spec.ports[{index}].port", $"{number ?? 0}", "must be between 1 and 65535, inclusive");
            }
        }

        if (old is not null && !isAlias && old["spec"]!["clusterIP"] is { } address && !CanonicalJson.AreEqual(address, spec["clusterIP"]))
        {
            yield return FieldError.Invalid("spec.clusterIPs[0]", spec["clusterIPs"]?.ToJsonString() ?? "[]", "may not change once set");
        }
    }

    /// <inheritdoc/>
    public override void Create(ApiObject item)
    {
        if (Read(item) is { } spec) Simulation.Apply(spec);
    }

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old)
    {
        if (CanonicalJson.AreEqual(old["spec"], item.Manifest!["spec"])) return;
        if (Read(item) is { } spec)
        {
            Simulation.Apply(spec);
        }
        else if (item.Live is { } live)
        {
            // Without a selector it has no part in the simulation any more, but it stays the same Service.
            item.Manifest["metadata"]!["uid"] = live.Uid;
            item.Live = null;
            Simulation.Delete(live);
        }
    }

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        if (item.Live is { } live) Simulation.Delete(live);
        else Store.Remove(item);
    }

    private ServiceSpec? Read(ApiObject item) => Read(item.Manifest!);

    private ServiceSpec? Read(JsonObject manifest) => KubernetesReader.ReadService(Element(manifest), Store.Cluster);
}
