using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes Endpoints, the older form of EndpointSlices. Terminating pods are not in them.</summary>
internal static class EndpointsWriter
{
    /// <summary>The endpoints of a Service, which was written as <paramref name="manifest"/>.</summary>
    public static JsonObject Write(ApiObject item, SimulatedService service, JsonObject manifest, StableId ids)
    {
        var metadata = JsonParts.Metadata(item, service.CreationTimestamp);
        metadata["uid"] = ids.Uid($"Endpoints/{service.Namespace}/{service.Name}");
        metadata["labels"] = JsonParts.Map(JsonParts.Labels(manifest));
        var ports = manifest["spec"]!["ports"] as JsonArray ?? [];
        var subset = new JsonObject();
        Add("addresses", endpoint => endpoint.Ready);
        Add("notReadyAddresses", endpoint => endpoint is { Serving: false, Terminating: false });
        if (subset.Count == 0) return new JsonObject { ["metadata"] = metadata };
        subset["ports"] = new JsonArray([.. ports.Select(port => Port(port!, service))]);
        return new JsonObject { ["metadata"] = metadata, ["subsets"] = new JsonArray(subset) };

        void Add(string name, Func<ServiceEndpoint, bool> chosen)
        {
            var addresses = service.Endpoints.Where(chosen).Select(Address).ToArray();
            if (addresses.Length > 0) subset[name] = new JsonArray([.. addresses]);
        }
    }

    private static JsonObject Address(ServiceEndpoint endpoint) => new()
    {
        ["ip"] = endpoint.Address,
        ["nodeName"] = endpoint.Pod.NodeName,
        ["targetRef"] = new JsonObject
        {
            ["kind"] = "Pod",
            ["namespace"] = endpoint.Pod.Namespace,
            ["name"] = endpoint.Pod.Name,
            ["uid"] = endpoint.Pod.Uid,
        },
    };

    private static JsonObject Port(JsonNode port, SimulatedService service)
    {
        var json = new JsonObject();
        if (port["name"] is { } name) json["name"] = name.DeepClone();
        json["port"] = EndpointSliceWriter.TargetPort(port, service);
        json["protocol"] = port["protocol"]?.DeepClone() ?? "TCP";
        return json;
    }
}
