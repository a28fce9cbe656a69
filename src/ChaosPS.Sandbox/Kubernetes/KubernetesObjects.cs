using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The objects of the API: what users wrote, joined with what the simulation made of it.</summary>
internal sealed class KubernetesObjects
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    private readonly ManifestStore _manifests;
    private readonly StableId _ids;
    private readonly ClusterSimulation _simulation;

    /// <summary>The templates that the Deployments began with: those carry no mark in the simulation.</summary>
    private readonly Dictionary<(string Namespace, string Name), JsonObject> _firstTemplates;

    /// <summary>The pod templates that replica sets stand for, by namespace and name, as their authors wrote them.</summary>
    private readonly Dictionary<(string Namespace, string Name), JsonObject> _templates = [];

    /// <summary>Begins with the manifests and the simulation in step.</summary>
    public KubernetesObjects(ManifestStore manifests, StableId ids, ClusterSimulation simulation)
    {
        _manifests = manifests;
        _ids = ids;
        _simulation = simulation;
        _firstTemplates = simulation.Deployments.ToDictionary(
            deployment => (deployment.Namespace, deployment.Name),
            deployment => (JsonObject)TemplateIn(manifests.Find(deployment.Kind, deployment.Namespace, deployment.Name)!).DeepClone());
    }

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
        _manifests.Find(type.Kind, @namespace, name) ?? throw StatusException.NotFound(type, name);

    /// <summary>Takes a new version of an object. Replica sets that stand for the old one keep its template.</summary>
    public void Replace(JsonObject manifest)
    {
        foreach (var replicaSet in _simulation.ReplicaSets) TemplateOf(replicaSet);
        _manifests.Put(manifest);
    }

    /// <summary>What stands for a Deployment's template in the simulation, which models only some of its fields.</summary>
    public string MarkOf(JsonObject manifest)
    {
        var template = TemplateIn(manifest);
        var metadata = manifest["metadata"]!;
        var first = _firstTemplates.GetValueOrDefault(((string)metadata["namespace"]!, (string)metadata["name"]!));
        return CanonicalJson.AreEqual(template, first) ? "" : _ids.Digest(CanonicalJson.Text(template))[..16];
    }

    private IEnumerable<ApiObject> All(ResourceType type) => type.Plural switch
    {
        "nodes" => _simulation.Nodes.Select(node => new ApiObject(
            type, "", node.Name, node.Labels,
            _ => node.Unschedulable ? "true" : "false",
            () => NodeWriter.Write(node, _manifests.Find("Node", "", node.Name)!, _ids, _simulation.Now))),
        "leases" => _simulation.Nodes.Select(node => new ApiObject(
            type, NodeWriter.LeaseNamespace, node.Name, s_noLabels, _ => "", () => NodeWriter.WriteLease(node, _ids, _simulation.Now))),
        "pods" => _simulation.Pods.Select(pod => new ApiObject(
            type, pod.Namespace, pod.Name, pod.Labels, field => PodField(pod, field), () => PodWriter.Write(pod, SpecOf(pod), _ids))),
        "deployments" => _simulation.Deployments.Select(deployment =>
        {
            var manifest = _manifests.Find("Deployment", deployment.Namespace, deployment.Name)!;
            return new ApiObject(type, deployment.Namespace, deployment.Name, LabelsOf(manifest), _ => "", () => WorkloadWriter.WriteDeployment(deployment, manifest));
        }),
        "replicasets" => _simulation.ReplicaSets.Select(replicaSet => new ApiObject(
            type, replicaSet.Namespace, replicaSet.Name, replicaSet.PodLabels,
            _ => JsonParts.ResourceVersion(replicaSet.CurrentReplicas),
            () => WorkloadWriter.WriteReplicaSet(replicaSet, OwnerOf(replicaSet), TemplateOf(replicaSet)))),
        "daemonsets" => _simulation.OtherWorkloads.Where(workload => workload.Kind == "DaemonSet").Select(daemonSet =>
        {
            var manifest = _manifests.Find("DaemonSet", daemonSet.Namespace, daemonSet.Name)!;
            return new ApiObject(type, daemonSet.Namespace, daemonSet.Name, LabelsOf(manifest), _ => "", () => WorkloadWriter.WriteDaemonSet(daemonSet, manifest));
        }),
        "endpointslices" => _simulation.Services.Select(service =>
        {
            var manifest = _manifests.Find("Service", service.Namespace, service.Name)!;
            return new ApiObject(
                type, service.Namespace, service.SliceName, EndpointSliceWriter.Labels(service, manifest), _ => "",
                () => EndpointSliceWriter.Write(service, manifest, _ids, node => _simulation.FindNode(node)?.Spec.Zone));
        }),
        "events" => _simulation.Events.Select(item => new ApiObject(
            type, EventWriter.NamespaceOf(item), item.Name, s_noLabels, field => EventField(item, field), () => EventWriter.Write(item))),
        _ => _manifests.Of(type.Kind).Select(manifest => Static(type, manifest)),
    };

    /// <summary>An object that no controller of the simulation touches.</summary>
    private ApiObject Static(ResourceType type, JsonObject manifest)
    {
        var metadata = manifest["metadata"]!;
        var service = type.Kind == "Service"
            ? _simulation.Services.FirstOrDefault(item => item.Name == (string?)metadata["name"] && item.Namespace == (string?)metadata["namespace"])
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
            "ReplicaSet" => TemplateOf(_simulation.ReplicaSets.First(replicaSet => replicaSet.Name == pod.OwnerName && replicaSet.Namespace == pod.Namespace)),
            { } kind => TemplateIn(_manifests.Find(kind, pod.Namespace, pod.OwnerName!)!),
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
        ? _manifests.Find("Deployment", deployment.Namespace, deployment.Name)!
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
