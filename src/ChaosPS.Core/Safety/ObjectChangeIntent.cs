using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of an object's fields.</summary>
/// <param name="Object">The object.</param>
/// <param name="Uid">Its uid: another object of the same name was not changed.</param>
/// <param name="Applied">The fields that are changed, as they will be: a merge patch.</param>
/// <param name="Before">The same fields as they are: the merge patch that puts them back.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ObjectChangeIntent(ObjectReference Object, string Uid, JsonObject Applied, JsonObject Before, bool Held) : ChangeIntent(Held)
{
    private const int MostFields = 3;

    /// <inheritdoc/>
    public override string Target => Object.ToString();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{Object.Resource.Group} {Object}";

    /// <inheritdoc/>
    public override string Description => $"change of {string.Join(", ", Fields(Applied, "").Take(MostFields))}";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Applied.Count == 0 ? Reversibility.Nothing : Reversibility.Undo;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Remedy =>
        $"kubectl patch {Object.Resource} {Object.Name}{(Object.Namespace is null ? "" : $" -n {Object.Namespace}")} --type merge -p '{Before.ToJsonString()}'";

    /// <summary>The intent for an object as it is, and as it will be.</summary>
    public static ObjectChangeIntent Of(ObjectReference reference, JsonElement before, JsonElement after, bool held)
    {
        var (old, changed) = (Manifest.Of(before), Manifest.Of(after));
        return new(reference, Manifest.Uid(before), JsonMerge.Difference(old, changed), JsonMerge.Difference(changed, old), held);
    }

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var cluster = context.Connection.Cluster;
        var found = await cluster.FindObjectAsync(Object, cancellationToken);
        var now = found is { } item ? Manifest.Of(item) : null;
        if (now is null)
        {
            context.Step($"{Target} is gone: there is nothing to change.");
        }
        else if (context.IsOther(Target, Uid, Manifest.Uid(found!.Value)))
        {
            context.Step($"{Target} is another one than was changed: left alone.");
        }
        else if (JsonMerge.Holds(now, Before))
        {
            context.Step($"{Target} is as before.");
        }
        else if (!JsonMerge.Holds(now, Applied))
        {
            context.Step($"{Target} has been changed by somebody else since: left alone.");
        }
        else
        {
            context.Log.Write(ChaosLogLevel.Warning, $"Undo: {Target} back to {Before.ToJsonString()}.");
            context.Note("undoing", Remedy);
            await cluster.PatchObjectAsync(Object, new ObjectPatch(PatchKind.Merge, Before), dryRun: false, cancellationToken);
            context.Step($"{Target} is put back: {string.Join(", ", Fields(Applied, "").Take(MostFields))}.");
        }

        return null;
    }

    private static IEnumerable<string> Fields(JsonObject patch, string path) => patch.SelectMany(member =>
        member.Value is JsonObject { Count: > 0 } inner ? Fields(inner, $"{path}{member.Key}.") : [$"{path}{member.Key}"]);
}
