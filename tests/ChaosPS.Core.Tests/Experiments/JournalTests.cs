using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public sealed class JournalTests : IDisposable
{
    private static readonly string[] s_recorded =
        ["chaoslib-version", "platform", "node", "experiment", "start", "status", "deviated", "steady_states", "run", "rollbacks", "end", "duration"];

    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_journal_has_the_Chaos_Toolkits_fields_in_its_order_and_then_ours()
    {
        _world.PutAllOnOneNode();

        var run = await _world.RunAsync(Workshop.Corrected);

        var journal = JsonNode.Parse(await File.ReadAllTextAsync(run.JournalPath))!.AsObject();
        Assert.Equal(s_recorded, Keys(journal).Take(s_recorded.Length));
        Assert.Equal(
            ["outcome", "exit_code", "error_id", "reason", "run_id", "chaosps_version", "source", "seed", "compatibility", "strategies", "cluster", "environment", "controls", "safeguards", "targets", "prediction", "undo"],
            Keys(journal).Skip(s_recorded.Length));
        Assert.Equal(["before", "after", "during"], Keys(journal["steady_states"]!));
        Assert.Equal(["steady_state_met", "probes"], Keys(journal["steady_states"]!["before"]!));
        Assert.Equal(
            ["activity", "output", "start", "status", "end", "duration", "tolerance_met", "expected", "got"],
            Keys(journal["steady_states"]!["after"]!["probes"]![0]!));
        Assert.Equal(["activity", "output", "start", "status", "end", "duration"], Keys(journal["run"]![0]!));
        Assert.Null(journal["experiment"]!["dry"]);
        Assert.Equal("dry", Keys(journal["experiment"]!)[^1]);
        Assert.Equal(("completed", true, "Deviated", 1), ((string?)journal["status"], (bool)journal["deviated"]!, (string?)journal["outcome"], (int)journal["exit_code"]!));
        Assert.Equal("2026-11-23T09:00:00.000000+00:00", (string?)journal["start"]);
        Assert.Equal("10.0", journal["run"]![0]!["duration"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(run.Journal, journal));
    }

    [Fact]
    public async Task A_failed_activity_has_the_exception_before_its_end()
    {
        _world.Answer = static _ => throw new HttpRequestException("no route");

        var run = await _world.RunAsync(Workshop.Corrected);

        var probe = run.Journal["steady_states"]!["before"]!["probes"]![0]!;
        Assert.Equal(["activity", "output", "start", "status", "exception", "end", "duration", "tolerance_met", "expected", "got", "error_id"], Keys(probe));
        Assert.Equal("ActivityFailed: failed to connect to http://app.invalid/: no route", (string?)probe["exception"]![0]);
        Assert.Null(run.Journal["steady_states"]!["after"]);
    }

    [Fact]
    public async Task The_journal_names_the_targets_and_where_each_variable_came_from()
    {
        var run = await _world.RunAsync(Workshop.Corrected);

        Assert.Equal(["stop-instance", "restart-instance"], run.Journal["targets"]!.AsArray().Select(static target => (string?)target!["activity"]));
        Assert.Equal(FakeMachine("0"), (string?)run.Journal["targets"]![0]!["id"]);
        Assert.Equal("sandbox fake", (string?)run.Journal["environment"]!["APP_ENDPOINT"]);
        Assert.DoesNotContain(run.Journal["environment"]!.AsObject(), static entry => (string?)entry.Value == "app.invalid");
    }

    [Fact]
    public async Task A_restart_of_a_machine_that_is_off_is_a_start_and_the_journal_says_so()
    {
        var run = await _world.RunAsync(Workshop.Corrected);

        var resource = run.Journal["rollbacks"]![0]!["output"]!["resources"]![0]!;
        Assert.Equal(["id", "location", "name", "resourceGroup", "type", "virtualMachines", "performed_at"], Keys(resource));
        Assert.Equal(("Start", "Stopped"), ((string?)resource["virtualMachines"]![0]!["performed"], (string?)resource["virtualMachines"]![0]!["power_state_before"]));
    }

    [Fact]
    public async Task Two_runs_with_one_seed_give_equal_journals_but_for_the_runs_id()
    {
        using var other = new ExperimentWorld();
        _world.PutAllOnOneNode();
        other.PutAllOnOneNode();

        var first = (JsonObject)(await _world.RunAsync(Workshop.Corrected)).Journal.DeepClone();
        var second = (JsonObject)(await other.RunAsync(Workshop.Corrected)).Journal.DeepClone();

        Assert.NotEqual((string?)first["run_id"], (string?)second["run_id"]);
        first.Remove("run_id");
        second.Remove("run_id");
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task No_secret_gets_into_the_journal_or_the_log()
    {
        const string Secret = "s3cr3t-value";
        _world.Answer = static request => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"you sent {request.RequestUri}") };
        const string Text = """
            {"title": "with ${token}", "description": "d",
             "secrets": {"app": {"token": {"type": "env", "key": "APP_TOKEN"}, "pin": "s3cr3t-value-2", "number": 4711}},
             "steady-state-hypothesis": {"title": "h", "probes": [
               {"type": "probe", "name": "p", "tolerance": {"type": "regex", "target": "body", "pattern": "${token}x"},
                "provider": {"type": "http", "url": "http://app.invalid/?t=${token}&p=${pin}&n=${number}"}}]},
             "method": []}
            """;

        var run = await ExperimentRunner.RunAsync(
            ExperimentReader.Read(Text, "e.json", JsonDocuments.Instance), WithVariable("APP_TOKEN", Secret), new RunOptions { StatePath = _world.StateDirectory }, _world.Log, default);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        foreach (var text in (string[])
        [
            await File.ReadAllTextAsync(run.JournalPath), run.Reason!, run.Title, .. run.Activities.Select(static activity => $"{activity}{activity.Expected}{activity.Got}{activity.Output}"),
            .. _world.Log.Messages.Select(static message => message.Message),
        ])
        {
            Assert.DoesNotContain("s3cr3t", text, StringComparison.Ordinal);
            Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
        }

        Assert.Equal("APP_TOKEN", (string?)run.Journal["experiment"]!["secrets"]!["app"]!["token"]!["key"]);
        Assert.Equal("***", (string?)run.Journal["experiment"]!["secrets"]!["app"]!["pin"]);
    }

    [Fact]
    public async Task The_journal_is_there_while_the_run_goes_on_and_says_that_it_is_unfinished()
    {
        var path = Path.Combine(_world.StateDirectory, "sub", "journal.json");
        JsonNode? during = null;
        _world.Log.OnMessage = message =>
        {
            if (message.StartsWith("Pausing 15 s", StringComparison.Ordinal)) during = JsonNode.Parse(File.ReadAllText(path));
        };

        await _world.RunAsync(Workshop.Corrected, new RunOptions { JournalPath = path });

        Assert.Equal("Unfinished", (string?)during!["outcome"]);
        Assert.Equal("succeeded", (string?)during["run"]![0]!["status"]);
        Assert.Null(during["end"]);
        Assert.Equal(["journal.json"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_has_become_of_a_run_is_in_its_journal_a_second_later()
    {
        const string Text = """
            {"title": "t", "description": "d", "method": [
               {"type": "probe", "name": "first", "provider": {"type": "http", "url": "http://app.invalid/"}, "pauses": {"after": 2}},
               {"type": "probe", "name": "second", "provider": {"type": "http", "url": "http://app.invalid/"}}]}
            """;
        var path = Path.Combine(_world.StateDirectory, "journal.json");
        List<string?> written = [];
        _world.Log.OnMessage = message =>
        {
            if (message.StartsWith("Pausing", StringComparison.Ordinal) || message.EndsWith(": second", StringComparison.Ordinal))
                written.Add((string?)JsonNode.Parse(File.ReadAllText(path))!["run"]!.AsArray().FirstOrDefault()?["status"]);
        };

        await _world.RunAsync(Text, new RunOptions { JournalPath = path });

        Assert.Equal([null, "succeeded"], written);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_is_found_out_before_anything_is_touched()
    {
        var file = Path.Combine(_world.StateDirectory, "file");
        await File.WriteAllTextAsync(file, "");

        var exception = await Assert.ThrowsAsync<ChaosException>(
            () => _world.RunAsync(Workshop.Corrected, new RunOptions { JournalPath = Path.Combine(file, "journal.json") }));

        Assert.Equal("JournalUnwritable", exception.ErrorId);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task A_journal_without_a_name_is_refused()
    {
        var exception = await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync(Workshop.Corrected, new RunOptions { JournalPath = "" }));

        Assert.Equal("JournalUnwritable", exception.ErrorId);
        Assert.Empty(_world.Machines.Calls);
    }

    private static string[] Keys(JsonNode node) => [.. node.AsObject().Select(static entry => entry.Key)];

    private static string FakeMachine(string id) => $"{Fakes.FakeMachines.ScaleSetId}/virtualMachines/{id}";

    private ChaosPS.Ports.ChaosConnection WithVariable(string name, string value)
    {
        var inner = _world.Connection;
        return new ChaosPS.Ports.ChaosConnection
        {
            Name = inner.Name,
            Server = inner.Server,
            Kind = inner.Kind,
            Cluster = inner.Cluster,
            Power = inner.Power,
            Http = inner.Http,
            Time = inner.Time,
            Environment = new Dictionary<string, string> { [name] = value },
        };
    }
}
