using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Experiments;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

public sealed class RecoveryLogTests
{
    [Fact]
    public async Task A_run_has_a_folder_of_its_own_and_says_what_it_is()
    {
        using var world = new FakeWorld();
        using var first = await RecoveryLog.CreateAsync(world.StateDirectory, "Stop-ClusterNode", world.Connection, default);
        using var second = await RecoveryLog.CreateAsync(world.StateDirectory, "Stop-ClusterNode", world.Connection, default);

        Assert.NotEqual(first.Folder, second.Folder);
        using var file = new FileStream(Path.Combine(first.Folder, "recovery.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var entry = JsonNode.Parse(file)!;
        Assert.Equal("run", (string?)entry["type"]);
        Assert.Equal(first.RunId, (string?)entry["runId"]);
        Assert.Equal("Stop-ClusterNode", (string?)entry["command"]);
    }

    [Fact]
    public async Task Without_a_writable_state_directory_nothing_may_be_changed()
    {
        using var world = new FakeWorld();
        var file = Path.Combine(world.StateDirectory, "a-file");
        File.WriteAllText(file, "");

        var error = await Assert.ThrowsAsync<ChaosException>(() => RecoveryLog.CreateAsync(file, "Stop-ClusterNode", world.Connection, default));

        Assert.Equal("RecoveryLogUnwritable", error.ErrorId);
        Assert.Equal(ErrorKind.Refused, error.Kind);
    }

    [Fact]
    public async Task Without_a_writable_state_directory_a_machine_is_started_all_the_same()
    {
        using var world = new FakeWorld();
        var file = Path.Combine(world.StateDirectory, "a-file");
        File.WriteAllText(file, "");
        world.Machines.Set(world.Machines.Instances[0], PowerState.Stopped);
        var log = new RecordingLog();
        using var recovery = await RecoveryLog.CreateForRepairAsync(file, "Start-ClusterNode", world.Connection, default);
        var gate = await BlastGate.OpenAsync(world.Connection, [], new RunStore(file), default);
        var power = new GuardedPower(world.Connection, new ChangeSet(world.Connection, recovery, log), gate, log);

        await world.Clock.RunAsync(() => power.ChangeAsync(world.Machines.Instances[0], PowerAction.Start, false, default));
        var error = await Assert.ThrowsAsync<ChaosException>(() => world.Clock.RunAsync(() =>
            power.ChangeAsync(world.Machines.Instances[0], PowerAction.PowerOff, false, default)));

        Assert.Equal(["Start 0"], world.Machines.Calls);
        Assert.Equal("RecoveryLogUnwritable", error.ErrorId);
        Assert.Contains("lacks the Start of", Assert.Single(log.Messages, static said => said.Level == ChaosLogLevel.Warning).Message, StringComparison.Ordinal);
    }
}
