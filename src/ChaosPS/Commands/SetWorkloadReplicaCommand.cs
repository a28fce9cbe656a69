using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Sets how many pods a workload has, and waits until they are there; or sets it in manifest files.</summary>
[Cmdlet(VerbsCommon.Set, "WorkloadReplica", DefaultParameterSetName = "Name", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RecordedRun), typeof(Workload))]
public sealed class SetWorkloadReplicaCommand : WorkloadCommand
{
    /// <summary>The number of pods.</summary>
    [Parameter(Mandatory = true)]
    [Alias("Count", "Quantity")]
    [ValidateRange(0, int.MaxValue)]
    public int Replicas { get; set; }

    private protected override string ActionText(Workload workload) => $"Set replicas {workload.Replicas} -> {Replicas}";

    private protected override void Check(BlastGate? gate, Workload workload, IChaosLog log)
    {
        WorkloadOperations.CheckReplicas(workload);
        gate?.CheckReplicas(workload, Replicas, log);
    }

    private protected override ClusterOverlay FileChange(Workload workload) => WorkloadOperations.ReplicaChange(workload, Replicas);

    private protected override Task RehearseAsync(ChaosConnection connection, Workload workload, CancellationToken stop) =>
        connection.Cluster.SetReplicasAsync(workload, Replicas, dryRun: true, stop);

    private protected override Task<Workload> ChangeAsync(WorkloadOperations operations, Workload workload, CancellationToken stop) =>
        operations.SetReplicasAsync(workload, Replicas, stop);
}
