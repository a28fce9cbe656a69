using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>Recovery logs that are whole, and say what no run has written.</summary>
public sealed class HostileLogTests : IDisposable
{
    private readonly FakeWorld _world = new();

    private RunStore Store => new(_world.StateDirectory);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("""{"sequence":1,"sequence":1,"type":"intent"}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"folder","machine":"m","made":true,"held":false}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"folder","machine":"m","folders":[],"made":true,"held":false}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"fileMove","machine":"m","from":null,"to":null}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"power"}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"change"}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"kind":"replicas","kind":"power"}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":{"machine":"m"}}""")]
    [InlineData("""{"sequence":1,"type":"intent","intent":[]}""")]
    public async Task A_change_that_cannot_be_read_is_one_that_nobody_knows(string line)
    {
        Write($$"""{"sequence":0,"type":"run","clusterId":"{{FakeCluster.Identity.Id}}"}""", line);

        var run = Assert.Single(Store.List());
        Assert.Equal((RunState.Unfinished, 1), (run.State, run.Remaining));
        await RunRecovery.RestoreAsync(run, _world.Connection, TimeSpan.FromMinutes(1), NullLog.Instance, default);
    }

    [Fact]
    public async Task Whoever_may_write_marks_into_a_cluster_changes_no_file_of_who_puts_back()
    {
        var (mine, theirs) = (Path.Combine(_world.StateDirectory, "profile"), Path.Combine(_world.StateDirectory, "planted"));
        File.WriteAllText(theirs, "run me");
        using (var log = await RecoveryLog.CreateAsync(Path.Combine(_world.StateDirectory, "elsewhere"), "test", _world.Connection, default))
        {
            var changes = new ChangeSet(_world.Connection, log, NullLog.Instance);
            changes.Note(changes.Intend(new FileMoveIntent(Environment.MachineName, mine, theirs)), ChangeState.Done);
            _world.Cluster.Leases["planted"] = new RunLease { RunId = "planted", Holder = "laptop/7", RenewTime = _world.Clock.GetUtcNow() - TimeSpan.FromMinutes(5), Targets = [], Log = log.Text };
        }

        var restored = await RunRecovery.RestoreAsync(
            Assert.Single(await Store.ListLeasedAsync(_world.Connection, default)), _world.Connection, TimeSpan.FromMinutes(1), NullLog.Instance, default);
        var again = await RunRecovery.RestoreAsync(Store.Get("planted"), _world.Connection, TimeSpan.FromMinutes(1), NullLog.Instance, default);

        Assert.False(File.Exists(mine));
        Assert.Contains("a mark in the cluster says so", Assert.Single(restored.Remaining), StringComparison.Ordinal);
        Assert.Equal(restored.Remaining, again.Remaining);
    }

    private void Write(params string[] lines)
    {
        var folder = Path.Combine(Store.Directory, "run");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "recovery.jsonl"), lines);
    }
}
