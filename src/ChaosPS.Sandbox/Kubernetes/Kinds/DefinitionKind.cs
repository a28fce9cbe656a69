using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Custom;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Tables;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Definitions of custom resources: their kind is served as soon as they are there. A deleted one goes when the last object of its kind is gone.</summary>
/// <remarks>Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ .</remarks>
internal sealed class DefinitionKind(ObjectStore store) : ObjectKind(ResourceTypes.CustomResourceDefinition, store)
{
    private static readonly string[] s_fixed = ["group", "scope", "names.kind", "names.plural"];

    /// <inheritdoc/>
    public override bool CountsGenerations => true;

    /// <inheritdoc/>
    public override bool KeepsStatus => false;

    /// <summary>Whether it is about to go.</summary>
    public static bool IsTerminating(ApiObject item) => item.Manifest!["metadata"]!["deletionTimestamp"] is not null;

    /// <inheritdoc/>
    public override JsonObject Write(ApiObject item)
    {
        var json = base.Write(item);
        var definition = new CustomDefinition(item.Manifest!);
        var isTaken = Store.Types.IsTaken(definition.Name, definition.Group, definition.Kind);
        var since = json.Text("metadata.creationTimestamp");
        json["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(
            [
                isTaken
                    ? Condition("NamesAccepted", "False", "KindConflict", $"\"{definition.Kind}\" is already in use", since)
                    : Condition("NamesAccepted", "True", "NoConflicts", "no conflicts found", since),
                isTaken
                    ? Condition("Established", "False", "NotAccepted", "not all names are accepted", since)
                    : Condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted", since),
                .. IsTerminating(item)
                    ? [Condition("Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress", json.Text("metadata.deletionTimestamp"))]
                    : Array.Empty<JsonNode>(),
            ]),
            ["acceptedNames"] = isTaken ? new JsonObject { ["plural"] = "", ["kind"] = "" } : json.Find("spec.names")!.DeepClone(),
            ["storedVersions"] = new JsonArray(definition.StorageVersion),
        };
        return json;
    }

    /// <inheritdoc/>
    public override void CheckShape(Shape shape, JsonObject manifest)
    {
        var spec = shape.Need(manifest, "spec");
        shape.Texts(spec, "group", "scope");
        var names = shape.Object(spec, "names");
        shape.Texts(names, "kind", "plural", "singular", "listKind");
        shape.ListsOfTexts(names, "shortNames", "categories");
        foreach (var version in shape.Objects(spec, "versions"))
        {
            shape.Texts(version, "name");
            shape.Flags(version, "served", "storage");
            shape.Object(shape.Object(version, "schema"), "openAPIV3Schema");
            shape.Object(shape.Object(version, "subresources"), "status");
        }
    }

    /// <inheritdoc/>
    public override void Complete(JsonObject manifest, JsonObject? old) => Fill(manifest);

    /// <summary>Fills in the names that follow from the kind.</summary>
    public static void Fill(JsonObject manifest)
    {
        var spec = manifest.Member("spec");
        var names = spec.Member("names");
        if (names.Text("kind") is { Length: > 0 } kind)
        {
            if (names.Text("singular").Length == 0) names["singular"] = kind.ToLowerInvariant();
            if (names.Text("listKind").Length == 0) names["listKind"] = $"{kind}List";
        }

        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Check(JsonObject manifest, JsonObject? old) =>
        DefinitionRules.Check(manifest).Concat(old is null ? [] : s_fixed.Where(field => manifest["spec"]!.AsObject().Text(field) != old["spec"]!.AsObject().Text(field))
            .Select(field => FieldError.Invalid($"spec.{field}", $"\"{manifest["spec"]!.AsObject().Text(field)}\"", "field is immutable")));

    /// <inheritdoc/>
    public override void Create(ApiObject item) => Store.Define(item);

    /// <inheritdoc/>
    public override void Update(ApiObject item, JsonObject old) => Store.Define(item);

    /// <inheritdoc/>
    public override void Delete(ApiObject item, DeletionPropagation propagation, long? gracePeriodSeconds)
    {
        if (IsTerminating(item)) return;
        var manifest = (JsonObject)item.Manifest!.DeepClone();
        manifest["metadata"]!["deletionTimestamp"] = ApiTime.Text(Simulation.Now);
        Store.Update(item, manifest);
        foreach (var custom in Store.ObjectsOf(item).ToArray()) Store.Delete(custom, propagation, null);
        ContentGone(item);
    }

    /// <inheritdoc/>
    public override void Follow(ApiObject item, ChangeType change)
    {
        if (change == ChangeType.Deleted) Store.Forget(item);
    }

    /// <summary>An object of the kind that it defines is gone.</summary>
    public override void ContentGone(ApiObject item)
    {
        if (IsTerminating(item) && !Store.ObjectsOf(item).Any()) Store.Remove(item);
    }

    private static JsonObject Condition(string type, string status, string reason, string message, string since) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastTransitionTime"] = since,
        ["reason"] = reason,
        ["message"] = message,
    };
}
