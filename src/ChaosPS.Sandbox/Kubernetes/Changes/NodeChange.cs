using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>PUT and PATCH of Nodes: cordon and uncordon.</summary>
internal static class NodeChange
{
    private static readonly ResourceType s_type = ResourceTypes.Node;

    /// <summary>Replaces or patches a Node. Only <c>spec.unschedulable</c> can change.</summary>
    public static JsonObject Write(FaceRequest request, KubernetesObjects objects, ClusterSimulation simulation, string name)
    {
        var current = objects.Get(s_type, "", name).WriteAlone();
        var wanted = RequestBody.Apply(request, current, s_type);
        var spec = wanted["spec"] as JsonObject ?? [];
        var unschedulable = spec["unschedulable"]?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw RequestBody.Unreadable(wanted, "unschedulable is neither true nor false"),
        };
        if (!CanonicalJson.AreEqual(Rest(current), Rest(wanted)))
        {
            throw StatusException.Invalid(s_type, name, FieldError.Forbidden("spec", "the sandbox changes nothing of a node but spec.unschedulable"));
        }

        if (DryRun.IsAsked(request))
        {
            current.Member("spec").Remove("unschedulable");
            if (unschedulable) current.Member("spec")["unschedulable"] = true;
            return current;
        }

        var node = simulation.FindNode(name)!;
        if (node.Unschedulable != unschedulable) simulation.SetUnschedulable(node, unschedulable);
        return objects.Get(s_type, "", name).WriteAlone();
    }

    /// <summary>Everything that a client must not change here; the status and what the server counts is not looked at.</summary>
    private static JsonObject Rest(JsonObject node)
    {
        var spec = node["spec"]?.DeepClone() as JsonObject ?? [];
        spec.Remove("unschedulable");
        return new JsonObject
        {
            ["labels"] = node["metadata"]!["labels"]?.DeepClone(),
            ["annotations"] = node["metadata"]!["annotations"]?.DeepClone(),
            ["spec"] = spec,
        };
    }
}
