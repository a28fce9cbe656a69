using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Measure-NodeLoss as it is typed.</summary>
public sealed class NodeLossTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    private string[] Texts(string script) => [.. _engine.Invoke(script).Select(static it => it.ToString())];

    [Fact]
    public void Every_workload_of_every_node_is_measured_and_the_clock_stands_still()
    {
        var before = Texts("(Get-ChaosSandbox).Now.Ticks");
        Assert.Equal("9", Assert.Single(Texts("@(Measure-NodeLoss -Namespace contactsapp).Count")));
        Assert.All(Texts("(Measure-NodeLoss -Namespace contactsapp).Survives"), static it => Assert.Equal("False", it));
        Assert.Equal(before, Texts("(Get-ChaosSandbox).Now.Ticks"));
    }

    [Fact]
    public void Nodes_come_from_the_pipeline()
    {
        Assert.Equal(
            Texts("(Measure-NodeLoss *000009).Name"),
            Texts("(Get-ClusterNode *000009 | Measure-NodeLoss).Name"));
        Assert.Empty(Texts("Get-ClusterNode | Where-Object Name -eq none | Measure-NodeLoss"));
        Assert.Equal(3, Texts("Get-ClusterNode | Measure-NodeLoss -Pairs | ForEach-Object { $_.Loss.Name }").Distinct().Count());
    }

    [Fact]
    public void A_workload_that_is_not_there_is_an_error_and_no_clean_bill_of_health()
    {
        var run = _engine.Run("Measure-NodeLoss -WorkloadName frontend-deploy, frontend-typo");
        Assert.StartsWith("WorkloadNotFound,", Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(run.Output);
        Assert.Empty(_engine.Run("Measure-NodeLoss -WorkloadName none*").Errors);
    }

    [Fact]
    public void Zones_pools_and_scale_sets_are_lost_as_a_whole()
    {
        Assert.Equal(["westeurope-2"], Texts("Measure-NodeLoss -Zone *2 | ForEach-Object { $_.Loss.Name }").Distinct());
        Assert.Equal(["nodepool1 3"], Texts("Measure-NodeLoss -NodePoolName nodepool1 | ForEach-Object { \"$($_.Loss.Name) $($_.Loss.Nodes.Count)\" }").Distinct());
        Assert.Equal(["VMScaleSet"], Texts("Measure-NodeLoss -VMScaleSetName * | ForEach-Object { $_.Loss.Kind }").Distinct());
        Assert.StartsWith("NodeGroupNotFound,", Assert.Single(_engine.Run("Measure-NodeLoss -Zone nowhere").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-ClusterNode | ForEach-Object { [pscustomobject]@{ Zone = $_.Zone } }", "westeurope-1 Zone,westeurope-2 Zone,westeurope-3 Zone")]
    [InlineData("(Get-ClusterNode).Zone", "westeurope-1 Zone,westeurope-2 Zone,westeurope-3 Zone")]
    [InlineData("'nodepool1', 'nodepool1'", "nodepool1 NodePool")]
    [InlineData("[pscustomobject]@{ VMScaleSetName = '*' }", "aks-nodepool1-36421985-vmss VMScaleSet")]
    [InlineData("[pscustomobject]@{ NodePoolName = 'nodepool1' }", "nodepool1 NodePool")]
    [InlineData("'*00000a', 'westeurope-2'", "westeurope-2 Zone,aks-nodepool1-36421985-vmss00000a Node")]
    public void Zones_pools_and_scale_sets_come_from_the_pipeline(string input, string losses) =>
        Assert.Equal(losses.Split(','), Texts($"{input} | Measure-NodeLoss | ForEach-Object {{ \"$($_.Loss.Name) $($_.Loss.Kind)\" }}").Distinct());

    [Fact]
    public void Calls_to_other_workloads_fail_with_the_ingress_controllers_of_the_node()
    {
        Assert.Equal(["/api/contacts/", "/api/search/contacts"], Texts("(Measure-NodeLoss *000009 -WorkloadName frontend-deploy).OtherPaths | ForEach-Object { $_.Uri.AbsolutePath }"));
        Assert.Equal(["/", "/api/visitreports/reports"], Texts("(Measure-NodeLoss *000009).Paths | ForEach-Object { $_.Uri.AbsolutePath }").Order());
    }

    [Fact]
    public void A_summary_names_the_fewest_nodes_that_take_a_workload_down()
    {
        _engine.Invoke("Set-WorkloadReplica frontend-deploy -Replicas 2 -Namespace contactsapp");
        var row = Assert.Single(_engine.Invoke("Measure-NodeLoss -Summary -WorkloadName frontend-deploy"));
        Assert.Equal(true, row.Properties["Survives"].Value);
        Assert.Equal(["2"], Texts("(Measure-NodeLoss -Summary -WorkloadName frontend-deploy).SmallestCut.Count"));
    }

    [Fact]
    public void A_heat_map_is_a_view_and_a_file()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.html");
        try
        {
            Assert.Equal([file], Texts($"Measure-NodeLoss | Export-NodeLossReport '{file}' -PassThru | ForEach-Object FullName"));
            Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.StartsWith("FileExists,", Assert.Single(_engine.Run($"Measure-NodeLoss | Export-NodeLossReport '{file}' -NoClobber").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            var rows = Texts("Measure-NodeLoss -Summary | ForEach-Object { [ChaosPS.Views.Display]::HeatMap($_) }");
            Assert.Equal(9, rows.Length);
            Assert.All(rows, static row => Assert.Contains("#", row, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_snapshot_file_is_measured_without_a_cluster()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.json.gz");
        try
        {
            var alone = Texts($"Measure-NodeLoss -SimulationOption @{{ ShutdownTaints = $false }} | ForEach-Object {{ \"$($_.Name) $($_.Survives) $($_.Lost)\" }}; Export-ClusterSnapshot '{file}'; Disconnect-ChaosCluster");
            Assert.Equal(alone, Texts($"Measure-NodeLoss -Path '{file}' -SimulationOption @{{ ShutdownTaints = $false }} | ForEach-Object {{ \"$($_.Name) $($_.Survives) $($_.Lost)\" }}"));
            File.WriteAllText(file, "no snapshot");
            Assert.StartsWith("SnapshotInvalid,", Assert.Single(_engine.Run($"Measure-NodeLoss -Path '{file}'").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Changes_that_nobody_has_made_are_tried_and_the_cluster_stays_as_it_is()
    {
        Assert.Equal(["False"], Texts("Measure-NodeLoss -WorkloadName frontend-deploy | ForEach-Object Survives"));
        Assert.Equal(["True", "True"], Texts("Measure-NodeLoss -WorkloadName frontend-deploy -ReplicaCount 2 | ForEach-Object Survives"));
        Assert.Equal(["True"], Texts("(Measure-NodeLoss -WorkloadName frontend-deploy -TolerationSeconds 30).WorstOutage.TotalSeconds -lt 110"));
        Assert.Equal(["5"], Texts("(Measure-NodeLoss -NodePoolName * -PoolSize @{ nodepool1 = 5 })[0].Loss.Nodes.Count"));
        Assert.Equal(["False"], Texts("Measure-NodeLoss -WorkloadName frontend-deploy | ForEach-Object Survives"));
        foreach (var (sizes, id) in new[] { ("@{ nodepool1 = 'x' }", "PoolSizeInvalid,"), ("@{ other = 3 }", "NodeGroupNotFound,") })
            Assert.StartsWith(id, Assert.Single(_engine.Run($"Measure-NodeLoss -PoolSize {sizes}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_another_cluster_is_refused()
    {
        _engine.Invoke("$node = Get-ClusterNode *000009; $other = New-ChaosSandbox contactsapp -Seed 5; $other | Connect-ChaosCluster");
        Assert.StartsWith("OtherCluster,", Assert.Single(_engine.Run("$node | Measure-NodeLoss").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
