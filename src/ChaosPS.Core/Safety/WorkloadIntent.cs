using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of a workload.</summary>
/// <param name="WorkloadKind">The workload's kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid: another workload of the same name was not changed. Empty where nobody knew it.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal abstract record WorkloadIntent(string WorkloadKind, string Namespace, string Name, string Uid, bool Held) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    public override string Target => $"{Namespace}/{Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{WorkloadKind} {Namespace}/{Name}";

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var now = await context.Connection.Cluster.FindWorkloadAsync(Namespace, WorkloadKind, Name, cancellationToken);
        if (now is null)
            context.Step($"{WorkloadKind} {Target} is gone: there is nothing to put back.");
        else if (context.IsOther($"{WorkloadKind} {Target}", Uid, now.Uid))
            context.Step($"{WorkloadKind} {Target} is another one than was changed: left alone.");
        else
            await UndoAsync(context, now, cancellationToken);
        return null;
    }

    /// <summary>Puts back what was changed of the workload.</summary>
    protected abstract Task UndoAsync(UndoContext context, Workload workload, CancellationToken cancellationToken);
}
