using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Resilience;

namespace ChaosPS.Manifests;

/// <summary>
/// What a change makes of an object, as a cluster or a file has it: the one place where the fields of a change are written, so that both get
/// the same. What a change does not speak of stays, fields that ChaosPS does not know too.
/// </summary>
internal static class WorkloadManifest
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    private static readonly string[] s_outageKeys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    /// <summary>The workload with the change; the object itself is not changed.</summary>
    public static JsonObject Apply(JsonObject workload, WorkloadOverlay change)
    {
        var result = (JsonObject)workload.DeepClone();
        var spec = Member(result, "spec");
        if (change.Replicas is { } replicas) spec["replicas"] = replicas;
        if (change.MaxSurge is not null || change.MaxUnavailable is not null)
        {
            var update = Member(Member(spec, change.Kind == "Deployment" ? "strategy" : "updateStrategy"), "rollingUpdate");
            if (change.MaxSurge is { } surge) update["maxSurge"] = PodRules.NumberOrText(surge);
            if (change.MaxUnavailable is { } unavailable) update["maxUnavailable"] = PodRules.NumberOrText(unavailable);
        }

        if (change.Affinity is null && change.TopologySpread is null && change.TolerationSeconds is null && change.ReadinessProbes.Count == 0) return result;
        var pod = Member(Member(spec, "template"), "spec");
        var before = KubernetesReader.ReadPodSpec(JsonSerializer.SerializeToElement(pod));
        if (change.TolerationSeconds is { } seconds) Tolerate(pod, seconds);
        if (change.Affinity is { } affinity) Place(pod, before.Affinity, affinity);
        if (change.TopologySpread is { } spread) Spread(pod, before.TopologySpread, spread);
        foreach (var probe in change.ReadinessProbes)
        {
            foreach (var container in (pod["containers"] as JsonArray ?? []).OfType<JsonObject>().Where(container => (string?)container["name"] == probe.Container))
                container["readinessProbe"] = PodRules.Write(probe);
        }

        return result;
    }

    /// <summary>The disruption budget as it is to be; of one that is there, only what differs is written.</summary>
    /// <param name="present">The object; null where there is none.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="withNamespace">Whether a new one says its namespace.</param>
    public static JsonObject Apply(JsonObject? present, DisruptionBudget budget, bool withNamespace)
    {
        var wanted = PodRules.Write(budget);
        if (present is null)
        {
            var metadata = new JsonObject { ["name"] = budget.Name };
            if (withNamespace) metadata["namespace"] = budget.Namespace;
            return new JsonObject { ["apiVersion"] = "policy/v1", ["kind"] = "PodDisruptionBudget", ["metadata"] = metadata, ["spec"] = wanted };
        }

        var result = (JsonObject)present.DeepClone();
        var read = KubernetesReader.ReadDisruptionBudget(JsonSerializer.SerializeToElement(present), budget.Cluster);
        Rewrite(Member(result, "spec"), PodRules.Write(read), wanted);
        return result;
    }

    private static void Tolerate(JsonObject pod, long seconds)
    {
        if (pod["tolerations"] is not JsonArray tolerations) pod["tolerations"] = tolerations = [];
        foreach (var key in s_outageKeys)
        {
            JsonObject[] present = [.. tolerations.OfType<JsonObject>().Where(item => (string?)item["key"] == key)];
            var kept = present.FirstOrDefault(static item => (string?)item["effect"] == "NoExecute") ?? present.FirstOrDefault();
            foreach (var other in present.Where(item => item != kept)) tolerations.Remove(other);
            if (kept is null) tolerations.Add(kept = new JsonObject { ["key"] = key });
            kept["operator"] = "Exists";
            kept.Remove("value");
            kept["effect"] = "NoExecute";
            kept["tolerationSeconds"] = seconds;
        }
    }

    private static void Place(JsonObject pod, Affinity before, Affinity after)
    {
        var affinity = Member(pod, "affinity");
        var nodes = Member(affinity, "nodeAffinity");
        var required = Member(nodes, Required);
        List(required, "nodeSelectorTerms", before.RequiredNodes, after.RequiredNodes, PodRules.Write);
        Drop(nodes, Required);
        List(nodes, Preferred, before.PreferredNodes, after.PreferredNodes, PodRules.Write);
        Drop(affinity, "nodeAffinity");
        Pods("podAffinity", before.RequiredPods, after.RequiredPods, before.PreferredPods, after.PreferredPods);
        Pods("podAntiAffinity", before.RequiredAntiPods, after.RequiredAntiPods, before.PreferredAntiPods, after.PreferredAntiPods);
        Drop(pod, "affinity");

        void Pods(
            string kind, IReadOnlyList<PodAffinityTerm> requiredBefore, IReadOnlyList<PodAffinityTerm> requiredAfter,
            IReadOnlyList<PodAffinityTerm> preferredBefore, IReadOnlyList<PodAffinityTerm> preferredAfter)
        {
            var rules = Member(affinity, kind);
            List(rules, Required, requiredBefore, requiredAfter, PodRules.Write);
            List(rules, Preferred, preferredBefore, preferredAfter, PodRules.Write);
            Drop(affinity, kind);
        }
    }

    private static void Spread(JsonObject pod, IReadOnlyList<TopologySpread> before, IReadOnlyList<TopologySpread> after)
    {
        // A rule of the same key is the same rule changed: what else is written in it stays.
        var present = pod["topologySpreadConstraints"] as JsonArray ?? [];
        var items = new List<JsonNode?>();
        var used = new HashSet<int>();
        foreach (var rule in after)
        {
            var written = PodRules.Write(rule);
            var index = Enumerable.Range(0, before.Count).FirstOrDefault(number => !used.Contains(number) && Same(PodRules.Write(before[number]), written), -1);
            if (index < 0) index = Enumerable.Range(0, before.Count).FirstOrDefault(number => !used.Contains(number) && before[number].TopologyKey == rule.TopologyKey, -1);
            if (index < 0)
            {
                items.Add(written);
                continue;
            }

            used.Add(index);
            var item = (JsonObject)present[index]!.DeepClone();
            Rewrite(item, PodRules.Write(before[index]), written);
            items.Add(item);
        }

        if (items.Count == 0) pod.Remove("topologySpreadConstraints");
        else pod["topologySpreadConstraints"] = new JsonArray([.. items]);
    }

    /// <summary>Makes a list say what is wanted. Items that say it already stay as they are written.</summary>
    private static void List<T>(JsonObject parent, string name, IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, JsonObject> write)
    {
        var present = parent[name] as JsonArray ?? [];
        var left = Enumerable.Range(0, before.Count).ToList();
        var items = new JsonArray();
        foreach (var wanted in after.Select(write))
        {
            var index = left.FindIndex(number => Same(write(before[number]), wanted));
            items.Add(index < 0 ? wanted : present[left[index]]!.DeepClone());
            if (index >= 0) left.RemoveAt(index);
        }

        if (items.Count == 0) parent.Remove(name);
        else parent[name] = items;
    }

    /// <summary>Writes the members that differ.</summary>
    private static void Rewrite(JsonObject item, JsonObject before, JsonObject after)
    {
        foreach (var (name, _) in before)
        {
            if (!after.ContainsKey(name)) item.Remove(name);
        }

        foreach (var (name, value) in after)
        {
            if (!before.TryGetPropertyValue(name, out var old) || !Same(old, value)) item[name] = value?.DeepClone();
        }
    }

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member) parent[name] = member = [];
        return member;
    }

    private static void Drop(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject { Count: 0 }) parent.Remove(name);
    }
}
