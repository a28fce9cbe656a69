using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Preflight;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Preflight;

/// <summary>What is found in Azure before a machine is stopped: each thing that gets in the way, with the command that mends it.</summary>
public sealed class AzureTestTests : AzureTestWorld
{
    [Fact]
    public async Task A_cluster_in_order_has_nothing_to_mend()
    {
        var findings = await RunAsync();

        Assert.All(findings, static finding => Assert.Equal((ConnectionSeverity.Ok, null), (finding.Severity, finding.Remedy)));
        Assert.Equal(
            ["Machines", "Azure identity", "AKS cluster", "Node pool nodepool1", "Auto-repair", "Scale set repair", "Rights on aks-nodepool1-vmss", "Locks", "System nodes", "Quota"],
            findings.Select(static finding => finding.Check));
        Assert.Equal("AzureCli: amelie@example.com, tenant t1, AzureCloud", findings[1].Evidence);
        Assert.Equal("aks in rg, subscription s1; machines in MC_rg", findings[2].Evidence);
    }

    [Fact]
    public async Task A_cluster_elsewhere_has_no_findings()
    {
        _world.Cluster.Nodes.Clear();
        Assert.Empty(await RunAsync());
    }

    [Fact]
    public async Task Nothing_more_is_asked_when_nobody_is_signed_in()
    {
        _azure.Failures["GetAccountAsync"] = ChaosErrors.AzureSignInFailed(new AzureScope("s1", "AzureCloud", null), AzureTokenSource.AzureCli, [("AzureCli", "Please run az login")]);
        var finding = await OneAsync("Azure identity", ConnectionSeverity.Error, "Please run az login");
        Assert.Equal("az login", finding.Remedy);
        Assert.Equal(["GetAccountAsync"], _azure.Calls);
    }

    [Theory]
    [InlineData("*/read", "", ConnectionSeverity.Error, "powerOff/action, ")] // Reader
    [InlineData("Microsoft.Compute/*", "*/start/action", ConnectionSeverity.Error, "virtualMachines/start/action")]
    [InlineData("Microsoft.Compute/*", "*/deallocate/action", ConnectionSeverity.Warning, "virtualMachines/deallocate/action")]
    public async Task What_no_role_allows_is_named(string action, string notAction, ConnectionSeverity severity, string evidence)
    {
        _azure.Rights.Clear();
        _azure.Rights.Add(new AzureRights([action], notAction.Length == 0 ? [] : [notAction]));
        var finding = await OneAsync("Rights on aks-nodepool1-vmss", severity, evidence);
        Assert.StartsWith("az role assignment create --assignee o1 --role \"ChaosPS Operator\" --scope /subscriptions/s1/resourceGroups/MC_rg.", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains($"GetPermissionsAsync {FakeMachines.ScaleSetId}", _azure.Calls);
    }

    [Theory]
    [InlineData("runCommand/action")]
    [InlineData("redeploy/action")]
    public async Task Without_a_right_that_only_some_cmdlets_need_there_is_a_warning_and_the_command_that_gives_it(string action)
    {
        _azure.Rights.Clear();
        _azure.Rights.Add(new AzureRights(["Microsoft.Compute/*"], [$"*/{action}"]));
        var finding = await OneAsync(
            "Rights on aks-nodepool1-vmss", ConnectionSeverity.Warning, $"no role allows Microsoft.Compute/virtualMachineScaleSets/virtualMachines/{action}");
        Assert.StartsWith("az role assignment create --assignee o1 --role \"ChaosPS Operator\" --scope /subscriptions/s1/resourceGroups/MC_rg.", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_undone_need_not_be_allowed_and_is_named()
    {
        _azure.Rights.Clear();
        _azure.Rights.Add(new AzureRights(["Microsoft.Compute/*"], ["*/delete", "*/reimage/action", "*/simulateEviction/action"]));
        var finding = Assert.Single(await RunAsync(), static finding => finding.Check == "Rights on aks-nodepool1-vmss");
        Assert.Equal(
            (ConnectionSeverity.Ok, "read, powerOff, start, restart, deallocate, redeploy, runCommand are allowed; reimage, delete, simulateEviction, which cannot be undone, are not"),
            (finding.Severity, finding.Evidence));
    }

    [Fact]
    public async Task A_role_on_one_instance_counts_for_that_one_only()
    {
        _azure.Rights.Clear();
        _azure.Rights.Add(new AzureRights(["*/read"], []));
        _azure.RightsOn[$"{FakeMachines.ScaleSetId}/virtualMachines/1"] = [new(["*"], [])];

        var findings = (await RunAsync()).Where(static finding => finding.Check == "Rights on aks-nodepool1-vmss").ToArray();

        Assert.Equal([ConnectionSeverity.Error, ConnectionSeverity.Ok], findings.Select(static finding => finding.Severity));
        Assert.StartsWith("instances 0, 2: no role allows ", findings[0].Evidence, StringComparison.Ordinal);
        Assert.StartsWith("instance 1: read, powerOff, start, ", findings[1].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deny_assignment_on_one_instance_is_told_of_that_one()
    {
        _azure.Denied.Add(new AzureDenyAssignment("frozen", $"{FakeMachines.ScaleSetId}/virtualMachines/2", [new(["*/runCommand/action"], [])], ["o1"], [], false, false));
        var findings = (await RunAsync()).Where(static finding => finding.Severity != ConnectionSeverity.Ok).ToArray();
        Assert.Equal("instance 2: the deny assignment frozen forbids runCommand/action, whatever the roles allow", Assert.Single(findings).Evidence);
    }

    [Theory]
    [InlineData("", false, ConnectionSeverity.Error)]
    [InlineData("g1", true, ConnectionSeverity.Warning)]
    public async Task A_deny_assignment_beats_every_role(string excluded, bool groups, ConnectionSeverity severity)
    {
        _azure.Denied.Add(new AzureDenyAssignment(
            "lockdown", "/subscriptions/s1/resourceGroups/MC_rg", [new(["*"], ["*/read"])], [AzureDenyAssignment.Everyone], excluded.Length == 0 ? [] : [excluded], false, groups));
        var finding = await OneAsync("Rights on aks-nodepool1-vmss", severity, "the deny assignment lockdown forbids powerOff/action, start/action, restart/action, deallocate/action, redeploy/action, runCommand/action, reimage/action, delete, simulateEviction/action");
        Assert.Contains("az aks update --subscription s1 --resource-group rg --name aks --nrg-lockdown-restriction-level Unrestricted.", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deny_assignment_that_excepts_who_asks_is_none()
    {
        _azure.Denied.Add(new AzureDenyAssignment("lockdown", "/", [new(["*"], [])], [AzureDenyAssignment.Everyone], ["o1"], false, false));
        Assert.All(await RunAsync(), static finding => Assert.Equal(ConnectionSeverity.Ok, finding.Severity));
    }

    [Fact]
    public async Task A_lockdown_is_lifted_with_one_command()
    {
        Change(aks => aks with { IsLockedDown = true });
        var finding = await OneAsync("Lockdown", ConnectionSeverity.Error, "MC_rg is locked down");
        Assert.Equal("az aks update --subscription s1 --resource-group rg --name aks --nrg-lockdown-restriction-level Unrestricted", finding.Remedy);
    }

    [Theory]
    [InlineData("Updating", "Wait until that is over: az aks wait --subscription s1 --resource-group rg --name aks --updated")]
    [InlineData("Failed", "az aks update --subscription s1 --resource-group rg --name aks")]
    public async Task A_cluster_that_is_being_changed_is_waited_for(string state, string remedy)
    {
        Change(aks => aks with { ProvisioningState = state });
        Assert.Equal(remedy, (await OneAsync("AKS cluster", ConnectionSeverity.Error, $"aks is {state}")).Remedy);
    }

    [Fact]
    public async Task A_cluster_that_is_stopped_is_started()
    {
        Change(aks => aks with { PowerState = "Stopped" });
        Assert.Equal("az aks start --subscription s1 --resource-group rg --name aks", (await OneAsync("AKS cluster", ConnectionSeverity.Error, "aks is stopped")).Remedy);
    }

    [Fact]
    public async Task A_cluster_that_may_not_be_seen_leaves_the_machines_to_look_at()
    {
        _azure.Aks = null;
        await OneAsync("AKS cluster", ConnectionSeverity.Warning, "none is seen that has its machines in MC_rg, subscription s1");
        Assert.Contains(await RunAsync(), static finding => finding is { Check: "Rights on aks-nodepool1-vmss", Severity: ConnectionSeverity.Ok });
    }

    public static TheoryData<string, ConnectionSeverity, string, string> Pools => new()
    {
        { "Scaling", ConnectionSeverity.Error, "it is Scaling", "az aks nodepool wait --subscription s1 --resource-group rg --cluster-name aks --name nodepool1 --updated" },
        { "Failed", ConnectionSeverity.Error, "it is Failed", "az aks nodepool update --subscription s1 --resource-group rg --cluster-name aks --name nodepool1" },
        { "autoscaler", ConnectionSeverity.Warning, "the autoscaler keeps 2 to 5 nodes", "--disable-cluster-autoscaler" },
        { "deallocate", ConnectionSeverity.Warning, "meant to be off", "--scale-down-mode Delete" },
        { "spot", ConnectionSeverity.Warning, "spot machines", "another pool" },
    };

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Who_else_changes_the_nodes_of_a_pool_is_told(string what, ConnectionSeverity severity, string evidence, string remedy)
    {
        Change(aks => aks with
        {
            NodePools =
            [
                what switch
                {
                    "autoscaler" => FakeAzure.GoodPool with { IsAutoscaled = true, MinCount = 2, MaxCount = 5 },
                    "deallocate" => FakeAzure.GoodPool with { Deallocates = true },
                    "spot" => FakeAzure.GoodPool with { IsSpot = true },
                    _ => FakeAzure.GoodPool with { ProvisioningState = what },
                },
            ],
        });
        Assert.Contains(remedy, (await OneAsync("Node pool nodepool1", severity, evidence)).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ConnectionSeverity.Error, "the lock keep (for the auditors) keeps everybody from starting and stopping machines")]
    [InlineData(false, ConnectionSeverity.Warning, "keeps everybody from deleting machines")]
    public async Task A_lock_is_named_with_its_reason(bool readOnly, ConnectionSeverity severity, string evidence)
    {
        _azure.Locks.Add(new AzureLock("keep", "/subscriptions/s1/providers/Microsoft.Authorization/locks/keep", readOnly, "for the auditors"));
        Assert.EndsWith("az lock delete --ids /subscriptions/s1/providers/Microsoft.Authorization/locks/keep", (await OneAsync("Locks", severity, evidence)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_without_a_machine_are_named()
    {
        _world.Cluster.Nodes.Add(Other("virtual-node-aci-linux", null, ("type", "virtual-kubelet")));
        _world.Cluster.Nodes.Add(Other("kind-worker", "kind://docker/kind/kind-worker"));
        _world.Cluster.Nodes.Add(Other("bare", null));
        await OneAsync(
            "Machines", ConnectionSeverity.Warning,
            "no machine of Azure stands behind virtual-node-aci-linux (a virtual node), kind-worker (providerID kind://docker/kind/kind-worker), bare (no providerID)");
    }

    [Fact]
    public async Task A_machine_that_is_off_is_started_unless_it_is_meant_to_be_off()
    {
        _world.Machines.Instances[1] = _world.Machines.Instances[1] with { PowerState = PowerState.Deallocated };
        var node = _world.Cluster.Nodes[1].Name;
        Assert.Equal($"Start-ClusterNode {node}", (await OneAsync($"Machine of {node}", ConnectionSeverity.Warning, "aks-nodepool1-vmss_1 is Deallocated")).Remedy);

        Change(aks => aks with { NodePools = [FakeAzure.GoodPool with { Deallocates = true }] });
        Assert.Null(Assert.Single(await RunAsync(), finding => finding.Check == $"Machine of {node}").Remedy);
    }

    [Fact]
    public async Task A_machine_that_azure_is_at_work_on_is_named()
    {
        _world.Machines.Instances[2] = _world.Machines.Instances[2] with { ProvisioningState = "Updating" };
        await OneAsync($"Machine of {_world.Cluster.Nodes[2].Name}", ConnectionSeverity.Warning, "aks-nodepool1-vmss_2 is Updating");
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_named()
    {
        _world.Machines.Instances.RemoveAt(2);
        await OneAsync($"Machine of {_world.Cluster.Nodes[2].Name}", ConnectionSeverity.Warning, "instance 2 of aks-nodepool1-vmss does not exist any more");
    }

    [Fact]
    public async Task A_machine_in_no_scale_set_is_looked_at_too()
    {
        const string Id = "/subscriptions/s1/resourceGroups/MC_rg/providers/Microsoft.Compute/virtualMachines/aks-vmpool-1";
        var node = Other("vm-node", "azure://" + Id) with { ResourceId = Id };
        _world.Cluster.Nodes.Add(node);
        await OneAsync("Machine of vm-node", ConnectionSeverity.Warning, "virtual machine aks-vmpool-1 does not exist any more");

        _world.Machines.VirtualMachines.Add(new ScaleSetInstance
        {
            ResourceId = Id.ToUpperInvariant(),
            Name = "aks-vmpool-1",
            InstanceId = "aks-vmpool-1",
            ScaleSet = null,
            PowerState = PowerState.Running,
            ProvisioningState = "Failed",
        });
        Assert.StartsWith("az vm get-instance-view --ids " + Id, (await OneAsync("Machine of vm-node", ConnectionSeverity.Warning, "aks-vmpool-1 is Failed")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_system_node_is_named()
    {
        _world.Cluster.Nodes[0] = _world.Cluster.Nodes[0] with { Unschedulable = true };
        _world.Cluster.Nodes[1] = _world.Cluster.Nodes[1] with { Unschedulable = true };
        var finding = await OneAsync("System nodes", ConnectionSeverity.Warning, $"{_world.Cluster.Nodes[2].Name} is the last one that is ready");
        Assert.Equal("az aks nodepool scale --subscription s1 --resource-group rg --cluster-name aks --name nodepool1 --node-count 3", finding.Remedy);
    }

    [Theory]
    [InlineData("cores", "Total Regional vCPUs")]
    [InlineData("standardDSv3Family", "Standard DSv3 Family vCPUs")]
    public async Task A_quota_that_has_no_room_for_another_node_is_told(string name, string label)
    {
        _azure.Quotas.Add(new AzureQuota("standardNCSv3Family", "not of this pool", 5, 5));
        _azure.Quotas[_azure.Quotas.FindIndex(quota => quota.Name == name)] = new AzureQuota(name, label, 97, 100);
        await OneAsync("Quota", ConnectionSeverity.Warning, $"{label}: 97 of 100 are used in westeurope; a node of nodepool1 needs 4");
    }

    [Theory]
    [InlineData("GetPermissionsAsync", "Rights on aks-nodepool1-vmss")]
    [InlineData("GetDenyAssignmentsAsync", "Rights on aks-nodepool1-vmss")]
    [InlineData("GetLocksAsync", "Locks")]
    [InlineData("GetQuotasAsync", "Quota")]
    [InlineData("GetAksClusterAsync", "AKS cluster")]
    [InlineData("GetRepairsAsync", "Scale set repair")]
    public async Task What_may_not_be_looked_at_is_a_finding_and_the_rest_is_looked_at(string method, string check)
    {
        _azure.Failures[method] = ChaosErrors.AzureTimeout("look", null);
        await OneAsync(check, ConnectionSeverity.Warning, "did not answer in time");
        Assert.Contains(await RunAsync(), static finding => finding is { Check: "System nodes", Severity: ConnectionSeverity.Ok });
    }

    [Fact]
    public async Task Only_the_nodes_that_are_meant_are_looked_at()
    {
        _world.Machines.Instances[1] = _world.Machines.Instances[1] with { PowerState = PowerState.Stopped };
        var findings = await AzureTest.RunAsync(_world.Connection, [_world.Cluster.Nodes[0], _world.Cluster.Nodes[2]], default);
        Assert.All(findings, static finding => Assert.Equal(ConnectionSeverity.Ok, finding.Severity));
    }

    private void Change(Func<AksCluster, AksCluster> change) => _azure.Aks = change(_azure.Aks!);

    private ClusterNode Other(string name, string? providerId, params (string Key, string Value)[] labels) => new()
    {
        Name = name,
        Cluster = FakeCluster.Identity,
        Ready = true,
        ProviderId = providerId,
        Labels = labels.ToDictionary(static label => label.Key, static label => label.Value),
    };
}
