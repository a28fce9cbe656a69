using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>An object that is made, where there was none of its name.</summary>
/// <param name="Object">The object.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ObjectCreateIntent(ObjectReference Object, bool Held) : ChangeIntent(Held)
{
    /// <inheritdoc/>
    public override string Target => Object.ToString();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{Object.Resource.Group} {Object}";

    /// <inheritdoc/>
    public override string Description => "create";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy => $"kubectl delete {Object.Resource}/{Object.Name}{(Object.Namespace is null ? "" : $" -n {Object.Namespace}")}";

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var cluster = context.Connection.Cluster;
        if (await cluster.FindObjectAsync(Object, cancellationToken) is not { } now)
        {
            context.Step($"{Target} is gone: there is nothing to remove.");
            return null;
        }

        if (context.MadeUid is { } made && Manifest.Uid(now) != made)
        {
            context.Step($"{Target} is another one than was made: left alone.");
            return null;
        }

        context.Log.Write(ChaosLogLevel.Warning, $"Undo: removing {Target}.");
        context.Note("undoing", Remedy);
        await cluster.DeleteObjectAsync(Object, new ObjectDeletion(Uid: Manifest.Uid(now)), dryRun: false, cancellationToken);
        context.Step($"{Target}, which was made, is removed.");
        return null;
    }
}
