using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Binding;

/// <summary>Takes what Get-PodDistribution writes where a workload is wanted. Of pods it says that they are none: many belong to one workload, and some to none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WorkloadAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            PodDistribution distribution => distribution.Workload,
            ClusterPod pod => throw new ArgumentTransformationMetadataException($"{pod.Namespace}/{pod.Name} is a pod, and no workload: Get-PodDistribution lists the workloads."),
            object[] items => Array.ConvertAll(items, item => Transform(engineIntrinsics, item)),
            _ => inputData,
        };
}
