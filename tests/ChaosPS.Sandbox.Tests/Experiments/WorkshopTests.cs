using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Experiments;

/// <summary>The workshop's experiment on the emulated cluster, through the real clients and the real YAML reader.</summary>
public sealed class WorkshopTests : IDisposable
{
    private readonly Composition _composition = new();
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task As_printed_it_matches_no_scale_set_touches_nothing_and_says_what_exists()
    {
        var connection = Connect();

        var run = await RunAsync(connection, "workshop-stop-node.yaml");

        Assert.Equal((RunOutcome.NotStarted, "ScaleSetNotMatched"), (run.Outcome, run.ErrorId));
        Assert.Contains(
            "\"where resourceGroup=~'MC_contactsapp-rg_contactsapp_westeurope' and name=~'MC_contactsapp-rg_contactsapp_westeurope'\"",
            run.Reason, StringComparison.Ordinal);
        Assert.Contains("aks-nodepool1-36421985-vmss (resource group", run.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(run.Activities);
    }

    [Fact]
    public void As_printed_validation_warns_at_the_line_of_the_mistake()
    {
        var connection = Connect();
        var experiment = Read("workshop-stop-node.yaml");

        var finding = Assert.Single(ExperimentValidator.Validate(experiment, EnvironmentVariables.For(connection)).Findings);

        Assert.Equal(("VariableShared", 16), (finding.Code, finding.Line));
        Assert.Contains("AZURE_CLUSTER_VMSS_NAME", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrected_it_deviates_while_the_pods_sit_together_and_the_node_is_Ready_again_afterwards()
    {
        var connection = Connect();

        var run = await RunAsync(connection, "stop-node.yaml");

        Assert.Equal(RunOutcome.Deviated, run.Outcome);
        Assert.Contains("'search-api-must-still-respond': expected status 200, got", run.Reason, StringComparison.Ordinal);
        var nodes = await connection.Time.RunAsync(() => connection.Cluster.GetNodesAsync(default));
        Assert.All(nodes, static node => Assert.True(node.Ready));
        var machines = await connection.Time.RunAsync(() => connection.Power.GetInstancesAsync(((MachineTarget)run.Targets[0]).Instance.ScaleSet!.ResourceId, default));
        Assert.All(machines, static machine => Assert.Equal(PowerState.Running, machine.PowerState));
    }

    [Fact]
    public async Task Corrected_it_passes_once_the_pods_are_spread_and_the_pause_is_long_enough()
    {
        var connection = Connect();
        await SpreadAsync(connection);

        var run = await RunAsync(connection, "stop-node.yaml", ("pause_after_stop", 90L));

        Assert.True(run.Outcome == RunOutcome.Passed, run.Reason);
    }

    [Fact]
    public async Task Two_runs_with_one_seed_give_equal_journals_but_for_the_runs_id()
    {
        var first = (JsonObject)(await RunAsync(Connect(), "stop-node.yaml")).Journal.DeepClone();
        var second = (JsonObject)(await RunAsync(Connect(), "stop-node.yaml")).Journal.DeepClone();

        first.Remove("run_id");
        second.Remove("run_id");
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    private ChaosConnection Connect() => _composition.Connect(SandboxFactory.Create("contactsapp", seed: 1));

    private Experiment Read(string file) => ExperimentReader.Read(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)), file, _composition.Documents);

    private Task<ChaosRun> RunAsync(ChaosConnection connection, string file, params (string Name, object? Value)[] variables) => ExperimentRunner.RunAsync(
        Read(file), connection,
        new RunOptions { StatePath = _state, Variables = variables.ToDictionary(static v => v.Name, static v => v.Value) }, NullLog.Instance, default);

    /// <summary>What the workshop does: at least two replicas, and never two on one node.</summary>
    private Task SpreadAsync(ChaosConnection connection) => connection.Time.RunAsync(async () =>
    {
        using var recovery = await RecoveryLog.CreateAsync(_state, "test", connection, default);
        var gate = await BlastGate.OpenAsync(connection, [], new RunStore(_state), default);
        var operations = new WorkloadOperations(connection, new ChangeSet(connection, recovery, NullLog.Instance), gate, NullLog.Instance);
        foreach (var workload in await connection.Cluster.GetWorkloadsAsync("contactsapp", default))
        {
            if (workload.Name == "mssql-deployment") continue;
            var scaled = await operations.SetReplicasAsync(workload, 2, default);
            var spread = await operations.AddPodAntiAffinityAsync(scaled, "service", "kubernetes.io/hostname", default);
            await operations.WaitForRolloutAsync(spread, TimeSpan.FromMinutes(10), default);
        }
    });
}
