using System.Text.Json.Serialization;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of a workload's replicas.</summary>
/// <param name="WorkloadKind">The workload's kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="ReplicasBefore">The replicas before.</param>
/// <param name="Replicas">The replicas that are asked for.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ReplicaIntent(string WorkloadKind, string Namespace, string Name, int ReplicasBefore, int Replicas, bool Held) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    public override string Target => $"{Namespace}/{Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{WorkloadKind} {Namespace}/{Name}";

    /// <inheritdoc/>
    public override string Description => $"replicas {ReplicasBefore} -> {Replicas}";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Replicas == ReplicasBefore ? Reversibility.Nothing : Reversibility.Undo;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"Set-WorkloadReplica {Name} -Namespace {Namespace} -Replicas {ReplicasBefore}";

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var cluster = context.Connection.Cluster;
        if (await cluster.FindWorkloadAsync(Namespace, WorkloadKind, Name, cancellationToken) is not { } now)
        {
            context.Step($"{WorkloadKind} {Target} is gone: there is nothing to scale.");
        }
        else if (now.Replicas == ReplicasBefore)
        {
            context.Step($"{WorkloadKind} {Target} has {ReplicasBefore} replicas, as before.");
        }
        else if (now.Replicas != Replicas)
        {
            context.Step($"{WorkloadKind} {Target} has {now.Replicas} replicas, which somebody else has set since: left alone.");
        }
        else
        {
            context.Log.Write(ChaosLogLevel.Warning, $"Undo: {Target} back to {ReplicasBefore} replicas.");
            context.Note("undoing", Remedy);
            await cluster.SetReplicasAsync(now, ReplicasBefore, dryRun: false, cancellationToken);
            context.Step($"{WorkloadKind} {Target} is back at {ReplicasBefore} replicas.");
        }

        return null;
    }
}
