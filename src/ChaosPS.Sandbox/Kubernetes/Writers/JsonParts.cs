using System.Text.Json.Nodes;
using ChaosPS.Simulation;

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

    /// <summary>Writes what the API server counts into the metadata.</summary>
    public static void Stamp(JsonObject metadata, SimulatedObject item)
    {
        metadata["uid"] = item.Uid;
        metadata["resourceVersion"] = ResourceVersion(item.ResourceVersion);
        if (item.DeletionTimestamp is { } deletion)
        {
            metadata["deletionTimestamp"] = ApiTime.Text(deletion);
            metadata["deletionGracePeriodSeconds"] = item.DeletionGracePeriodSeconds ?? 0;
        }
    }

    /// <summary>The metadata of an object that was not written by a user.</summary>
    public static JsonObject Metadata(SimulatedObject item, string? generateName = null)
    {
        var metadata = new JsonObject { ["name"] = item.Name };
        if (generateName is not null) metadata["generateName"] = generateName;
        if (item.Namespace.Length > 0) metadata["namespace"] = item.Namespace;
        metadata["creationTimestamp"] = ApiTime.Text(item.CreationTimestamp);
        Stamp(metadata, item);
        return metadata;
    }

    /// <summary>A resource version as the API writes it.</summary>
    public static string ResourceVersion(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Labels or other texts by name.</summary>
    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    /// <summary>The one reference to the controlling owner.</summary>
    public static JsonArray OwnerReferences(string apiVersion, string kind, string name, string? uid) =>
    [
        new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["name"] = name,
            ["uid"] = uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        },
    ];
}
