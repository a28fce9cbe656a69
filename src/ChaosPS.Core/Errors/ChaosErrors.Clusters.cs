using ChaosPS.Clusters;

namespace ChaosPS.Errors;

/// <content>Reading clusters.</content>
public static partial class ChaosErrors
{
    /// <summary>The node object was deleted since it was read.</summary>
    public static ChaosException NodeGone(string name, string cluster) => new(
        "NodeGone", ErrorKind.NotFound,
        $"Node '{name}' was removed from cluster '{cluster}'.",
        "Its machine may have been deleted: Get-ClusterNode shows what is there now.", name);

    /// <summary>No workload has that name.</summary>
    public static ChaosException WorkloadNotFound(string name, string? @namespace, IEnumerable<string> existing) => new(
        "WorkloadNotFound", ErrorKind.NotFound,
        $"No workload '{name}'{(@namespace is null ? "" : $" in namespace '{@namespace}'")}. There are: {List(existing)}.",
        "Get-PodDistribution lists the workloads; names take wildcards.", name);

    /// <summary>No pod of that name, where it was looked for.</summary>
    public static ChaosException PodNotFound(string name, IReadOnlyCollection<string>? namespaces, IReadOnlyCollection<string> nodes) => new(
        "PodNotFound", ErrorKind.NotFound,
        $"No pod '{name}'{(namespaces is { Count: > 0 } ? $" in namespace {List(namespaces)}" : "")}{(nodes.Count > 0 ? $" on {List(nodes)}" : "")}.",
        "A controller gives the pods that it makes again other names. Get-ClusterPod lists them; names take wildcards.", name);

    /// <summary>The workload's kind has no replicas to set, or no template that may be changed.</summary>
    public static ChaosException WorkloadKindNotSupported(string workload, string what) => new(
        "WorkloadKindNotSupported", ErrorKind.NotSupported,
        $"{what} is not possible for {workload}: its kind has none.",
        "Deployments and StatefulSets can be changed so.", workload);

    /// <summary>The pods lack the label that the rule would select them by.</summary>
    public static ChaosException LabelMissing(string workload, string key, IEnumerable<string> existing) => new(
        "LabelMissing", ErrorKind.InvalidArgument,
        $"The pods of {workload} have no label '{key}', so a rule by it would keep no two of them apart. Their labels: {List(existing)}.",
        "Name one of them with -LabelKey.", workload);

    /// <summary>No label was named, and the workload's selector does not have just one.</summary>
    public static ChaosException LabelAmbiguous(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return new ChaosException(
            "LabelAmbiguous", ErrorKind.InvalidArgument,
            $"Which label is to keep the pods of {workload} apart? Its selector is '{workload.Selector}'; the labels of its pods: {List(workload.PodLabels.Keys)}.",
            "Name one with -LabelKey whose value only these pods have.", workload.ToString());
    }
}
