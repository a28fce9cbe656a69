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

    private void Write(params string[] lines)
    {
        var folder = Path.Combine(Store.Directory, "run");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "recovery.jsonl"), lines);
    }
}
