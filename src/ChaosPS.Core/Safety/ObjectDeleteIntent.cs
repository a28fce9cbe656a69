using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>An object that is deleted.</summary>
/// <remarks>
/// Its undo makes it again from its manifest: a new object of the same content, whose pods are new ones. That is honest for what is nothing but its
/// content, as workloads, services and policies are. It is not for what more hangs on: a namespace takes all that is in it along, a node
/// is a machine, an unmanaged pod's state is in the pod, a finalizer cleans up outside the object; a Secret's content is not
/// written down. These cannot be undone. What a controller makes again by itself, and a fault that ends when its object does, has nothing to be undone.
/// </remarks>
/// <param name="Object">The object.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Effect">What there is to put back.</param>
/// <param name="Content">What makes it again; null when it is not made again.</param>
/// <param name="Held">Whether the change is the user's to end.</param>
internal sealed record ObjectDeleteIntent(ObjectReference Object, string Uid, Reversibility Effect, JsonObject? Content, bool Held) : ChangeIntent(Held)
{
    private const string Faults = "chaos-mesh.org";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly string[] s_final = ["Namespace", "Node", "Secret", "Pod", "PersistentVolumeClaim", "PersistentVolume", "CustomResourceDefinition"];

    /// <inheritdoc/>
    public override string Target => Object.ToString();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Identity => $"{Object.Resource.Group} {Object}";

    /// <inheritdoc/>
    public override string Description => "delete";

    /// <inheritdoc/>
    public override Reversibility Reversibility => Effect;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Remedy => Effect == Reversibility.Undo ? $"kubectl create -f FILE, with the content of {Target} in the recovery log" : null;

    /// <summary>The intent for an object as it is now.</summary>
    public static ObjectDeleteIntent Of(ObjectReference reference, JsonElement before, bool held)
    {
        var effect = EffectOf(reference.Resource, before);
        return new(reference, Manifest.Uid(before), effect, effect == Reversibility.Undo ? Manifest.Of(before) : null, held);
    }

    /// <inheritdoc/>
    public override async Task<Func<CancellationToken, Task>?> UndoAsync(UndoContext context, CancellationToken cancellationToken)
    {
        var cluster = context.Connection.Cluster;
        while (await cluster.FindObjectAsync(Object, cancellationToken) is { } now)
        {
            var isSame = Manifest.Uid(now) == Uid;
            if (isSame && now.Text("metadata", "deletionTimestamp") is not null)
            {
                await context.Connection.Time.DelayAsync(s_pause, cancellationToken); // on its way out
                continue;
            }

            context.Step(isSame ? $"{Target} was not deleted." : $"{Target} has been made again by somebody else: left alone.");
            return null;
        }

        context.Log.Write(ChaosLogLevel.Warning, $"Undo: making {Target} again.");
        context.Note("undoing", "create");
        await cluster.CreateObjectAsync(Object.Resource, Object.Namespace, Content!, dryRun: false, cancellationToken);
        context.Step($"{Target} is made again, as a new object of the same content.");
        return null;
    }

    private static Reversibility EffectOf(ApiResource resource, JsonElement before) =>
        resource.Group == Faults || Manifest.HasController(before) ? Reversibility.Nothing
        : s_final.Contains(resource.Kind) || Manifest.HasFinalizers(before) || LosesVolumes(before) ? Reversibility.Impossible
        : Reversibility.Undo;

    /// <summary>Whether a stateful set takes its claims, and so its data, along.</summary>
    private static bool LosesVolumes(JsonElement before) => before.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete";
}
