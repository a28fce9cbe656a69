using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Pieces that several kinds of objects have.</summary>
internal static class JsonParts
{
    /// <summary>A manifest as the beginning of the object's JSON: a copy without kind and apiVersion.</summary>
    public static JsonObject Copy(JsonObject manifest)
    {
        var copy = (JsonObject)manifest.DeepClone();
        copy.Remove("kind");
        copy.Remove("apiVersion");
        return copy;
    }

    /// <summary>The object inside an object; made when it is not there.</summary>
    public static JsonObject Member(this JsonObject json, string name)
    {
        if (json[name] is JsonObject member) return member;
        member = [];
        json[name] = member;
        return member;
    }

    /// <summary>An object as it stands alone: its kind and apiVersion come first.</summary>
    public static JsonObject Alone(ResourceType type, JsonObject json)
    {
        json.Insert(0, "kind", type.Kind);
        json.Insert(1, "apiVersion", type.ApiVersion);
        return json;
    }

    /// <summary>Writes what the API server counts into the metadata.</summary>
    public static void Stamp(JsonObject metadata, ApiObject item)
    {
        metadata["uid"] = item.Uid;
        metadata["resourceVersion"] = Number(item.Version);
        if (item.Live is not { DeletionTimestamp: { } deletion } live || live.Kind != item.Type.Kind) return;
        metadata["deletionTimestamp"] = ApiTime.Text(deletion);
        metadata["deletionGracePeriodSeconds"] = live.DeletionGracePeriodSeconds ?? 0;
    }

    /// <summary>The metadata of an object that was not written by a user.</summary>
    public static JsonObject Metadata(ApiObject item, DateTimeOffset created, string? generateName = null)
    {
        var metadata = new JsonObject { ["name"] = item.Name };
        if (generateName is not null) metadata["generateName"] = generateName;
        if (item.Namespace.Length > 0) metadata["namespace"] = item.Namespace;
        metadata["creationTimestamp"] = ApiTime.Text(created);
        Stamp(metadata, item);
        return metadata;
    }

    /// <summary>The labels of an object's JSON.</summary>
    public static Dictionary<string, string> Labels(JsonObject json) =>
        (json["metadata"]?["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? "");

    /// <summary>A number as the API writes it where it wants a text: resource versions, revisions.</summary>
    public static string Number(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Labels or other texts by name.</summary>
    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    /// <summary>Takes annotations out of an object.</summary>
    public static void RemoveAnnotations(JsonObject json, params ReadOnlySpan<string> names)
    {
        if (json["metadata"]?["annotations"] is not JsonObject annotations) return;
        foreach (var name in names) annotations.Remove(name);
        if (annotations.Count == 0) json["metadata"]!.AsObject().Remove("annotations");
    }

    /// <summary>Takes the reference to a controlling owner out of the metadata of an object that has none any more.</summary>
    public static void RemoveController(JsonObject metadata)
    {
        if (metadata["ownerReferences"] is not JsonArray references) return;
        foreach (var reference in references.Where(static reference => (bool?)reference?["controller"] is true).ToArray()) references.Remove(reference);
        if (references.Count == 0) metadata.Remove("ownerReferences");
    }

    /// <summary>The one reference to the controlling owner.</summary>
    public static JsonArray OwnerReferences(string kind, string name, string? uid) =>
    [
        new JsonObject
        {
            ["apiVersion"] = kind switch { "Service" => "v1", "Job" => "batch/v1", _ => "apps/v1" },
            ["kind"] = kind,
            ["name"] = name,
            ["uid"] = uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        },
    ];
}
