using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Resilience;

/// <summary>Says who else writes what a change of a workload writes, and so takes it back: autoscalers, and tools that apply manifests.</summary>
public static class WorkloadOwners
{
    private static readonly ApiResource s_autoscalers = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Namespaced: true);

    /// <summary>Looks for them.</summary>
    /// <param name="connection">The cluster: the workload and the autoscalers of its namespace are read.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="change">The change.</param>
    /// <param name="log">Is told where they cannot be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A sentence each; none where nobody is known.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(ChaosConnection connection, Workload workload, ClusterOverlay change, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(log);
        List<string> sentences = [];
        try
        {
            if (await connection.Cluster.FindObjectAsync(WorkloadOperations.ReferenceOf(workload), cancellationToken) is { } item && ToolOf(item) is { } tool)
                sentences.Add($"{tool} applies {workload}, and may put back what is changed here. Change what it applies: -Path takes manifests.");
            if (change.Workloads.Any(static it => it.Replicas is not null))
            {
                var autoscalers = await connection.Cluster.ListAsync(
                    s_autoscalers, workload.Namespace, item => KubernetesReader.ReadAutoscaler(item, workload.Cluster), cancellationToken);
                if (autoscalers.FirstOrDefault(it => it.TargetKind == workload.Kind && it.TargetName == workload.Name) is { } autoscaler)
                    sentences.Add(string.Create(CultureInfo.InvariantCulture, $"HorizontalPodAutoscaler {autoscaler.Name} sets the replicas of {workload}, {autoscaler.MinReplicas} to {autoscaler.MaxReplicas}: what is set here lasts until it looks again. Its minReplicas lasts."));
            }
        }
        catch (ChaosException exception)
        {
            // It is advice, and needs no rights that the change does not.
            log.Write(ChaosLogLevel.Verbose, $"Whether somebody else takes the change back is not known: {exception.Summary}");
        }

        return sentences;
    }

    /// <summary>Argo CD and Flux, by the marks that they put on what they apply.</summary>
    /// <remarks>Sources: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ , https://fluxcd.io/flux/components/kustomize/kustomizations/ .</remarks>
    private static string? ToolOf(ApiFields item)
    {
        var (labels, annotations) = (item.Map("metadata", "labels"), item.Map("metadata", "annotations"));
        if (labels.TryGetValue("argocd.argoproj.io/instance", out var application)) return $"Argo CD ({application})";
        if (annotations.TryGetValue("argocd.argoproj.io/tracking-id", out var tracking)) return $"Argo CD ({tracking.Split(':')[0]})";
        if (labels.TryGetValue("kustomize.toolkit.fluxcd.io/name", out var kustomization)) return $"Flux (Kustomization {kustomization})";
        return labels.TryGetValue("helm.toolkit.fluxcd.io/name", out var release) ? $"Flux (HelmRelease {release})" : null;
    }
}
