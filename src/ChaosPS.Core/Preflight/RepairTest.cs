using System.Text.Json;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments.Kubernetes;
using ChaosPS.Ports;
using ChaosPS.Simulation;

namespace ChaosPS.Preflight;

/// <summary>Who else brings back what an experiment takes down: AKS, and scale sets that are set to.</summary>
/// <remarks>
/// Source: https://learn.microsoft.com/azure/aks/node-auto-repair : it cannot be turned off, so that what a cluster tells of it is which nodes wait for a repair, which are
/// left alone, and what the events of <c>aks-auto-repair</c> say of repairs. Kubernetes keeps events for an hour.
/// </remarks>
internal static class RepairTest
{
    private const string Component = "aks-auto-repair";
    private const string Check = "Auto-repair";
    private const string SetCheck = "Scale set repair";

    /// <summary>What AKS does, for those who read it in a finding.</summary>
    private const string Habit = "AKS restarts, then reimages, then redeploys a node that is not ready for 5 to 10 minutes";

    public static async Task RunAsync(
        ChaosConnection connection, IAzurePlatform azure, AksCluster? aks, IReadOnlyList<ClusterNode> nodes, IReadOnlyList<AzureMachineId> machines, List<ConnectionFinding> findings,
        CancellationToken cancellationToken)
    {
        if (aks is not null || AksServer.CloudOf(connection.Server, out _) is not null)
        {
            ClusterNode[] own = [.. nodes.Where(static node => AzureMachineId.TryParse(node.ResourceId, out _))];
            IReadOnlyList<Repair>? repairs = null;
            await AzureTest.TryAsync(findings, Check, ConnectionSeverity.Warning, async () => repairs = await ReadAsync(connection.Cluster, cancellationToken));
            findings.AddRange(Nodes(own, repairs, connection.Time.GetUtcNow()));
        }

        foreach (var set in machines.Where(static machine => machine.ScaleSetResourceId is not null).DistinctBy(static machine => machine.ScaleSetResourceId!, StringComparer.OrdinalIgnoreCase))
        {
            await AzureTest.TryAsync(findings, SetCheck, ConnectionSeverity.Warning, async () =>
                findings.Add(ScaleSet(set, await azure.GetRepairsAsync(set.ScaleSetResourceId!, cancellationToken))));
        }
    }

    private static IEnumerable<ConnectionFinding> Nodes(ClusterNode[] nodes, IReadOnlyList<Repair>? repairs, DateTimeOffset now)
    {
        var count = 0;
        foreach (var node in nodes)
        {
            Repair[] steps = [.. (repairs ?? []).Where(repair => repair.Node == node.Name).OrderBy(static repair => repair.At)];
            if (Find(node, steps, now) is not { } finding) continue;
            count++;
            yield return finding;
        }

        if (count == 0)
        {
            yield return new(
                Check, ConnectionSeverity.Ok,
                $"all of the {nodes.Length} nodes are ready{(repairs is null ? "" : ", and no events tell of a repair")}; {Habit}: an experiment that takes longer meets that");
        }
    }

    private static ConnectionFinding? Find(ClusterNode node, Repair[] steps, DateTimeOffset now)
    {
        var wait = $"Wait-ClusterNode {node.Name} -State Ready";
        if (steps is [.., var last])
        {
            var what = $"{string.Join(", ", steps.Select(static step => step.Reason))}, the last {Text.Seconds(now - last.At)} ago";
            return node.Ready && !last.Reason.EndsWith("Start", StringComparison.Ordinal)
                ? new(Check, ConnectionSeverity.Warning, $"AKS has repaired {node.Name}: {what}", $"kubectl describe node {node.Name} shows what was wrong. Choose another node, or expect it to be so again.")
                : new(Check, ConnectionSeverity.Error, $"AKS is at work on {node.Name}: {what}", $"Wait until that is over: {wait}");
        }

        if (node.Ready) return null;
        var taint = node.Taints.FirstOrDefault(static taint => taint.Key is NodeTaints.CloudShutdown or NodeTaints.Autoscaler)?.Key;
        if (taint is not null) return new(Check, ConnectionSeverity.Ok, $"AKS leaves {node.Name} alone, which is not ready: it has the taint {taint}");
        var since = node.Conditions.FirstOrDefault(static condition => condition.Type == "Ready") is { } ready ? $" for {Text.Seconds(now - ready.LastTransitionTime)}" : "";
        return new(
            Check, ConnectionSeverity.Warning, $"{node.Name} is not ready{since}: {Habit}, and so this one",
            $"See why (kubectl describe node {node.Name}), start its machine if it is off (Start-ClusterNode {node.Name}), and wait: {wait}");
    }

    private static ConnectionFinding ScaleSet(AzureMachineId set, AzureRepairs? repairs)
    {
        if (repairs is null) return new(SetCheck, ConnectionSeverity.Ok, $"{set.VMScaleSetName} repairs nothing by itself: its automaticRepairsPolicy is off");
        if (repairs.IsSuspended) return new(SetCheck, ConnectionSeverity.Ok, $"the repairs of {set.VMScaleSetName} are suspended");
        var command = $"az vmss set-orchestration-service-state --subscription {set.SubscriptionId} --resource-group {set.ResourceGroupName} --name {set.VMScaleSetName} --service-name AutomaticRepairs";
        var does = repairs.Action switch { "Restart" => "restarts", "Reimage" => "reimages", _ => "deletes and replaces" };
        return new(
            SetCheck, ConnectionSeverity.Warning,
            $"{set.VMScaleSetName} itself {does} instances that its health probe calls unhealthy, also those that an experiment stops"
            + (repairs.GracePeriod is { } grace ? $", {Text.Seconds(grace)} after they have changed" : ""),
            $"For the time of the experiment: {command} --action Suspend. After it: --action Resume.");
    }

    /// <summary>The events of nodes are in the namespace default.</summary>
    private static async Task<IReadOnlyList<Repair>> ReadAsync(ICluster cluster, CancellationToken cancellationToken) =>
        [.. (await cluster.ListAsync(Kinds.Event, "default", Read, cancellationToken)).OfType<Repair>()];

    /// <summary>An event, in the form of today or, as components of before write it, under names that begin with deprecated.</summary>
    private static Repair? Read(JsonElement json)
    {
        if (Text(json, "reportingController") != Component && Text(Part(json, "deprecatedSource"), "component") != Component) return null;
        var time = Text(Part(json, "series"), "lastObservedTime") ?? Text(json, "deprecatedLastTimestamp") ?? Text(json, "eventTime") ?? Text(Part(json, "metadata"), "creationTimestamp");
        return Text(Part(json, "regarding"), "name") is { } node && DateTimeOffset.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var at)
            ? new Repair(node, Text(json, "reason") ?? "", at) : null;

        static JsonElement Part(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) ? part : default;

        static string? Text(JsonElement json, string name) => Part(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }

    /// <summary>A step of a repair.</summary>
    private sealed record Repair(string Node, string Reason, DateTimeOffset At);
}
