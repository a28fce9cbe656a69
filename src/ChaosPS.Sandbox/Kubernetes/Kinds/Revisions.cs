using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>The ControllerRevisions of StatefulSets and DaemonSets: the templates that they have had, as <c>kubectl rollout history</c> shows them.</summary>
internal sealed class Revisions(ObjectStore store)
{
    private const string HashLabel = "controller-revision-hash";
    private const int DefaultLimit = 10;

    /// <summary>Notes the newest template of a set; one that comes back becomes the newest again.</summary>
    public void Note(ApiObject item, SimulatedWorkload set)
    {
        if (set is SimulatedDeployment || set.UpdateRevision is not { } hash) return;
        var name = set.Kind == "StatefulSet" ? hash : $"{set.Name}-{hash}";
        ApiObject[] known = [.. store.DependentsOf(item).Where(owned => owned.Type == ResourceTypes.ControllerRevision).OrderBy(Number)];
        if (known is [.., var newest] && newest.Name == name) return;
        var number = known.Length == 0 ? 1 : Number(known[^1]) + 1;
        if (Array.Find(known, revision => revision.Name == name) is { } back)
        {
            var renewed = (JsonObject)back.Manifest!.DeepClone();
            renewed["revision"] = number;
            store.Update(back, renewed);
            return;
        }

        var limit = (int?)item.Manifest!["spec"]!["revisionHistoryLimit"] ?? DefaultLimit;
        if (known.Length > limit) store.Remove(known[0]);
        store.Create(new ApiObject(ResourceTypes.ControllerRevision, item.Namespace, name) { Manifest = Make(item, set, name, hash, number) });
    }

    private static long Number(ApiObject revision) => (long?)revision.Manifest!["revision"] ?? 0;

    private JsonObject Make(ApiObject item, SimulatedWorkload set, string name, string hash, long number)
    {
        var template = (JsonObject)item.Manifest!["spec"]!["template"]!.DeepClone();
        template["$patch"] = "replace";
        var labels = (JsonObject?)template["metadata"]?["labels"]?.DeepClone() ?? [];
        labels[HashLabel] = hash;
        return new JsonObject
        {
            ["kind"] = ResourceTypes.ControllerRevision.Kind,
            ["apiVersion"] = ResourceTypes.ControllerRevision.ApiVersion,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = item.Namespace,
                ["creationTimestamp"] = ApiTime.Text(store.Simulation.Now),
                ["labels"] = labels,
                ["ownerReferences"] = JsonParts.OwnerReferences(set.Kind, set.Name, set.Uid),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
            ["revision"] = number,
        };
    }
}
