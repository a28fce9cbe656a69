using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Events in the core group's form.</summary>
internal static class EventWriter
{
    /// <summary>The namespace that an event is kept in: events of nodes and other objects of the cluster are in <c>default</c>.</summary>
    public static string NamespaceOf(SimulatedEvent item) => item.Namespace.Length == 0 ? "default" : item.Namespace;

    /// <summary>An Event.</summary>
    public static JsonObject Write(SimulatedEvent item)
    {
        var about = item.InvolvedObject;
        var metadata = JsonParts.Metadata(item);
        metadata["namespace"] = NamespaceOf(item);
        var involved = new JsonObject { ["kind"] = about.Kind };
        if (about.Namespace.Length > 0) involved["namespace"] = about.Namespace;
        involved["name"] = about.Name;
        involved["uid"] = about.Uid;
        involved["apiVersion"] = about.Kind is "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" ? "apps/v1" : "v1";
        involved["resourceVersion"] = JsonParts.ResourceVersion(item.InvolvedResourceVersion);

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
}
