using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>
/// How the objects of one type live: how their JSON is made, and what a written one means to the simulation. This one is for types
/// that the simulation has no part of: they are kept as they were written.
/// </summary>
internal class ObjectKind(ResourceType type, ObjectStore store)
{
    /// <summary>The type.</summary>
    public ResourceType Type { get; } = type;

    /// <summary>Whether the API counts the changes of the spec in <c>metadata.generation</c>.</summary>
    public virtual bool CountsGenerations => false;

    /// <summary>Whether the status is part of what users write, as it is for types that no controller here looks after.</summary>
    public virtual bool KeepsStatus => true;

    /// <summary>All objects, which this type's own may have to do with.</summary>
    protected ObjectStore Store { get; } = store;

    /// <summary>The cluster's life.</summary>
    protected ClusterSimulation Simulation => Store.Simulation;

    /// <summary>An object's JSON without kind and apiVersion, as lists have their items. A new one every time.</summary>
    public virtual JsonObject Write(ApiObject item)
    {
        var json = JsonParts.Copy(item.Manifest ?? []);
        JsonParts.Stamp(json.Member("metadata"), item);
        return json;
    }

    /// <summary>What label selectors see.</summary>
    public virtual IReadOnlyDictionary<string, string> Labels(ApiObject item) =>
        item.Manifest is { } manifest ? JsonParts.Labels(manifest) : JsonParts.Labels(Write(item));

    /// <summary>What field selectors see beside name and namespace; empty for a field that is not set.</summary>
    public virtual string Field(ApiObject item, string field) => Field(item.Manifest ?? Write(item), field);

    /// <summary>The same in an object's JSON.</summary>
    public virtual string Field(JsonObject json, string field) =>
        field.Split('.').Aggregate((JsonNode?)json, (node, step) => (node as JsonObject)?[step]) is JsonValue value ? value.ToString() : "";

    /// <summary>Refuses a written object in which fields that the sandbox reads are of another type.</summary>
    public virtual void CheckShape(Shape shape, JsonObject manifest)
    {
    }

    /// <summary>Fills in what the API server does, and takes out what the simulation writes.</summary>
    /// <param name="manifest">The object, of right shape.</param>
    /// <param name="old">The one that it replaces; null for a new one.</param>
    public virtual void Complete(JsonObject manifest, JsonObject? old) => ObjectDefaults.Fill(manifest);

    /// <summary>What of the type's rules a complete object breaks.</summary>
    /// <param name="manifest">The object.</param>
    /// <param name="old">The one that it replaces; null for a new one.</param>
    public virtual IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old) => [];

    /// <summary>Lets the simulation make its part of a new object, whose manifest is there.</summary>
    public virtual void Create(ApiObject item)
    {
    }

    /// <summary>Lets the simulation change its part of an object, whose new manifest is there.</summary>
    public virtual void Update(ApiObject item, JsonObject old)
    {
    }

    /// <summary>Deletes an object, or begins to.</summary>
    public virtual void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        if (propagation == DeletionPropagation.Orphan)
        {
            foreach (var dependent in Store.DependentsOf(item)) Disown(dependent, item.Uid!);
        }

        Store.Remove(item);
    }

    /// <summary>Hears of what the simulation did to an object, before anybody sees it.</summary>
    public virtual void Follow(ApiObject item, ChangeType change)
    {
    }

    /// <summary>An owner of an object of this type is gone: the object goes too, unless it has another.</summary>
    public void OwnerGone(ApiObject item, string ownerUid)
    {
        if (item.Manifest?["metadata"]?["ownerReferences"] is JsonArray { Count: > 1 }) Disown(item, ownerUid);
        else Delete(item, DeletionPropagation.Background, null);
    }

    /// <summary>An object of this namespace is gone.</summary>
    public virtual void ContentGone(ApiObject @namespace)
    {
    }

    /// <summary>A manifest as Core reads JSON.</summary>
    protected static JsonElement Element(JsonObject manifest) => manifest.ToElement();

    private void Disown(ApiObject item, string ownerUid)
    {
        var manifest = (JsonObject)item.Manifest!.DeepClone();
        var references = manifest["metadata"]!["ownerReferences"]!.AsArray();
        foreach (var reference in references.Where(reference => (string?)reference?["uid"] == ownerUid).ToArray()) references.Remove(reference);
        if (references.Count == 0) manifest["metadata"]!.AsObject().Remove("ownerReferences");
        Store.Update(item, manifest);
    }
}
