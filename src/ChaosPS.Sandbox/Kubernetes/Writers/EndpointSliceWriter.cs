using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Writers;

/// <summary>Writes EndpointSlices.</summary>
internal static class EndpointSliceWriter
{
    /// <summary>The labels of a Service's slice: the Service's own and who manages it.</summary>
    public static Dictionary<string, string> Labels(SimulatedService service, JsonObject manifest)
    {
        var labels = new Dictionary<string, string>
        {
            ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io",
            ["kubernetes.io/service-name"] = service.Name,
        };
        foreach (var (key, value) in JsonParts.Labels(manifest)) labels[key] = value;
        return labels;
    }

    /// <summary>The slice of a Service.</summary>
    /// <param name="item">The slice.</param>
    /// <param name="service">The Service with its endpoints.</param>
    /// <param name="manifest">The Service as it was written.</param>
    /// <param name="ids">For the slice's uid.</param>
    /// <param name="zoneOf">The zone of a node; null when it has none.</param>
    public static JsonObject Write(ApiObject item, SimulatedService service, JsonObject manifest, StableId ids, Func<string, string?> zoneOf)
    {
        var ports = manifest["spec"]!["ports"] as JsonArray ?? [];
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = service.SliceName,
                ["generateName"] = service.Name + "-",
                ["namespace"] = service.Namespace,
                ["uid"] = ids.Uid($"EndpointSlice/{service.Namespace}/{service.SliceName}"),
                ["resourceVersion"] = JsonParts.Number(item.Version),
                ["generation"] = service.Generation,
                ["creationTimestamp"] = ApiTime.Text(service.CreationTimestamp),
                ["labels"] = JsonParts.Map(Labels(service, manifest)),
                ["ownerReferences"] = JsonParts.OwnerReferences("Service", service.Name, service.Uid),
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. service.Endpoints.Select(endpoint => Endpoint(endpoint, zoneOf))]),
            ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject
            {
                ["name"] = port!["name"]?.DeepClone() ?? "",
                ["protocol"] = port["protocol"]?.DeepClone() ?? "TCP",
                ["port"] = TargetPort(port, service),
            })]),
        };
    }

    private static JsonObject Endpoint(ServiceEndpoint endpoint, Func<string, string?> zoneOf)
    {
        var json = new JsonObject
        {
            ["addresses"] = new JsonArray(endpoint.Address),
            ["conditions"] = new JsonObject { ["ready"] = endpoint.Ready, ["serving"] = endpoint.Serving, ["terminating"] = endpoint.Terminating },
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = endpoint.Pod.Namespace,
                ["name"] = endpoint.Pod.Name,
                ["uid"] = endpoint.Pod.Uid,
            },
        };
        if (endpoint.Pod.NodeName is { } node)
        {
            json["nodeName"] = node;
            if (zoneOf(node) is { } zone) json["zone"] = zone;
        }

        return json;
    }

    /// <summary>The container's port: written in the Service as a number; as a name it is one of the ingress controller's own.</summary>
    internal static int TargetPort(JsonNode port, SimulatedService service) => port["targetPort"] switch
    {
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => (int?)port["port"] ?? service.Spec.Port,
    };
}
