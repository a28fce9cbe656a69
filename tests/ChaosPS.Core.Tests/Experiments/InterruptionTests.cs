using System.Text.Json.Nodes;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;
using ChaosPS.Time;

namespace ChaosPS.Tests.Experiments;

/// <summary>What an interrupted run does first, whatever is in its way.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const string Stop = """
        {"type": "action", "name": "stop", "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "stop_vmss",
         "arguments": {"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "0"}]}}}
        """;

    private const string Restart = """
        {"type": "action", "name": "restart", "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "restart_vmss",
         "arguments": {"filter": "where name=~'aks-nodepool1-vmss'", "instance_criteria": [{"instance_id": "0"}]}}}
        """;

    private const string Probe = """
        {"type": "probe", "name": "ask", "provider": {"type": "http", "url": "http://app.invalid/"}}
        """;

    private const string Slow = """
        {"type": "action", "name": "slow", "pauses": {"before": 600}, "provider": {"type": "http", "url": "http://app.invalid/"}}
        """;

    private readonly ExperimentWorld _world = new();
    private readonly UndoControl _undo = new();

    public void Dispose()
    {
        _world.Dispose();
        _undo.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_activity_that_hangs_or_blocks_is_left_behind_within_a_second_and_the_undo_begins(bool blocks)
    {
        using var interruption = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        using var real = new RealWorld(_ =>
        {
            interruption.Cancel();
            if (blocks) never.Wait();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        });

        var run = await real.RunAsync(Experiment($"{Stop}, {Probe}"), interruption.Token);

        Assert.Equal((RunOutcome.Interrupted, true), (run.Outcome, (bool)run.Journal["undo"]!["complete"]!));
        Assert.Equal(["PowerOff 0", "Start 0"], real.Machines.Calls);
        Assert.All(real.Patience.Waits, static wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Single(real.Patience.Waits);
        never.Set();
    }

    [Fact]
    public async Task A_call_to_Azure_that_never_answers_is_in_nobodys_way()
    {
        using var interruption = new CancellationTokenSource();
        using var real = new RealWorld(static _ => throw new InvalidOperationException("Nobody asks the application."));
        real.Machines.OnCall = call =>
        {
            if (call != "PowerOff 0") return Task.CompletedTask;
            real.Machines.Set(real.Machines.Instances[0], ChaosPS.Clusters.PowerState.Stopped); // it did arrive
            interruption.Cancel();
            return new TaskCompletionSource().Task;
        };

        var run = await real.RunAsync(Experiment(Stop, Restart), interruption.Token);

        Assert.Equal((RunOutcome.Interrupted, true), (run.Outcome, (bool)run.Journal["undo"]!["complete"]!));
        Assert.Equal(["PowerOff 0", "Start 0"], real.Machines.Calls);
        Assert.Equal(ActivityStatus.Succeeded, run.Activities[^1].Status);
    }

    [Fact]
    public async Task The_journal_is_not_written_between_the_interruption_and_the_undo()
    {
        var journal = Path.Combine(_world.StateDirectory, "journal.json");
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(30), _world.Clock);
        string? atStop = null, atUndo = null;
        using var stopped = interruption.Token.Register(() => atStop = File.ReadAllText(journal));
        _world.Machines.OnCall = call =>
        {
            if (call == "Start 0") atUndo = File.ReadAllText(journal);
            return Task.CompletedTask;
        };

        await _world.RunAsync(
            Experiment($"{Stop}, {Slow}", Probe), new RunOptions { JournalPath = journal }, interruption.Token);

        Assert.NotNull(atStop);
        Assert.Equal(atStop, atUndo);
        Assert.Equal("Interrupted", (string?)JsonNode.Parse(File.ReadAllText(journal))!["outcome"]);
    }

    [Fact]
    public async Task With_seconds_left_the_rollbacks_are_cut_short_and_the_undo_begins()
    {
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(30), _world.Clock);
        using var kill = _world.Clock.CreateTimer(_ => _undo.Hurry(), null, TimeSpan.FromSeconds(37.5), Timeout.InfiniteTimeSpan);
        var began = TimeSpan.Zero;
        _world.Machines.OnCall = call =>
        {
            if (call == "Start 0") began = _world.Clock.GetUtcNow() - FakeWorld.Start;
            return Task.CompletedTask;
        };

        var run = await _world.RunAsync(Experiment($"{Stop}, {Slow}", Slow), new RunOptions { Undo = _undo }, interruption.Token);

        Assert.InRange(began, TimeSpan.FromSeconds(37.5), TimeSpan.FromSeconds(38));
        Assert.Equal((RunOutcome.RollbackIncomplete, "interrupted"), (run.Outcome, run.Status));
        Assert.Equal("The rollbacks were cut short, for the process had seconds left.", run.Reason);
        Assert.True((bool)run.Journal["undo"]!["complete"]!);
        Assert.True(_world.IsUp);
    }

    [Fact]
    public async Task With_seconds_left_the_steady_state_is_not_waited_for_and_the_run_says_so()
    {
        var broken = false;
        _world.Answer = _ => new HttpResponseMessage(
            (broken |= _world.Machines.Calls.Count > 0) ? System.Net.HttpStatusCode.ServiceUnavailable : System.Net.HttpStatusCode.OK);
        using var interruption = new CancellationTokenSource(TimeSpan.FromSeconds(20), _world.Clock);
        using var kill = _world.Clock.CreateTimer(_ => _undo.Hurry(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);

        var run = await _world.RunAsync(
            Workshop.Text("AZURE_CLUSTER_VMSS_NAME", "600"), new RunOptions { Undo = _undo, RollbackStrategy = RollbackStrategy.Never }, interruption.Token);

        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.Contains("the steady state was not waited for", run.Reason, StringComparison.Ordinal);
        Assert.True(_world.IsUp);
        Assert.InRange(run.Duration, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task What_is_left_can_be_asked_for_at_any_time_with_the_command_that_finishes_it()
    {
        IReadOnlyList<string> before = Left(), during = [];
        _world.Machines.OnCall = call =>
        {
            if (call == "Start 0") during = Left();
            return Task.CompletedTask;
        };

        var run = await _world.RunAsync(Experiment(Stop), new RunOptions { Undo = _undo });

        Assert.Equal(["Nothing is left to put back."], before);
        Assert.Equal(
            ["Left to put back: PowerOff aks-nodepool1-vmss000000.",
             $"If this process ends before that, this finishes it: restore {run.RunId} from {_world.StateDirectory}"],
            during);
        Assert.Equal(["Nothing is left to put back."], Left());

        IReadOnlyList<string> Left() => _undo.Describe(static (id, state) => $"restore {id} from {state}");
    }

    private static string Experiment(string method, string rollbacks = "") =>
        $$"""{"title": "t", "description": "d", "method": [{{method}}], "rollbacks": [{{rollbacks}}]}""";

    /// <summary>Machines and an application in real time, a thousand times as fast.</summary>
    private sealed class RealWorld : IDisposable
    {
        private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("chaosps-test-");
        private readonly ChaosConnection _connection;

        public RealWorld(Func<HttpRequestMessage, Task<HttpResponseMessage>> application)
        {
            var clock = new RunningClock(FakeWorld.Start, 50); // ten minutes of patience are twelve seconds, which no busy machine uses up
            var cluster = new FakeCluster();
            Machines = new FakeMachines(clock, cluster, 3);
            _connection = new ChaosConnection
            {
                Name = "fake",
                Server = "https://fake.invalid",
                Kind = ConnectionKind.Sandbox,
                Cluster = cluster,
                Power = Machines,
                Http = new HttpMessageInvoker(new Application(application)),
                Time = clock,
            };
        }

        public FakeMachines Machines { get; }

        public AtOnce Patience { get; } = new();

        public Task<ChaosRun> RunAsync(string json, CancellationToken cancellationToken) => ExperimentRunner.RunAsync(
            ExperimentReader.Read(json, "e.json", JsonDocuments.Instance), _connection,
            new RunOptions { StatePath = _state.FullName, Patience = Patience, RollbackTimeout = TimeSpan.FromDays(1) }, NullLog.Instance, cancellationToken);

        public void Dispose()
        {
            _connection.Http.Dispose();
            _state.Delete(recursive: true);
        }
    }

    private sealed class Application(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }

    /// <summary>A clock whose timers are due at once, and that remembers how long they would have taken.</summary>
    private sealed class AtOnce : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
