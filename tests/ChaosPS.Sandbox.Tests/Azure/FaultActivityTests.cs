using System.Text.Json.Nodes;
using ChaosPS.Experiments;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Every activity that begins a fault inside machines: which fault, for how long, and what has ended it.</summary>
public sealed class FaultActivityTests : IDisposable
{
    private readonly MachineWorld _world = new(MachineWorld.Node("windows-a", "virtualMachineScaleSets/windows/virtualMachines/0", "kubernetes.io/os: windows"));
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public static TheoryData<string, string, string, string> Activities
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var (module, filter) in new[] { ("vmss", "uniform"), ("vmss", "flex"), ("machine", "aks-vmpool-00000001") })
            {
                data.Add($"{module}.actions.stress_cpu", filter, "", "Keep the processors 100 % busy for 2 min 0 s");
                data.Add($"{module}.actions.stress_cpu", filter, "duration: 30, timeout: 10, percent: 50", "Keep the processors 50 % busy for 30 s");
                data.Add($"{module}.actions.stress_memory", filter, "", "Fill the memory to 90 % for 2 min 0 s");
                data.Add($"{module}.actions.fill_disk", filter, "", "Take 1000 MiB of the file system of /root/burn for 2 min 0 s");
                data.Add($"{module}.actions.fill_disk", filter, "size: '20', path: /mnt, duration: 60", "Take 20 MiB of the file system of /mnt for 60 s");
                data.Add($"{module}.actions.network_latency", filter, "", "Delay what it sends by 200 ms, 50 ms more or less for 60 s");
                data.Add($"{module}.actions.network_latency", filter, "delay: 20", "Delay what it sends by 20 ms, 20 ms more or less for 60 s");
                data.Add($"{module}.actions.network_latency", filter, "delay: 1000, jitter: 0, duration: 300", "Delay what it sends by 1000 ms for 5 min 0 s");
                data.Add($"{module}.actions.burn_io", filter, "", "Keep the disk of /root/burn writing for 60 s");
                data.Add($"{module}.actions.stop_kubelet", filter, "", "Stop the kubelet for 2 min 0 s");
            }

            data.Add("vmss.actions.stress_vmss_instance_cpu", "uniform", "duration: 60", "Keep the processors 100 % busy for 60 s");
            return data;
        }
    }

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Activities))]
    public async Task It_begins_its_fault_and_ends_when_the_machine_has_ended_it(string activity, string filter, string arguments, string fault)
    {
        var began = _world.Connection.Time.GetUtcNow();

        var run = await RunAsync(activity, $"where name =~ '{filter}'", arguments);

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        var resource = Assert.Single(run.Activities.Single().Output!["resources"]!.AsArray())!;
        Assert.Equal((fault, "TimeUp"), ((string)resource["performed"]!, (string)resource["ended_by"]!));
        var scripts = Scripts();
        Assert.Equal(2, scripts.Count);
        Assert.Equal((fault, null), (scripts[0].Fault?.ToString(), scripts[1].Fault));
        Assert.Equal(scripts[0].Id, scripts[1].Id);
        Assert.True(_world.Connection.Time.GetUtcNow() - began >= scripts[0].Fault!.Duration);
    }

    [Fact]
    public async Task All_machines_that_are_meant_have_it_at_once()
    {
        var began = _world.Connection.Time.GetUtcNow();

        var run = await RunAsync("machine.actions.stress_cpu", "where name startswith 'aks-vmpool'", "duration: 600", most: 2);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(2, run.Activities.Single().Output!["resources"]!.AsArray().Count);
        Assert.InRange((_world.Connection.Time.GetUtcNow() - began).TotalSeconds, 600, 700);
    }

    [Fact]
    public async Task A_node_with_a_fault_counts_as_down()
    {
        var run = await RunAsync("machine.actions.stress_cpu", "where name startswith 'aks-vmpool'", "");

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains("MaxNodesDown", run.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Scripts());
    }

    [Fact]
    public async Task A_run_that_is_interrupted_ends_the_fault_before_its_time()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60), _world.Connection.Time);

        var run = await RunAsync("vmss.actions.stop_kubelet", "where name =~ 'uniform'", "duration: 3600", stop: stop.Token);

        Assert.Equal(RunOutcome.Interrupted, run.Outcome);
        Assert.Contains("Ended the Kubelet fault of uniform-", run.Journal.ToJsonString(), StringComparison.Ordinal);
        var nodes = await _world.Run(() => _world.Connection.Cluster.GetNodesAsync(default));
        Assert.All(nodes, static node => Assert.True(node.Ready));
    }

    [Fact]
    public async Task A_fault_whose_beginning_nobody_saw_is_ended_all_the_same()
    {
        await _world.Add(SandboxFaultKind.LostOperation);

        var run = await RunAsync("vmss.actions.stress_cpu", "where name =~ 'uniform'", "duration: 3600");

        Assert.Equal(RunOutcome.ActivityFailed, run.Outcome);
        Assert.Contains("no longer knows the operation", run.Activities.Single().Reason, StringComparison.Ordinal);
        Assert.All(Scripts().Skip(1), static script => Assert.Null(script.Fault));
        Assert.Contains("Ended the Cpu fault of uniform-", run.Journal.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vmss.actions.fill_disk", "path: '/a;reboot'", "which no fault can have")]
    [InlineData("vmss.actions.network_latency", "delay: 20000", "The delay in milliseconds is 20000")]
    [InlineData("vmss.actions.stress_cpu", "percent: 0", "The percentage is 0")]
    [InlineData("vmss.actions.stop_kubelet", "duration: 100000", "The duration is")]
    public async Task A_value_that_no_fault_can_have_is_refused_before_anything_is_touched(string activity, string arguments, string why)
    {
        var run = await RunAsync(activity, "where name =~ 'uniform'", arguments);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains(why, run.Reason, StringComparison.Ordinal);
        Assert.Empty(Scripts());
    }

    [Fact]
    public async Task A_windows_node_is_refused_before_anything_is_touched()
    {
        var run = await RunAsync("vmss.actions.stress_cpu", "where name =~ 'windows'", "");

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains("it runs Windows", run.Reason, StringComparison.Ordinal);
    }

    private List<FaultScript> Scripts() =>
    [
        .. _world.Requests.All.Zip(_world.Requests.Bodies).Where(static request => request.First.EndsWith("/runCommand", StringComparison.OrdinalIgnoreCase))
            .Select(static request => FaultScript.Parse(string.Join('\n', JsonNode.Parse(request.Second)!["script"]!.AsArray().Select(static line => (string)line!)))!),
    ];

    private Task<ChaosRun> RunAsync(string activity, string filter, string arguments, int most = 1, CancellationToken stop = default)
    {
        var dot = activity.LastIndexOf('.');
        var text = $$"""
            title: t
            description: d
            method:
            - type: action
              name: act
              provider: {type: python, module: chaosazure.{{activity[..dot]}}, func: {{activity[(dot + 1)..]}}, arguments: {filter: "{{filter}}"{{(arguments.Length > 0 ? ", " + arguments : "")}} } }
            """;
        return ExperimentRunner.RunAsync(
            ExperimentReader.Read(text, "e.yaml", new Composition().Documents), _world.Connection,
            new RunOptions { StatePath = _state, Policies = [new Safety.BlastPolicy { Source = "test", MaxNodesDown = most }] }, NullLog.Instance, stop);
    }
}
