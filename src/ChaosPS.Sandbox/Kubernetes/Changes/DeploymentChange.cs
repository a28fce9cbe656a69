using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>PUT and PATCH of Deployments and of their scale.</summary>
internal static class DeploymentChange
{
    private static readonly ResourceType s_type = ResourceTypes.Deployment;

    /// <summary>What the server keeps, whatever a client writes there.</summary>
    private static readonly string[] s_serverFields =
    [
        "uid", "creationTimestamp", "generation", "resourceVersion", "managedFields", "selfLink", "deletionTimestamp",
    ];

    /// <summary>Replaces or patches a Deployment.</summary>
    public static JsonObject Write(FaceRequest request, KubernetesObjects objects, ClusterSimulation simulation, string @namespace, string name)
    {
        var old = objects.Manifest(s_type, @namespace, name);
        var wanted = RequestBody.Apply(request, objects.Get(s_type, @namespace, name).WriteAlone(), s_type);
        wanted.Remove("status");
        var metadata = wanted["metadata"]!.AsObject();
        foreach (var field in s_serverFields)
        {
            if (old["metadata"]![field] is { } kept) metadata[field] = kept.DeepClone();
            else metadata.Remove(field);
        }

        // The revision is the Deployment controller's, not the author's.
        var annotations = metadata["annotations"] as JsonObject;
        if (annotations?.Remove(WorkloadWriter.RevisionAnnotation) is true && annotations.Count == 0) metadata.Remove("annotations");

        DeploymentRules.CheckShape(wanted);
        DeploymentDefaults.Fill(wanted);
        return Store(request, objects, simulation, old, wanted);
    }

    /// <summary>Reads the scale of a Deployment.</summary>
    public static JsonObject ReadScale(KubernetesObjects objects, ClusterSimulation simulation, string @namespace, string name)
    {
        var manifest = objects.Manifest(s_type, @namespace, name);
        return WorkloadWriter.WriteScale(simulation.FindDeployment(@namespace, name)!, manifest, (int)manifest["spec"]!["replicas"]!);
    }

    /// <summary>Replaces or patches the scale of a Deployment.</summary>
    public static JsonObject Scale(FaceRequest request, KubernetesObjects objects, ClusterSimulation simulation, string @namespace, string name)
    {
        var old = objects.Manifest(s_type, @namespace, name);
        var scale = RequestBody.Apply(request, ReadScale(objects, simulation, @namespace, name), s_type);
        var spec = scale["spec"] as JsonObject ?? [];
        var replicas = 0;
        if (spec["replicas"] is { } value && !(value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out replicas)))
        {
            throw RequestBody.Unreadable(scale, $"replicas is no 32-bit integer: {value.ToJsonString()}");
        }

        if (replicas < 0)
        {
            throw StatusException.Invalid(
                new ResourceType("autoscaling", "v1", "Scale", "scales", true), name,
                FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0"));
        }

        var wanted = (JsonObject)old.DeepClone();
        wanted["spec"]!["replicas"] = replicas;
        Store(request, objects, simulation, old, wanted);
        return WorkloadWriter.WriteScale(simulation.FindDeployment(@namespace, name)!, wanted, replicas);
    }

    /// <summary>Checks the new version and, unless it is a dry run, makes it the present one. Returns the Deployment as it then is.</summary>
    private static JsonObject Store(FaceRequest request, KubernetesObjects objects, ClusterSimulation simulation, JsonObject old, JsonObject wanted)
    {
        var name = (string)old["metadata"]!["name"]!;
        var @namespace = (string)old["metadata"]!["namespace"]!;
        if (DeploymentRules.Check(wanted, old) is { Count: > 0 } errors) throw StatusException.Invalid(s_type, name, errors);

        var deployment = simulation.FindDeployment(@namespace, name)!;
        if (DryRun.IsAsked(request))
        {
            var answer = WorkloadWriter.WriteDeployment(deployment, wanted);
            if (!CanonicalJson.AreEqual(old["spec"], wanted["spec"])) answer["metadata"]!["generation"] = deployment.Generation + 1;
            answer.Insert(0, "kind", s_type.Kind);
            answer.Insert(1, "apiVersion", s_type.ApiVersion);
            return answer;
        }

        if (!CanonicalJson.AreEqual(old, wanted)) objects.Replace(wanted);
        if (!CanonicalJson.AreEqual(old["spec"], wanted["spec"])) simulation.Apply(Read(wanted, objects, deployment));
        else if (!CanonicalJson.AreEqual(old, wanted)) simulation.Touch(deployment);

        return objects.Get(s_type, @namespace, name).WriteAlone();
    }

    private static Workload Read(JsonObject manifest, KubernetesObjects objects, SimulatedDeployment deployment)
    {
        var workload = KubernetesReader.ReadWorkload(JsonSerializer.SerializeToElement(manifest), s_type.Kind, deployment.Spec.Cluster);
        return workload with { PodSpec = workload.PodSpec with { TemplateMark = objects.MarkOf(manifest) } };
    }
}
