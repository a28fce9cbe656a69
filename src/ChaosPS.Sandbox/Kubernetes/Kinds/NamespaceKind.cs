using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Namespaces. A deleted one goes when the last object in it is gone.</summary>
internal sealed class NamespaceKind(ObjectStore store) : ObjectKind(ResourceTypes.Namespace, store)
{
    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var json = base.Write(item);
        json.Member("spec")["finalizers"] = new JsonArray("kubernetes");
        json["status"] = new JsonObject { ["phase"] = IsTerminating(item) ? "Terminating" : "Active" };
        return json;
    }

    /// <inheritdoc/>
    public override string Field(ApiObject item, string field) => Field(Write(item), field);

    /// <summary>Whether it is about to go.</summary>
    public static bool IsTerminating(ApiObject item) => item.Manifest!["metadata"]!["deletionTimestamp"] is not null;

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        if (IsTerminating(item)) return;
        var manifest = (JsonObject)item.Manifest!.DeepClone();
        manifest["metadata"]!["deletionTimestamp"] = ApiTime.Text(Simulation.Now);
        Store.Update(item, manifest);
        Simulation.DeleteNamespace(item.Name);
        foreach (var type in Store.StoredTypes.Where(type => type.Namespaced && type != ResourceTypes.Event).ToArray())
        {
            foreach (var content in Store.List(type, item.Name).Where(content => content.Live is null).ToArray()) Store.Remove(content);
        }

        ContentGone(item);
    }

    /// <inheritdoc/>
    public override void ContentGone(ApiObject @namespace)
    {
        if (!IsTerminating(@namespace) || !Store.IsEmpty(@namespace.Name)) return;
        foreach (var news in Store.List(ResourceTypes.Event, @namespace.Name).ToArray()) Store.Remove(news);
        Store.Remove(@namespace);
    }
}
