using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Nodes named by the Azure machines behind them.</summary>
public sealed class MachineBindingTests : IDisposable
{
    private const string Group = "MC_contactsapp-rg_contactsapp_westeurope";
    private const string ScaleSet = "aks-nodepool1-36421985-vmss";
    private const string FirstNode = ScaleSet + "000000";

    // The properties of what Get-AzVmssVM writes, as far as a parameter could take one: Name and InstanceId are the instance's.
    private const string AzVmssVM = $$"""
        [pscustomobject]@{
            ResourceGroupName = '{{Group}}'
            InstanceId = '0'
            Id = (Get-ClusterNode *000000).ResourceId.ToUpperInvariant()
            Name = '{{ScaleSet}}_0'
            Location = 'westeurope'
            Zones = @('1')
            Type = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines'
            ProvisioningState = 'Succeeded'
        }
        """;

    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData($"Get-ClusterNode -ResourceGroupName {Group} -VMScaleSetName {ScaleSet} -InstanceId 0")]
    [InlineData($"Get-ClusterNode -ResourceGroupName mc_contactsapp-rg_contactsapp_WESTEUROPE -VmssName {ScaleSet} -InstanceId 0")]
    [InlineData($"Get-ClusterNode -ResourceGroupName {Group} {ScaleSet} 0")]
    [InlineData($"[pscustomobject]@{{ ResourceGroupName = '{Group}'; VMScaleSetName = '{ScaleSet}'; InstanceId = '0' }} | Get-ClusterNode")]
    [InlineData("[pscustomobject]@{ ResourceId = (Get-ClusterNode *000000).ProviderId } | Get-ClusterNode")]
    [InlineData("Get-ClusterNode -ResourceId (Get-ClusterNode *000000).ResourceId.ToLowerInvariant()")]
    [InlineData("Get-ClusterNode *000000 | Get-ClusterNode")]
    [InlineData("Get-ClusterNode (Get-ClusterNode *000000).ResourceId.ToUpperInvariant()")]
    [InlineData("(Get-ClusterNode *000000).ProviderId | Get-ClusterNode")]
    [InlineData("(Get-ClusterNode *000000).ResourceId | Stop-ClusterNode -PassThru")]
    [InlineData("Restart-ClusterNode (Get-ClusterNode *000000).ResourceId -PassThru")]
    [InlineData("'*000000' | Stop-ClusterNode -PassThru")]
    [InlineData("Get-ClusterNode *000000 | Stop-ClusterNode -PassThru | Start-ClusterNode -PassThru | Wait-ClusterNode -State Running")]
    [InlineData(AzVmssVM + " | Get-ClusterNode")]
    [InlineData($"Wait-ClusterNode -ResourceGroupName {Group} -VMScaleSetName {ScaleSet} -InstanceId 0 -State Ready")]
    [InlineData(AzVmssVM + " | Wait-ClusterNode -State Running")]
    [InlineData(AzVmssVM + " | Stop-ClusterNode -PassThru")]
    [InlineData(AzVmssVM + " | Restart-ClusterNode -PassThru")]
    [InlineData(AzVmssVM + " | Start-ClusterNode -PassThru")]
    [InlineData($"Stop-ClusterNode -ResourceGroupName {Group} -VMScaleSetName {ScaleSet} -InstanceId 0 -PassThru")]
    public void A_node_is_found_by_its_machine_in_any_case(string command) =>
        Assert.Equal(FirstNode, Assert.Single(_engine.Invoke(command)).Properties["Name"].Value);

    [Fact]
    public void The_name_of_a_scale_set_instance_is_neither_a_nodes_nor_a_scale_sets()
    {
        // Without an id nothing names the scale set, and the instance's own name must not stand in for it.
        var result = _engine.Run($"[pscustomobject]@{{ ResourceGroupName = '{Group}'; InstanceId = '0'; Name = '{ScaleSet}' }} | Stop-ClusterNode -Confirm:$false");

        Assert.Empty(result.Output);
        Assert.StartsWith("AmbiguousParameterSet,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Running", "Running", "Running"], _engine.Invoke("(Get-ClusterNode -PowerState).PowerState").Select(static item => item.ToString()));
    }

    [Fact]
    public void Several_instances_are_several_nodes_and_each_is_asked_about_by_itself()
    {
        _engine.Invoke($"[pscustomobject]@{{ ResourceGroupName = '{Group}'; VMScaleSetName = '{ScaleSet}'; InstanceId = '0', '9', '10' }} | Start-ClusterNode -WhatIf");

        var asked = _engine.Host.Text.Split('\n').Where(static line => line.StartsWith("What if: Performing the operation \"Start\"", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, asked.Length);
        Assert.All(asked.Zip(["000000", "000009", "00000a"]), static pair =>
            Assert.Contains($"on target \"{ScaleSet}{pair.Second} of contactsapp", pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-ClusterNode | Start-ClusterNode -WhatIf", 3)]
    [InlineData("Get-PodDistribution ca-deploy, frontend-deploy | Set-WorkloadReplica -Replicas 2 -WhatIf", 2)]
    [InlineData("Get-PodDistribution ca-deploy, frontend-deploy | Add-PodAntiAffinity -WhatIf", 2)]
    public void Each_record_that_comes_in_is_asked_about_by_itself(string pipeline, int questions)
    {
        _engine.Invoke(pipeline);

        Assert.Equal(questions, _engine.Host.Text.Split("What if: ").Length - 1);
    }

    [Theory]
    [InlineData($"-ResourceGroupName {Group} -VMScaleSetName {ScaleSet} -InstanceId 7", $"{Group}/{ScaleSet}/7")]
    [InlineData("-ResourceId nonesuch", "nonesuch")]
    public void A_machine_that_no_node_runs_on_is_an_error_that_names_it(string arguments, string named)
    {
        var error = Assert.Single(_engine.Run($"Get-ClusterNode {arguments}").Errors);

        Assert.Equal("NodeNotFound,ChaosPS.Commands.GetClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Equal(named, error.TargetObject);
    }
}
