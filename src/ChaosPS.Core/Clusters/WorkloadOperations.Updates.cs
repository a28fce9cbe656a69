using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Manifests;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <content>Changes of several fields at once.</content>
public sealed partial class WorkloadOperations
{
    /// <summary>Controllers write into workloads too, and each write makes a patch of what was read before fail.</summary>
    private const int MostConflicts = 5;

    private static readonly ApiResource s_budgets = new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", Namespaced: true);

    /// <summary>Refuses a change of what is no longer as it was when the change was proved.</summary>
    /// <param name="fix">The change, and the workload that it was found for.</param>
    /// <param name="now">The workload as it is.</param>
    /// <exception cref="ChaosException">Id <c>FixOutdated</c>.</exception>
    public static void CheckFix(ResilienceFix fix, Workload now)
    {
        ArgumentNullException.ThrowIfNull(fix);
        ArgumentNullException.ThrowIfNull(now);
        if (fix.Workload is not { } then) return;
        if (then.Uid.Length > 0 && now.Uid.Length > 0 && then.Uid != now.Uid) throw ChaosErrors.FixOutdated(fix, "another one has its name since");
        if (then.Generation != now.Generation) throw ChaosErrors.FixOutdated(fix, $"its spec has the generation {now.Generation}, and had {then.Generation}");
    }

    /// <summary>Asks the server whether it would make the change.</summary>
    /// <exception cref="ChaosException">What it would refuse.</exception>
    public static async Task RehearseUpdateAsync(ChaosConnection connection, Workload workload, ClusterOverlay change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(change);
        var cluster = connection.Cluster;
        var reference = ReferenceOf(workload);
        var item = await FindAsync(cluster, reference, workload, cancellationToken);
        if (PatchOf(item, After(item, change)) is { } patch) await cluster.PatchObjectAsync(reference, patch, dryRun: true, cancellationToken);
        foreach (var budget in change.DisruptionBudgets)
        {
            var target = new ObjectReference(s_budgets, budget.Namespace, budget.Name);
            var present = await cluster.FindObjectAsync(target, cancellationToken);
            var wanted = WorkloadManifest.Apply(present is { } found ? Manifest.Of(found) : null, budget, withNamespace: true);
            if (present is not { } old) await cluster.CreateObjectAsync(s_budgets, budget.Namespace, wanted, dryRun: true, cancellationToken);
            else if (PatchOf(old, wanted) is { } other) await cluster.PatchObjectAsync(target, other, dryRun: true, cancellationToken);
        }
    }

    /// <summary>
    /// Changes a workload with one patch, on condition that it is still what was read, and then the disruption budgets that belong to the change. What is so already is
    /// left alone.
    /// </summary>
    /// <exception cref="ChaosException">A refusal (a rule's), or what the API answered.</exception>
    public async Task<Workload> UpdateAsync(Workload workload, ClusterOverlay change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(change);
        await gate.CheckAsync(workload, cancellationToken);
        foreach (var overlay in change.Workloads)
        {
            if (overlay.Replicas is not { } replicas) continue;
            CheckReplicas(workload);
            gate.CheckReplicas(await connection.Cluster.GetWorkloadAsync(workload, cancellationToken) ?? workload, replicas, null);
        }

        var reference = ReferenceOf(workload);
        await PatchAsync(reference, item => After(item, change), item => workload.Uid.Length == 0 || Manifest.Uid(item) == workload.Uid
            ? item : throw ChaosErrors.WorkloadNotFound(workload.Name, workload.Namespace, []), cancellationToken);
        foreach (var budget in change.DisruptionBudgets) await SetAsync(budget, cancellationToken);
        return await connection.Cluster.GetWorkloadAsync(workload, cancellationToken) ?? throw ChaosErrors.WorkloadNotFound(workload.Name, workload.Namespace, []);
    }

    private async Task SetAsync(DisruptionBudget budget, CancellationToken cancellationToken)
    {
        var reference = new ObjectReference(s_budgets, budget.Namespace, budget.Name);
        await gate.CheckAsync(reference, isRepair: false, cancellationToken);
        if (await connection.Cluster.FindObjectAsync(reference, cancellationToken) is not null)
        {
            await PatchAsync(reference, item => WorkloadManifest.Apply(Manifest.Of(item), budget, withNamespace: true), static item => item, cancellationToken);
            return;
        }

        log.Write(ChaosLogLevel.Verbose, $"{reference}: create");
        await changes.MakeAsync(new ObjectCreateIntent(reference, Held: true), async () => new Answer(
            await connection.Cluster.CreateObjectAsync(s_budgets, budget.Namespace, WorkloadManifest.Apply(null, budget, withNamespace: true), dryRun: false, cancellationToken)));
    }

    private async Task PatchAsync(ObjectReference reference, Func<JsonElement, JsonObject> after, Func<JsonElement, JsonElement> check, CancellationToken cancellationToken)
    {
        var cluster = connection.Cluster;
        for (var attempt = 1; ; attempt++)
        {
            var found = await cluster.FindObjectAsync(reference, cancellationToken) ?? throw ChaosErrors.WorkloadNotFound(reference.Name, reference.Namespace, []);
            var item = check(found);
            if (PatchOf(item, after(item)) is not { } patch) return;
            try
            {
                // What the server makes of the change, with its defaults, is what the undo has to recognize.
                var answer = await cluster.PatchObjectAsync(reference, patch, dryRun: true, cancellationToken);
                var intent = ObjectChangeIntent.Of(reference, OwnPart(item), OwnPart(answer), held: true);
                log.Write(ChaosLogLevel.Verbose, $"{reference}: {patch.Body.ToJsonString()}");
                await changes.MakeAsync(intent, async () => new Answer(await cluster.PatchObjectAsync(reference, patch, dryRun: false, cancellationToken)));
                return;
            }
            catch (ChaosException exception) when (exception.Kind == ErrorKind.Conflict && attempt < MostConflicts)
            {
                // A status that was written meanwhile is enough: read again, and change what is there now.
            }
        }
    }

    /// <summary>What a change can be about: annotations are written by controllers too, in the middle of a rollout.</summary>
    private static JsonElement OwnPart(JsonElement item) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["metadata"] = new JsonObject { ["uid"] = Manifest.Uid(item) },
        ["spec"] = JsonSerializer.SerializeToNode(item.At("spec")),
    });

    private static JsonObject After(JsonElement item, ClusterOverlay change) => change.Workloads.Aggregate(Manifest.Of(item), WorkloadManifest.Apply);

    /// <summary>The one patch that makes an object what it is to be, on condition that nobody has changed it since; null where it is so already.</summary>
    private static ObjectPatch? PatchOf(JsonElement item, JsonObject after)
    {
        var patch = JsonMerge.Difference(Manifest.Of(item), JsonNode.Parse(after.ToJsonString())!.AsObject());
        if (patch.Count == 0) return null;
        patch["metadata"] = new JsonObject { ["uid"] = Manifest.Uid(item), ["resourceVersion"] = item.Text("metadata", "resourceVersion") };
        return new ObjectPatch(PatchKind.Merge, patch);
    }

    private static async Task<JsonElement> FindAsync(ICluster cluster, ObjectReference reference, Workload workload, CancellationToken cancellationToken) =>
        await cluster.FindObjectAsync(reference, cancellationToken) ?? throw ChaosErrors.WorkloadNotFound(workload.Name, workload.Namespace, []);

    /// <summary>The workload as an object of the API.</summary>
    internal static ObjectReference ReferenceOf(Workload workload) =>
        new(new ApiResource("apps", "v1", workload.Kind, $"{workload.Kind.ToLowerInvariant()}s", Namespaced: true), workload.Namespace, workload.Name);

    private sealed record Answer(JsonElement Object);
}
