using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Experiments;

/// <summary>A run says beforehand what becomes of the workloads, and afterwards whether it did.</summary>
public sealed class PredictedRunTests : IDisposable
{
    private const string Looking = """
        title: looks
        description: takes nothing away
        steady-state-hypothesis:
          title: up
          probes:
          - {type: probe, name: up, tolerance: 200, provider: {type: http, url: "http://contactsapp.sandbox/"}}
        method:
        - {type: probe, name: up-too, provider: {type: http, url: "http://contactsapp.sandbox/"}}
        """;

    private const string Draining = """
        title: drains
        description: a node
        method:
        - {type: action, name: drain, provider: {type: python, module: chaosk8s.node.actions, func: drain_nodes, arguments: {name: aks-nodepool1-36421985-vmss000000}}, pauses: {after: 5}}
        - {type: probe, name: search, provider: {type: http, url: "http://contactsapp.sandbox/api/search/contacts?phrase=x"}}
        """;

    private readonly Composition _composition = new();
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task What_the_probes_measure_is_held_against_the_prediction()
    {
        var run = await RunAsync(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "stop-node.yaml")), new SandboxOptions());

        var prediction = run.Journal["prediction"]!;
        Assert.Equal("agrees with the probes; 1 of 1 calls failed while the nodes were away.", run.Prediction);
        Assert.Equal(["search-deploy"], prediction["workloads"]!.AsArray().Select(static it => (string?)it!["name"]));
        Assert.InRange((double)prediction["workloads"]![0]!["down"]!["likely"]!, 340, 365);
        var measured = Assert.Single(prediction["measured"]!.AsArray())!;
        Assert.Equal(("contactsapp.sandbox/api/search/contacts", 1, 1, true), ((string)measured["path"]!, (int)measured["calls"]!, (int)measured["failed"]!, (bool)measured["agrees"]!));
    }

    [Fact]
    public async Task A_continuous_hypothesis_measures_the_whole_outage()
    {
        var options = new RunOptions { StatePath = _state, HypothesisStrategy = HypothesisStrategy.Continuously, HypothesisFrequency = TimeSpan.FromSeconds(5), Variables = new Dictionary<string, object?> { ["pause_after_stop"] = 400L } };
        var run = await RunAsync(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "stop-node.yaml")), new SandboxOptions(), options);

        Assert.StartsWith("agrees with the probes; ", run.Prediction, StringComparison.Ordinal);
        var measured = run.Journal["prediction"]!["measured"]!.AsArray().Single(static it => (string?)it!["path"] == "contactsapp.sandbox/api/search/contacts")!;
        Assert.InRange((int)measured["failed"]!, 40, 75);
        Assert.InRange((double)measured["well_from"]!, 340, 370);
    }

    [Fact]
    public async Task Where_the_cluster_does_otherwise_the_difference_is_named()
    {
        // Nodes that do not answer are found out and emptied much sooner than clusters usually do it.
        var hasty = new SandboxOptions { Simulation = new Dictionary<string, string> { ["NodeMonitorGracePeriod"] = "10s", ["DefaultTolerationSeconds"] = "10" } };
        var variables = new Dictionary<string, object?> { ["pause_after_stop"] = 30L };
        var run = await RunAsync(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "stop-node.yaml")), hasty, new RunOptions { StatePath = _state, Variables = variables });

        Assert.Equal("differs from the probes. contactsapp.sandbox/api/search/contacts: 0 of 1 calls failed, predicted were 1.", run.Prediction);
        Assert.Equal(RunOutcome.Passed, run.Outcome);
    }

    [Fact]
    public async Task A_drain_is_predicted_as_one()
    {
        var run = await RunAsync(Draining, new SandboxOptions());

        Assert.Equal("agrees with the probes; 0 of 1 calls failed while the nodes were away.", run.Prediction);
        Assert.Equal("aks-nodepool1-36421985-vmss000000 drained", (string?)run.Journal["prediction"]!["actions"]![0]);
        Assert.NotNull(run.Journal["prediction"]!["drain"]);
    }

    [Fact]
    public async Task A_run_that_takes_nothing_away_has_none()
    {
        var run = await RunAsync(Looking, new SandboxOptions());

        Assert.Null(run.Prediction);
        Assert.True(run.Journal.ContainsKey("prediction"));
        Assert.Null(run.Journal["prediction"]);
        var dry = await RunAsync(Draining, new SandboxOptions(), new RunOptions { StatePath = _state, Dry = DryMode.Actions });
        Assert.Null(dry.Prediction);
    }

    private Task<ChaosRun> RunAsync(string experiment, SandboxOptions sandbox, RunOptions? options = null) => ExperimentRunner.RunAsync(
        ExperimentReader.Read(experiment, "experiment.yaml", _composition.Documents), _composition.Connect(SandboxFactory.Create("contactsapp", sandbox)),
        options ?? new RunOptions { StatePath = _state }, NullLog.Instance, default);
}
