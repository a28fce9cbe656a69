using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Core.Tests.Clusters;

public sealed class KubernetesReaderNodeTests
{
    private static ClusterNode[] Nodes(string recording) =>
        [.. Recording.Read(recording).GetProperty("items").EnumerateArray().Select(item => KubernetesReader.ReadNode(item, Recording.Cluster, Recording.Now))];

    [Fact]
    public void A_recorded_node_has_what_its_labels_and_its_provider_id_say()
    {
        var node = Nodes("nodes-list")[0];

        Assert.Equal("aks-nodepool1-36421985-vmss000000", node.Name);
        Assert.True(node.Ready);
        Assert.Equal("nodepool1", node.NodePoolName);
        Assert.True(node.IsSystem);
        Assert.Equal("westeurope-1", node.Zone);
        Assert.Equal(["agent"], node.Roles);
        Assert.Equal("v1.32.13", node.Version);
        Assert.Equal("10.224.0.4", node.InternalIP);
        Assert.Equal("00000000-0000-0000-0000-000000000000", node.SubscriptionId);
        Assert.Equal("mc_demo_demo_westeurope", node.ResourceGroupName);
        Assert.Equal("aks-nodepool1-36421985-vmss", node.VMScaleSetName);
        Assert.Equal("0", node.InstanceId);
        Assert.Equal(new ResourceQuantities(3860, 12774364L * 1024), node.Allocatable);
        Assert.Equal(250, node.MaxPods);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 11, 18, 20, TimeSpan.Zero), node.CreationTimestamp);
        Assert.Equal(new TimeSpan(0, 8, 32), node.Age);
    }

    [Fact]
    public void A_dead_node_is_not_ready_and_carries_both_taints_with_their_times()
    {
        var node = Nodes("nodes-list-notready")[0];

        Assert.Equal("NotReady", node.Status);
        Assert.Equal(
            [
                new Taint("node.kubernetes.io/unreachable", "", TaintEffect.NoSchedule, new DateTimeOffset(2026, 11, 22, 11, 20, 36, TimeSpan.Zero)),
                new Taint("node.kubernetes.io/unreachable", "", TaintEffect.NoExecute, new DateTimeOffset(2026, 11, 22, 11, 20, 42, TimeSpan.Zero)),
            ],
            node.Taints);
        Assert.Equal("Unknown", node.Conditions.Single(condition => condition.Type == "Ready").Status);
        Assert.NotNull(node.LastHeartbeatTime);
    }

    [Fact]
    public void Status_and_roles_are_those_that_the_server_prints()
    {
        var rows = Recording.Read("nodes-table-notready").GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("cells"));

        Assert.Equal(
            rows.Select(cells => (cells[0].GetString()!, cells[1].GetString()!, cells[2].GetString()!)),
            Nodes("nodes-list-notready").Select(node => (node.Name, node.Status, string.Join(',', node.Roles))));
    }

    [Fact]
    public void A_cordoned_node_says_so()
    {
        var node = KubernetesReader.ReadNode(
            Recording.Json("""{"metadata":{"name":"n"},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""),
            Recording.Cluster, Recording.Now);

        Assert.Equal("Ready,SchedulingDisabled", node.Status);
        Assert.Null(node.ResourceId);
        Assert.Null(node.Zone);
        Assert.Equal(TimeSpan.Zero, node.Age);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"<html>\"")]
    [InlineData("""{"metadata":{"name":null}}""")]
    public void What_is_no_node_is_refused(string json)
    {
        var error = Assert.Throws<ChaosException>(() => KubernetesReader.ReadNode(Recording.Json(json), Recording.Cluster, Recording.Now));

        Assert.Equal("ApiAnswerInvalid", error.ErrorId);
    }

    [Theory]
    [InlineData("azure:///subscriptions/S/resourceGroups/MC_a_b_c/providers/Microsoft.Compute/virtualMachineScaleSets/set/virtualMachines/10", "set", "10")]
    [InlineData("AZURE:///SUBSCRIPTIONS/S/RESOURCEGROUPS/MC_a_b_c/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS/set/VIRTUALMACHINES/10", "set", "10")]
    [InlineData("azure:///subscriptions/S/resourceGroups/MC_a_b_c/providers/Microsoft.Compute/virtualMachines/10", null, null)]
    public void A_provider_id_names_its_machine_in_any_case(string providerId, string? scaleSet, string? instance)
    {
        Assert.True(AzureMachineId.TryParse(providerId, out var id));

        Assert.Equal(("S", "MC_a_b_c", scaleSet, instance, "10"), (id.SubscriptionId, id.ResourceGroupName, id.VMScaleSetName, id.InstanceId, id.Name));
        Assert.Equal(providerId["azure://".Length..], id.ResourceId);
        Assert.Equal(scaleSet is null ? null : id.ResourceId[..^"/virtualMachines/10".Length], id.ScaleSetResourceId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("aws:///eu-west-1a/i-0123456789abcdef0")]
    [InlineData("azure:///subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/set")]
    [InlineData("azure:///subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/a/extensions/b")]
    public void Another_provider_id_names_no_machine(string? providerId) => Assert.False(AzureMachineId.TryParse(providerId, out _));
}
