using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Events in the core group's form.</summary>
internal static class EventWriter
{
    /// <summary>What the two forms call differently.</summary>
    private static readonly (string Core, string New)[] s_names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    /// <summary>The namespace that an event is kept in: events of nodes and other objects of the cluster are in <c>default</c>.</summary>
    public static string NamespaceOf(SimulatedEvent item) => item.Namespace.Length == 0 ? "default" : item.Namespace;

    /// <summary>An Event.</summary>
    public static JsonObject Write(ApiObject entry, SimulatedEvent item)
    {
        var about = item.InvolvedObject;
        var metadata = JsonParts.Metadata(entry, item.CreationTimestamp);
        var involved = new JsonObject { ["kind"] = about.Kind };
        if (about.Namespace.Length > 0) involved["namespace"] = about.Namespace;
        involved["name"] = about.Name;
        involved["uid"] = about.Uid;
        involved["apiVersion"] = about.Kind is "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" ? "apps/v1" : "v1";
        involved["resourceVersion"] = JsonParts.Number(item.InvolvedResourceVersion);

        // The newer form, which the scheduler writes, has an event time and an action; the older one a source, two times and a count.
        var newer = item.Action is not null;
        var source = new JsonObject();
        if (!newer)
        {
            source["component"] = item.Component;
            if (item.Host is not null) source["host"] = item.Host;
        }

        var json = new JsonObject
        {
            ["metadata"] = metadata,
            ["involvedObject"] = involved,
            ["reason"] = item.Reason,
            ["message"] = item.Message,
            ["source"] = source,
            ["firstTimestamp"] = newer ? null : ApiTime.Text(item.FirstTimestamp),
            ["lastTimestamp"] = newer ? null : ApiTime.Text(item.LastTimestamp),
        };
        if (!newer) json["count"] = item.Count;
        json["type"] = item.Type;
        json["eventTime"] = newer ? ApiTime.MicroText(item.FirstTimestamp) : null;
        if (newer) json["action"] = item.Action;
        json["reportingComponent"] = item.Component;
        json["reportingInstance"] = item.Host ?? (newer ? item.Component : "");
        return json;
    }

    /// <summary>The same event in the form of the group <c>events.k8s.io</c>.</summary>
    public static JsonObject ToNew(JsonObject core) => Rename(core, static names => names.Core, static names => names.New);

    /// <summary>The same for an event as it stands alone.</summary>
    public static JsonObject AloneAsNew(JsonObject core)
    {
        var json = ToNew(core);
        json["apiVersion"] = ResourceTypes.NewEvent.ApiVersion;
        return json;
    }

    /// <summary>An event of the group <c>events.k8s.io</c> in the core group's form.</summary>
    public static JsonObject ToCore(JsonObject json) => Rename(json, static names => names.New, static names => names.Core);

    /// <summary>The name of a field of the group <c>events.k8s.io</c> in the core group's form.</summary>
    public static string CoreField(string field)
    {
        var end = field.IndexOf('.', StringComparison.Ordinal);
        var first = end < 0 ? field : field[..end];
        return (s_names.FirstOrDefault(names => names.New == first).Core ?? first) + (end < 0 ? "" : field[end..]);
    }

    private static JsonObject Rename(JsonObject json, Func<(string Core, string New), string> from, Func<(string Core, string New), string> to)
    {
        var renamed = new JsonObject();
        foreach (var (name, value) in json)
        {
            var known = s_names.FirstOrDefault(names => from(names) == name);
            renamed[known.Core is null ? name : to(known)] = value?.DeepClone();
        }

        return renamed;
    }
}
