using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>Which template a StatefulSet's or DaemonSet's pod was made from.</summary>
internal static class ControllerRevision
{
    /// <summary>The label that tells it.</summary>
    public const string Label = "controller-revision-hash";

    /// <summary>Of names that begin alike the longer has the higher number.</summary>
    private static readonly Comparer<(int Length, string Name)> s_byNumber = Comparer<(int Length, string Name)>.Create(
        static (one, other) => one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(one.Name, other.Name));

    /// <summary>Brings the workload's newest revision up to date with its template.</summary>
    /// <remarks>
    /// The pods of a snapshot are taken to be of its template: a simulation must not begin with a rollout that nobody asked for. Where a StatefulSet's pods differ, its
    /// partition is why, and the highest number has the newest.
    /// </remarks>
    public static void Update(SimulatedWorkload workload)
    {
        var template = PodTemplate.Describe(workload.Spec.PodLabels, workload.Spec.PodSpec);
        if (workload.RevisionTemplate == template) return;
        var isFirst = workload.RevisionTemplate is null;
        workload.RevisionTemplate = template;
        if (isFirst && workload.Pods.MaxBy(static pod => (pod.Name.Length, pod.Name), s_byNumber) is { } pod && pod.Labels.TryGetValue(Label, out var known))
        {
            workload.UpdateRevision = known;
            return;
        }

        var hash = PodTemplate.Hash(workload.Spec.PodLabels, workload.Spec.PodSpec);
        workload.UpdateRevision = workload.Kind == "StatefulSet" ? $"{workload.Name}-{hash}" : hash;
    }

    /// <summary>Whether the pod is of the newest template. One that does not say is taken to be.</summary>
    public static bool IsNewest(SimulatedWorkload workload, SimulatedPod pod) =>
        !pod.Labels.TryGetValue(Label, out var revision) || revision == workload.UpdateRevision;

    /// <summary>Makes a pod of the newest template.</summary>
    public static void AddPod(
        SimulatedWorkload workload, string name, PodSpec spec, ClusterState state, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        Dictionary<string, string> all = new(workload.Spec.PodLabels) { [Label] = workload.UpdateRevision! };
        foreach (var (key, value) in labels) all[key] = value;
        state.AddPod(workload.Namespace, name, all, spec, workload);
    }
}
