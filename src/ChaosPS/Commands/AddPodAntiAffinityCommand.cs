using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Keeps the pods of a workload on different nodes: adds a required pod anti-affinity rule to its template, and waits for the rollout.</summary>
[Cmdlet(VerbsCommon.Add, "PodAntiAffinity", DefaultParameterSetName = "Name", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RecordedRun), typeof(Workload))]
public sealed class AddPodAntiAffinityCommand : WorkloadCommand
{
    /// <summary>
    /// The label of the pods that the rule selects by, with the value that the workload's pods have. <c>service</c> where they have it, otherwise the
    /// one label of the workload's selector.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LabelKey { get; set; }

    /// <summary>The label of the nodes whose values must differ: the host name for nodes, <c>topology.kubernetes.io/zone</c> for zones.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string TopologyKey { get; set; } = "kubernetes.io/hostname";

    private protected override string ActionText(Workload workload) => $"Add required pod anti-affinity by label '{Label(workload)}' on {TopologyKey}";

    private protected override void Check(BlastGate? gate, Workload workload, IChaosLog log) => Label(workload);

    private protected override ClusterOverlay FileChange(Workload workload) => WorkloadOperations.AntiAffinityChange(workload, Label(workload), TopologyKey);

    private protected override Task RehearseAsync(ChaosConnection connection, Workload workload, CancellationToken stop) =>
        WorkloadOperations.RehearsePodAntiAffinityAsync(connection, workload, Label(workload), TopologyKey, stop);

    private protected override Task<Workload> ChangeAsync(WorkloadOperations operations, Workload workload, CancellationToken stop) =>
        operations.AddPodAntiAffinityAsync(workload, Label(workload), TopologyKey, stop);

    private string Label(Workload workload) => WorkloadOperations.AntiAffinityLabel(workload, LabelKey);
}
