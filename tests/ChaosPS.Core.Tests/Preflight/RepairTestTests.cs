using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Preflight;

namespace ChaosPS.Tests.Preflight;

/// <summary>What the cluster itself tells of repairs: nodes that wait for one, what events say of others, and scale sets that repair by themselves.</summary>
public sealed class RepairTestTests : AzureTestWorld
{
    [Fact]
    public async Task A_node_that_waits_for_a_repair_is_named_and_how_long()
    {
        var node = NotReady(1, TimeSpan.FromMinutes(4));
        var finding = await OneAsync("Auto-repair", ConnectionSeverity.Warning, $"{node} is not ready for 4 min 0 s: AKS restarts, then reimages, then redeploys a node that is not ready for 5 to 10 minutes");
        Assert.EndsWith($"Wait-ClusterNode {node} -State Ready", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node.cloudprovider.kubernetes.io/shutdown")]
    [InlineData("ToBeDeletedByClusterAutoscaler")]
    public async Task A_node_that_aks_does_not_repair_is_named_with_its_taint(string taint)
    {
        var node = NotReady(1, TimeSpan.FromMinutes(4));
        _world.Cluster.Nodes[1] = _world.Cluster.Nodes[1] with { Taints = [new Taint(taint, "", TaintEffect.NoSchedule)] };
        Assert.Equal((ConnectionSeverity.Ok, $"AKS leaves {node} alone, which is not ready: it has the taint {taint}"), (await RepairAsync()) is var found ? (found.Severity, found.Evidence) : default);
    }

    [Theory]
    [InlineData(true, "NodeRebootEnd", ConnectionSeverity.Warning, "AKS has repaired {0}: NodeRebootStart, NodeRebootEnd, the last 60 s ago")]
    [InlineData(true, "NodeReimageStart", ConnectionSeverity.Error, "AKS is at work on {0}: NodeRebootStart, NodeReimageStart, the last 60 s ago")]
    [InlineData(false, "NodeRebootError", ConnectionSeverity.Error, "AKS is at work on {0}: NodeRebootStart, NodeRebootError, the last 60 s ago")]
    public async Task A_repair_that_events_tell_of_is_named_with_its_steps(bool ready, string last, ConnectionSeverity severity, string evidence)
    {
        var node = ready ? _world.Cluster.Nodes[2].Name : NotReady(2, TimeSpan.FromMinutes(9));
        Event(node, "NodeRebootStart", 200, today: false);
        Event(node, last, 60, today: true);
        Event("another", "NodeRebootStart", 60, today: true);
        var found = await RepairAsync();
        Assert.Equal((severity, string.Format(CultureInfo.InvariantCulture, evidence, node)), (found.Severity, found.Evidence));
        Assert.NotNull(found.Remedy);
    }

    [Fact]
    public async Task Of_a_cluster_that_is_none_of_aks_no_repair_is_told()
    {
        _azure.Aks = null;
        NotReady(1, TimeSpan.FromMinutes(4));
        Assert.DoesNotContain(await RunAsync(), static finding => finding.Check == "Auto-repair");
    }

    [Fact]
    public async Task Where_events_may_not_be_read_the_nodes_still_tell()
    {
        _world.Cluster.Forbidden.Add("events");
        var found = (await RunAsync()).Where(static finding => finding.Check == "Auto-repair").ToArray();
        Assert.Equal([ConnectionSeverity.Warning, ConnectionSeverity.Ok], found.Select(static finding => finding.Severity));
        Assert.StartsWith("all of the 3 nodes are ready; AKS restarts", found[1].Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Replace", "itself deletes and replaces instances that its health probe calls unhealthy, also those that an experiment stops, 30 min 0 s after they have changed")]
    [InlineData("Restart", "itself restarts instances")]
    [InlineData("Reimage", "itself reimages instances")]
    public async Task A_scale_set_that_repairs_by_itself_is_suspended_with_one_command(string action, string evidence)
    {
        _azure.Repairs = new AzureRepairs(action, TimeSpan.FromMinutes(30), false);
        Assert.Equal(
            "For the time of the experiment: az vmss set-orchestration-service-state --subscription s1 --resource-group MC_rg --name aks-nodepool1-vmss --service-name AutomaticRepairs "
            + "--action Suspend. After it: --action Resume.",
            (await OneAsync("Scale set repair", ConnectionSeverity.Warning, evidence)).Remedy);

        _azure.Repairs = _azure.Repairs with { IsSuspended = true };
        Assert.All(await RunAsync(), static finding => Assert.Equal(ConnectionSeverity.Ok, finding.Severity));
    }

    private string NotReady(int index, TimeSpan since)
    {
        var node = _world.Cluster.Nodes[index];
        _world.Cluster.Nodes[index] = node with { Ready = false, Conditions = [new NodeCondition("Ready", "Unknown", "NodeStatusUnknown", "", _world.Connection.Time.GetUtcNow() - since)] };
        return node.Name;
    }

    private void Event(string node, string reason, int secondsAgo, bool today)
    {
        var at = (_world.Connection.Time.GetUtcNow() - TimeSpan.FromSeconds(secondsAgo)).ToString("O");
        var json = new JsonObject
        {
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = $"{node}.{reason}" },
            ["regarding"] = new JsonObject { ["kind"] = "Node", ["name"] = node },
            ["reason"] = reason,
        };
        if (today) (json["reportingController"], json["eventTime"]) = ("aks-auto-repair", at);
        else (json["deprecatedSource"], json["deprecatedLastTimestamp"], json["eventTime"]) = (new JsonObject { ["component"] = "aks-auto-repair" }, at, null);
        _world.Cluster.Objects.Add(json);
    }

    private async Task<ConnectionFinding> RepairAsync() => Assert.Single(await RunAsync(), static finding => finding.Check == "Auto-repair");
}
