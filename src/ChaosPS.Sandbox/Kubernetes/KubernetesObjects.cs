using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The objects of the API: what users wrote, joined with what the simulation made of it.</summary>
internal sealed class KubernetesObjects(ManifestStore manifests, StableId ids, ClusterSimulation simulation)
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    /// <summary>The pod templates that replica sets stand for, by namespace and name, as their authors wrote them.</summary>
    private readonly Dictionary<(string Namespace, string Name), JsonObject> _templates = [];

    /// <summary>All objects of a type, of one namespace or of all, in the order of their keys.</summary>
    public IReadOnlyList<ApiObject> List(ResourceType type, string? @namespace) =>
    [
        .. All(type)
            .Where(item => @namespace is null || item.Namespace == @namespace)
            .OrderBy(item => item.Key, StringComparer.Ordinal),
    ];

    /// <summary>One object.</summary>
    /// <exception cref="StatusException">There is none.</exception>
    public ApiObject Get(ResourceType type, string @namespace, string name) =>
        All(type).FirstOrDefault(item => item.Name == name && item.Namespace == @namespace) ?? throw StatusException.NotFound(type, name);

    /// <summary>The object as it was written.</summary>
    /// <exception cref="StatusException">There is none.</exception>
    public JsonObject Manifest(ResourceType type, string @namespace, string name) =>
        manifests.Find(type.Kind, @namespace, name) ?? throw StatusException.NotFound(type, name);

    /// <summary>Takes a new version of an object. Replica sets that stand for the old one keep its template.</summary>
    public void Replace(JsonObject manifest)
    {
        foreach (var replicaSet in simulation.ReplicaSets) TemplateOf(replicaSet);
        manifests.Put(manifest);
    }

    private IEnumerable<ApiObject> All(ResourceType type) => type.Plural switch
    {
        "nodes" => simulation.Nodes.Select(node => new ApiObject(
            type, "", node.Name, node.Labels,
            _ => node.Unschedulable ? "true" : "false",
            () => NodeWriter.Write(node, manifests.Find("Node", "", node.Name)!, ids, simulation.Now))),
        "leases" => simulation.Nodes.Select(node => new ApiObject(
            type, NodeWriter.LeaseNamespace, node.Name, s_noLabels, _ => "", () => NodeWriter.WriteLease(node, ids, simulation.Now))),
        "pods" => simulation.Pods.Select(pod => new ApiObject(
            type, pod.Namespace, pod.Name, pod.Labels, field => PodField(pod, field), () => PodWriter.Write(pod, SpecOf(pod), ids))),
        "deployments" => simulation.Deployments.Select(deployment =>
        {
            var manifest = manifests.Find("Deployment", deployment.Namespace, deployment.Name)!;
            return new ApiObject(type, deployment.Namespace, deployment.Name, LabelsOf(manifest), _ => "", () => WorkloadWriter.WriteDeployment(deployment, manifest));
        }),
        "replicasets" => simulation.ReplicaSets.Select(replicaSet => new ApiObject(
            type, replicaSet.Namespace, replicaSet.Name, replicaSet.PodLabels,
            _ => JsonParts.ResourceVersion(replicaSet.CurrentReplicas),
            () => WorkloadWriter.WriteReplicaSet(replicaSet, OwnerOf(replicaSet), TemplateOf(replicaSet)))),
        "daemonsets" => simulation.OtherWorkloads.Where(workload => workload.Kind == "DaemonSet").Select(daemonSet =>
        {
            var manifest = manifests.Find("DaemonSet", daemonSet.Namespace, daemonSet.Name)!;
            return new ApiObject(type, daemonSet.Namespace, daemonSet.Name, LabelsOf(manifest), _ => "", () => WorkloadWriter.WriteDaemonSet(daemonSet, manifest));
        }),
        "endpointslices" => simulation.Services.Select(service =>
        {
            var manifest = manifests.Find("Service", service.Namespace, service.Name)!;
            return new ApiObject(
                type, service.Namespace, service.SliceName, EndpointSliceWriter.Labels(service, manifest), _ => "",
                () => EndpointSliceWriter.Write(service, manifest, ids, node => simulation.FindNode(node)?.Spec.Zone));
        }),
        "events" => simulation.Events.Select(item => new ApiObject(
            type, EventWriter.NamespaceOf(item), item.Name, s_noLabels, field => EventField(item, field), () => EventWriter.Write(item))),
        _ => manifests.Of(type.Kind).Select(manifest => Static(type, manifest)),
    };

    /// <summary>An object that no controller of the simulation touches.</summary>
    private ApiObject Static(ResourceType type, JsonObject manifest)
    {
        var metadata = manifest["metadata"]!;
        var service = type.Kind == "Service"
            ? simulation.Services.FirstOrDefault(item => item.Name == (string?)metadata["name"] && item.Namespace == (string?)metadata["namespace"])
            : null;
        return new ApiObject(type, (string?)metadata["namespace"] ?? "", (string)metadata["name"]!, LabelsOf(manifest), Field, Write);

        string Field(string field) =>
            field.Split('.').Aggregate((JsonNode?)manifest, (node, step) => (node as JsonObject)?[step]) is JsonValue value ? value.ToString() : "";

        JsonObject Write()
        {
            var json = JsonParts.Copy(manifest);
            var copy = json.Member("metadata");
            copy["uid"] = service?.Uid ?? (string?)copy["uid"];
            copy["resourceVersion"] = "1";
            return json;
        }
    }

    private JsonObject SpecOf(SimulatedPod pod)
    {
        var template = pod.OwnerKind switch
        {
            "ReplicaSet" => TemplateOf(simulation.ReplicaSets.First(replicaSet => replicaSet.Name == pod.OwnerName && replicaSet.Namespace == pod.Namespace)),
            { } kind => TemplateIn(manifests.Find(kind, pod.Namespace, pod.OwnerName!)!),
            null => throw new InvalidOperationException($"The sandbox has no manifest of the pod {pod.Namespace}/{pod.Name}."),
        };
        return template["spec"]!.AsObject();
    }

    /// <summary>
    /// A replica set is made for the template that its Deployment has at that time. So one that is seen for the first time stands
    /// for the present one: <see cref="Replace"/> looks at all of them before the template changes.
    /// </summary>
    private JsonObject TemplateOf(SimulatedReplicaSet replicaSet)
    {
        var key = (replicaSet.Namespace, replicaSet.Name);
        if (_templates.TryGetValue(key, out var template)) return template;
        template = (JsonObject)TemplateIn(OwnerOf(replicaSet)).DeepClone();
        _templates.Add(key, template);
        return template;
    }

    private JsonObject OwnerOf(SimulatedReplicaSet replicaSet) => replicaSet.Deployment is { } deployment
        ? manifests.Find("Deployment", deployment.Namespace, deployment.Name)!
        : throw new InvalidOperationException($"The sandbox has no manifest of the replica set {replicaSet.Namespace}/{replicaSet.Name}.");

    private static JsonObject TemplateIn(JsonObject workload) => workload["spec"]!["template"]!.AsObject();

    private static Dictionary<string, string> LabelsOf(JsonObject manifest) =>
        (manifest["metadata"]!["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string)label.Value!);

    private static string PodField(SimulatedPod pod, string field) => field switch
    {
        "spec.nodeName" => pod.NodeName ?? "",
        "spec.restartPolicy" => "Always",
        "spec.schedulerName" => "default-scheduler",
        "spec.serviceAccountName" => "default",
        "status.phase" => pod.Phase,
        "status.podIP" => pod.PodIP ?? "",
        _ => "",
    };

    private static string EventField(SimulatedEvent item, string field) => field switch
    {
        "involvedObject.kind" => item.InvolvedObject.Kind,
        "involvedObject.name" => item.InvolvedObject.Name,
        "involvedObject.namespace" => item.InvolvedObject.Namespace,
        "involvedObject.uid" => item.InvolvedObject.Uid,
        "reason" => item.Reason,
        "type" => item.Type,
        _ => "",
    };
}
