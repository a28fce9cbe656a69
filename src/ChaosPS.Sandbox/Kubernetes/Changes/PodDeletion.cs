using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>DELETE of Pods.</summary>
internal static class PodDeletion
{
    private static readonly ResourceType s_type = ResourceTypes.Pod;

    /// <summary>Begins to delete a pod; returns it as it then is.</summary>
    public static JsonObject Delete(FaceRequest request, KubernetesObjects objects, ClusterSimulation simulation, string @namespace, string name)
    {
        var item = objects.Get(s_type, @namespace, name);
        var pod = simulation.FindPod(@namespace, name)!;
        var options = RequestBody.DeleteOptions(request);
        if (options["preconditions"] is JsonObject preconditions && preconditions["uid"]?.ToString() is { } uid && uid != pod.Uid)
        {
            throw StatusException.UidConflict(s_type, name, uid, pod.Uid);
        }

        var answer = item.WriteAlone();
        if (DryRun.IsAsked(request)) return answer;
        var grace = Grace(request, options) ?? pod.Spec.TerminationGracePeriodSeconds;
        simulation.DeletePod(pod, grace);
        return ReferenceEquals(simulation.FindPod(@namespace, name), pod) ? item.WriteAlone() : answer;
    }

    private static int? Grace(FaceRequest request, JsonObject options)
    {
        var text = request.Query("gracePeriodSeconds") ?? options["gracePeriodSeconds"]?.ToString();
        if (string.IsNullOrEmpty(text)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw StatusException.BadRequest($"gracePeriodSeconds: Invalid value: \"{text}\": must be a non-negative integer");
    }
}
