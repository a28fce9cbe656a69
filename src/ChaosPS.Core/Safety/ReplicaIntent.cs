using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of a workload's replicas.</summary>
/// <param name="WorkloadKind">The workload's kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="ReplicasBefore">The replicas before.</param>
/// <param name="Replicas">The replicas that are asked for.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ReplicaIntent(string WorkloadKind, string Namespace, string Name, string Uid, int ReplicasBefore, int Replicas, bool Held)
    : WorkloadIntent(WorkloadKind, Namespace, Name, Uid, Held)
{
    /// <inheritdoc/>
    public override string Description => $"replicas {ReplicasBefore} -> {Replicas}";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Replicas == ReplicasBefore ? Reversibility.Nothing : Reversibility.Undo;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"Set-WorkloadReplica {Name} -Namespace {Namespace} -Replicas {ReplicasBefore}";

    /// <inheritdoc/>
    protected override async Task UndoAsync(UndoContext context, Workload workload, CancellationToken cancellationToken)
    {
        if (workload.Replicas == ReplicasBefore)
        {
            context.Step($"{WorkloadKind} {Target} has {ReplicasBefore} replicas, as before.");
            return;
        }

        if (workload.Replicas != Replicas)
        {
            context.Step($"{WorkloadKind} {Target} has {workload.Replicas} replicas, which somebody else has set since: left alone.");
            return;
        }

        context.Log.Write(ChaosLogLevel.Warning, $"Undo: {Target} back to {ReplicasBefore} replicas.");
        context.Note("undoing", Remedy);
        await context.Connection.Cluster.SetReplicasAsync(workload, ReplicasBefore, dryRun: false, cancellationToken);
        context.Step($"{WorkloadKind} {Target} is back at {ReplicasBefore} replicas.");
    }
}
