using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What the API server writes into the spec of a pod, alone or in a template, where its author wrote nothing.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ .</remarks>
internal static class PodSpecDefaults
{
    /// <summary>Fills in a spec whose shape has been checked.</summary>
    public static void Fill(JsonObject pod)
    {
        pod["restartPolicy"] ??= "Always";
        pod["terminationGracePeriodSeconds"] ??= 30;
        pod["dnsPolicy"] ??= "ClusterFirst";
        pod["schedulerName"] ??= "default-scheduler";
        pod["securityContext"] ??= new JsonObject();
        foreach (var list in new[] { "containers", "initContainers" })
        {
            foreach (var container in (pod[list] as JsonArray ?? []).OfType<JsonObject>()) FillContainer(container);
        }
    }

    private static void FillContainer(JsonObject container)
    {
        container["terminationMessagePath"] ??= "/dev/termination-log";
        container["terminationMessagePolicy"] ??= "File";
        container["imagePullPolicy"] ??= IsLatest(container["image"]?.ToString() ?? "") ? "Always" : "IfNotPresent";
        foreach (var port in (container["ports"] as JsonArray ?? []).OfType<JsonObject>()) port["protocol"] ??= "TCP";
        foreach (var name in new[] { "readinessProbe", "livenessProbe", "startupProbe" })
        {
            if (container[name] is JsonObject probe) FillProbe(probe);
        }

        var resources = container.Member("resources");
        foreach (var name in new[] { "limits", "requests" })
        {
            if (resources[name] is JsonObject quantities) WriteAsText(quantities);
        }

        // A limit without a request is a request too.
        foreach (var (resource, limit) in resources["limits"] as JsonObject ?? []) resources.Member("requests")[resource] ??= limit?.DeepClone();
    }

    private static void FillProbe(JsonObject probe)
    {
        if (probe["httpGet"] is JsonObject http)
        {
            http["path"] ??= "/";
            http["scheme"] ??= "HTTP";
        }

        probe["timeoutSeconds"] ??= 1;
        probe["periodSeconds"] ??= 10;
        probe["successThreshold"] ??= 1;
        probe["failureThreshold"] ??= 3;
    }

    /// <summary>Quantities may be written as numbers and in many ways; the API keeps them as texts, in one.</summary>
    private static void WriteAsText(JsonObject quantities)
    {
        foreach (var (name, value) in quantities.ToArray()) quantities[name] = CanonicalQuantity.Text(value!.ToString());
    }

    private static bool IsLatest(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return false;
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal);
    }
}
