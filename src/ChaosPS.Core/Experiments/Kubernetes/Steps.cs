using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>Plans changes of objects: what is there is read, so that its undo can be written down; what is missing is an error before anything is touched.</summary>
internal static class Steps
{
    /// <summary>Makes an object. One of the same content that is there already is left as it is; one of another content is an error.</summary>
    /// <returns>The step, or the object that is there already.</returns>
    public static async Task<(ObjectStep? Step, JsonElement? Existing)> CreateAsync(
        KubernetesCall call, ApiResource resource, string? @namespace, JsonObject body, CancellationToken cancellationToken)
    {
        var reference = Reference(call, resource, @namespace, body);
        if (await call.Cluster.FindObjectAsync(reference, cancellationToken) is { } existing && !(call.IsPlan && call.Deletes(reference)))
        {
            return JsonMerge.Holds(Manifest.Of(existing), body) ? (null, existing) : throw ChaosErrors.ObjectExists(call.Activity, reference.ToString());
        }

        // The API's own check of the content, before anything is touched; it would not find a namespace that is still to be made.
        var isNamespaceMissing = @namespace is not null && call.Makes(new ObjectReference(Kinds.Namespace, null, @namespace));
        if (call is { IsPlan: true, Phase: RunPhase.Method } && !isNamespaceMissing && !call.Deletes(reference))
            await call.Cluster.CreateObjectAsync(resource, @namespace, body, dryRun: true, cancellationToken);
        return (new ObjectStep(
            "create", reference, new ObjectCreateIntent(reference, Held: false),
            (cluster, token) => cluster.CreateObjectAsync(resource, @namespace, body, dryRun: false, token)), null);
    }

    /// <summary>Deletes the object of a name.</summary>
    /// <returns>The step; null in rollbacks when the object is gone already, as is wanted.</returns>
    public static async Task<ObjectStep?> DeleteAsync(KubernetesCall call, ObjectReference reference, CancellationToken cancellationToken)
    {
        if (await call.Cluster.FindObjectAsync(reference, cancellationToken) is { } existing) return Delete(reference, existing);
        if (call.IsPlan && call.Makes(reference)) return Delete(reference, null);
        if (call.Phase == RunPhase.Rollbacks) return null;
        throw await call.NothingMatchedAsync(reference.Resource, reference.Namespace, $"{reference.Resource.Kind} '{reference.Name}'", cancellationToken);
    }

    /// <summary>Deletes an object that was read; null where it is still to be made.</summary>
    public static ObjectStep Delete(ObjectReference reference, JsonElement? existing, int? gracePeriodSeconds = null) => new(
        "delete", reference, existing is { } item ? ObjectDeleteIntent.Of(reference, item, held: false) : null,
        (cluster, token) => cluster.DeleteObjectAsync(
            reference, new ObjectDeletion(gracePeriodSeconds, existing is { } item ? Manifest.Uid(item) : null), dryRun: false, token));

    /// <summary>Changes an object by a patch. The API says in a dry run what will become of it: that is what the undo knows.</summary>
    public static Task<ObjectStep> PatchAsync(
        KubernetesCall call, ObjectReference reference, ObjectPatch patch, CancellationToken cancellationToken) =>
        ChangeAsync(call, reference, (cluster, dryRun, token) => cluster.PatchObjectAsync(reference, patch, dryRun, token), cancellationToken);

    /// <summary>Replaces an object, on condition that nobody changes it meanwhile.</summary>
    public static Task<ObjectStep> ReplaceAsync(
        KubernetesCall call, ObjectReference reference, JsonObject body, CancellationToken cancellationToken) =>
        ChangeAsync(
            call, reference,
            async (cluster, dryRun, token) =>
            {
                var replacement = (JsonObject)body.DeepClone();
                if (await cluster.FindObjectAsync(reference, token) is { } now && replacement["metadata"] is JsonObject metadata && metadata["resourceVersion"] is null)
                    metadata["resourceVersion"] = now.Text("metadata", "resourceVersion");
                return await cluster.ReplaceObjectAsync(reference, replacement, dryRun, token);
            },
            cancellationToken);

    /// <summary>Sets the replicas of a workload.</summary>
    public static async Task<ObjectStep> ScaleAsync(KubernetesCall call, ObjectReference reference, int replicas, CancellationToken cancellationToken)
    {
        if (replicas < 0) throw ChaosErrors.ArgumentInvalid(call.Activity, "replicas", "0 or more", $"{replicas}");
        var before = await FindAsync(call, reference, cancellationToken);
        return new ObjectStep(
            "change", reference,
            before is { } item
                ? new ReplicaIntent(
                    reference.Resource.Kind, reference.Namespace!, reference.Name, Manifest.Uid(item), (int)(item.Number("spec", "replicas") ?? 1), replicas, Held: false)
                : null,
            (cluster, token) => cluster.PatchObjectAsync(
                reference, new ObjectPatch(PatchKind.Strategic, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }), dryRun: false, token));
    }

    private static async Task<ObjectStep> ChangeAsync(
        KubernetesCall call, ObjectReference reference, Func<Ports.ICluster, bool, CancellationToken, Task<JsonElement>> change,
        CancellationToken cancellationToken)
    {
        var before = await FindAsync(call, reference, cancellationToken);
        ObjectChangeIntent? intent = null;
        if (before is { } item)
        {
            var after = await change(call.Cluster, true, cancellationToken);
            intent = ObjectChangeIntent.Of(reference, item, after, held: false);
        }

        return new ObjectStep("change", reference, intent, (cluster, token) => change(cluster, false, token));
    }

    /// <summary>The object as it is; null in a plan when an earlier activity makes it.</summary>
    private static async Task<JsonElement?> FindAsync(KubernetesCall call, ObjectReference reference, CancellationToken cancellationToken)
    {
        var found = await call.Cluster.FindObjectAsync(reference, cancellationToken);
        return found is not null || (call.IsPlan && call.Makes(reference))
            ? found
            : throw await call.NothingMatchedAsync(reference.Resource, reference.Namespace, $"{reference.Resource.Kind} '{reference.Name}'", cancellationToken);
    }

    private static ObjectReference Reference(KubernetesCall call, ApiResource resource, string? @namespace, JsonObject body) =>
        (body["metadata"] as JsonObject)?["name"] is JsonValue name && name.TryGetValue(out string? text) && text.Length > 0
            ? new ObjectReference(resource, @namespace, text)
            : throw ChaosErrors.SpecFileInvalid($"the {resource.Kind} of '{call.Activity}'", "it has no metadata.name, without which nobody could remove it again");
}
