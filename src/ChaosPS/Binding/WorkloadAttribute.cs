using System.Management.Automation;
using ChaosPS.Clusters;

namespace ChaosPS.Binding;

/// <summary>Takes what Get-PodDistribution writes where a workload is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WorkloadAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            PodDistribution distribution => distribution.Workload,
            object[] items => Array.ConvertAll(items, item => Transform(engineIntrinsics, item)),
            _ => inputData,
        };
}
