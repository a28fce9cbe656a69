using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Custom;
using ChaosPS.Sandbox.Kubernetes.Kinds;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <content>The types that definitions of custom resources add.</content>
internal sealed partial class ObjectStore
{
    /// <summary>What the objects of each definition are kept as, by the definition's name.</summary>
    private readonly Dictionary<string, ResourceType> _defined = [];

    /// <summary>Serves the kind that a definition describes, as it describes it now. Objects that are there stay.</summary>
    public void Define(ApiObject item)
    {
        var definition = new CustomDefinition(item.Manifest!);
        if (!_defined.TryGetValue(item.Name, out var storage))
        {
            _defined.Add(item.Name, storage = definition.MakeStorage());
            _tables.Add(storage, new ObjectTable());
            _kinds.Add(storage, new CustomKind(storage, this, item));
        }

        Types.Set(item.Name, Types.IsTaken(item.Name, definition.Group, definition.Kind) ? [] : definition.MakeServed(storage));
    }

    /// <summary>The objects of the kind that a definition describes.</summary>
    public IEnumerable<ApiObject> ObjectsOf(ApiObject definition) => _defined.TryGetValue(definition.Name, out var storage) ? List(storage, null) : [];

    /// <summary>Serves the kind of a definition no longer, now that the definition and all objects of its kind are gone.</summary>
    public void Forget(ApiObject definition)
    {
        if (!_defined.Remove(definition.Name, out var storage)) return;
        _tables.Remove(storage);
        _kinds.Remove(storage);
        Types.Set(definition.Name, []);

        // The names that it had may be what another one waits for.
        foreach (var waiting in List(ResourceTypes.CustomResourceDefinition, null)) Define(waiting);
    }

    /// <summary>Deletes an object, or marks it as deleted where finalizers hold it.</summary>
    public void Delete(ApiObject item, DeletionPropagation propagation, int? gracePeriodSeconds)
    {
        var manifest = item.Manifest ?? Write(item);
        var metadata = manifest["metadata"]!;
        if (metadata["finalizers"] is not JsonArray { Count: > 0 } || item.Live is { Terminating: true })
        {
            KindOf(item.Type).Delete(item, propagation, gracePeriodSeconds);
        }
        else if (metadata["deletionTimestamp"] is null)
        {
            manifest = (JsonObject)manifest.DeepClone();
            manifest["metadata"]!["deletionTimestamp"] = ApiTime.Text(Simulation.Now);
            manifest["metadata"]!["deletionGracePeriodSeconds"] = 0;
            Update(item, manifest);
        }
    }

    private ResourceType? CustomOf(string apiVersion, string kind) =>
        Types.All.FirstOrDefault(type => type.Definition is not null && type.ApiVersion == apiVersion && type.Kind == kind)?.Storage;
}
