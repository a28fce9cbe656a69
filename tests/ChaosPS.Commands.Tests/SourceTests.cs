using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Sandboxes of manifests and snapshots, and where snapshots come from.</summary>
public sealed class SourceTests : IDisposable
{
    private const string Manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "web:1", resources: {requests: {cpu: 1500m}}}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-tests-").FullName;
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_folder_of_manifests_makes_a_sandbox_on_nodes_of_ones_choice()
    {
        File.WriteAllText(Path.Combine(_folder, "web.yaml"), Manifests);

        _engine.Invoke($"New-ChaosSandbox '{_folder}' -Nodes 2 -Zone 3 -NodeSize Standard_D2s_v5");

        Assert.Equal(["westeurope-3", "westeurope-3"], _engine.Invoke("(Get-ClusterNode).Zone").Select(static item => item.ToString()));
        Assert.Equal(["True", "True"], _engine.Invoke("(Get-ClusterPod -Namespace shop).Ready").Select(static item => item.ToString()));
    }

    [Fact]
    public void The_simulation_has_the_times_that_are_asked_for()
    {
        _engine.Invoke("New-ChaosSandbox contactsapp -SimulationOption @{ NodeMonitorGracePeriod = '20s'; DefaultTolerationSeconds = 10; PowerOff = 1, 2; AutoRepair = $false }");
        _engine.Invoke("Stop-ClusterNode aks-nodepool1-36421985-vmss00000a -Confirm:$false; Get-ChaosSandbox | Step-ChaosSandbox -Duration 45s");

        Assert.NotEmpty(_engine.Invoke("Get-ClusterPod -Namespace contactsapp | Where-Object Status -eq Terminating"));
    }

    [Theory]
    [InlineData("@{ Grace = '20s' }", "SimulationOptionUnknown")]
    [InlineData("@{ ContainerStart = 3, 2 }", "SimulationOptionInvalid")]
    public void Options_that_the_simulation_does_not_have_are_refused(string options, string id)
    {
        var result = _engine.Run($"New-ChaosSandbox contactsapp -SimulationOption {options}");

        Assert.StartsWith(id, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_node_is_said()
    {
        File.WriteAllText(Path.Combine(_folder, "web.yaml"), Manifests);

        var result = _engine.Run($"New-ChaosSandbox '{_folder}' -Nodes 1 -NodeSize Standard_D2s_v5");

        Assert.Contains("has no node: 0/1 nodes are available: 1 Insufficient cpu.", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_exported_and_piped_into_a_sandbox_that_is_a_copy()
    {
        using var engine = Engine.WithSandbox();
        var before = Names(engine);

        engine.Invoke($"Export-ClusterSnapshot '{_folder}/copy.json.gz' -PassThru | New-ChaosSandbox -Seed 4");

        Assert.Equal("copy", engine.Invoke("(Get-ChaosConnection).Name").Single().ToString());
        Assert.Equal(before, Names(engine));

        static IEnumerable<string> Names(Engine engine) => engine.Invoke("Get-ClusterPod | ForEach-Object { \"$($_.Namespace)/$($_.Name) $($_.NodeName)\" }").Select(static item => item.ToString());
    }

    [Fact]
    public void A_record_of_the_copy_is_refused_by_the_cluster()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke($"Export-ClusterSnapshot '{_folder}/copy.json'; $cluster = $sandbox; New-ChaosSandbox '{_folder}/copy.json'; $node = Get-ClusterNode *000000; $null = $cluster | Connect-ChaosCluster");

        var error = Assert.Single(engine.Run("$node | Stop-ClusterNode -Confirm:$false").Errors);

        Assert.StartsWith("OtherCluster,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rehearsal_runs_on_a_copy_and_only_reads_the_cluster()
    {
        using var engine = Engine.WithSandbox();
        var journal = Path.Combine(_folder, "journal.json");
        var line = $"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}' -Rehearse -Seed 1 -Variable @{{ pause_after_stop = 90 }} -JournalPath '{journal}'";
        engine.Invoke($"{line} -WhatIf");
        Assert.False(File.Exists(journal));
        Assert.Contains("Rehearse experiment 'Validate pod distribution over k8s nodes'", engine.Host.Text, StringComparison.Ordinal);
        var run = engine.Invoke(line).Single();

        Assert.Equal("Deviated", run.Properties["Outcome"].Value.ToString());
        Assert.Contains("Rehearsing on a copy of contactsapp, which is not touched", engine.Host.Text, StringComparison.Ordinal);
        Assert.Contains("\"rehearsal_of\": \"contactsapp\"", File.ReadAllText(journal), StringComparison.Ordinal);
        Assert.Equal(["Running", "Running", "Running"], engine.Invoke("(Get-ClusterNode -PowerState).PowerState").Select(static item => item.ToString()));
        Assert.Equal("2026-11-23 09:00:00Z", engine.Invoke("$sandbox.Clock.GetUtcNow().ToString('u')").Single().ToString());
    }

    [Fact]
    public void A_file_that_is_there_is_kept_when_that_is_asked_for()
    {
        using var engine = Engine.WithSandbox();
        var file = Path.Combine(_folder, "there.json");
        File.WriteAllText(file, "mine");

        Assert.StartsWith("FileExists,", Assert.Single(engine.Run($"Export-ClusterSnapshot '{file}' -NoClobber").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        engine.Invoke($"Export-ClusterSnapshot '{file}' -WhatIf");
        File.SetAttributes(file, FileAttributes.ReadOnly);
        Assert.StartsWith("FileIsReadOnly,", Assert.Single(engine.Run($"Export-ClusterSnapshot '{file}'").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));

        engine.Invoke($"Export-ClusterSnapshot '{file}' -Force -Namespace contactsapp");

        Assert.StartsWith("{\"apiVersion\":\"v1\",\"kind\":\"List\"", File.ReadAllText(file), StringComparison.Ordinal);
    }
}
