using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Tests.Experiments;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Safety;

/// <summary>What another process finds in a run folder, and what it makes of it.</summary>
public sealed class RunRecoveryTests : IDisposable
{
    private readonly FakeWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_run_whose_process_died_is_unfinished_and_can_be_finished_by_another()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var run = Assert.Single(Store.Unfinished(FakeCluster.Identity.Id));

        var restored = await RestoreAsync(run);

        Assert.True(restored.Complete);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
        Assert.Equal(("Restored", RunState.Ended), (Store.Get(run.RunId).Outcome, Store.Get(run.RunId).State));
        Assert.Empty(Store.Unfinished());
    }

    [Theory]
    [InlineData("u-1", "Deployment shop/web, which was made, is removed.")]
    [InlineData("u-2", "Deployment shop/web is another one than was made: left alone.")]
    public async Task Of_objects_of_one_name_only_that_which_was_made_is_removed(string uid, string step)
    {
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            var changes = new ChangeSet(_world.Connection, log, NullLog.Instance);
            var target = new ObjectReference(new ApiResource("apps", "v1", "Deployment", "deployments", true), "shop", "web");
            changes.NoteMade(changes.Intend(new ObjectCreateIntent(target, Held: false)), "u-1");
        }

        _world.Cluster.Objects.Add((JsonObject)JsonNode.Parse($$$"""{"kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "uid": "{{{uid}}}"}}""")!);

        var restored = await RestoreAsync(Assert.Single(Store.Unfinished()));

        Assert.Equal((true, step), (restored.Complete, Assert.Single(restored.Steps)));
    }

    [Fact]
    public async Task Restoring_twice_does_the_work_once()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var run = Assert.Single(Store.List());

        await RestoreAsync(run);
        var again = await RestoreAsync(run);

        Assert.True(again.Complete);
        Assert.Equal(["Nothing was left to put back."], again.Steps);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task What_was_off_before_stays_off()
    {
        _world.Machines.Set(Instance(0), PowerState.Stopped);
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.Deallocate, false, default));

        Assert.Equal(RunState.Ended, Assert.Single(Store.List()).State);
        Assert.Equal(["Deallocate 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_said_to_be_gone()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        _world.Machines.Instances.RemoveAt(0);

        var restored = await RestoreAsync(Assert.Single(Store.Unfinished()));

        Assert.True(restored.Complete);
        Assert.Contains("no longer exists", Assert.Single(restored.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_somebody_has_started_is_only_waited_for()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        await _world.Clock.RunAsync(async () => await _world.Machines.BeginAsync(Instance(0), PowerAction.Start, false, default));

        var restored = await RestoreAsync(Assert.Single(Store.Unfinished()));

        Assert.Equal([$"Node {FakeMachines.NodeName(0)} is Ready."], restored.Steps);
        Assert.Equal(["PowerOff 0", "Start 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_failed_restore_says_what_is_left_and_leaves_the_run_unfinished()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        _world.Machines.Failures.Enqueue(new ChaosException("AzureForbidden", ErrorKind.PermissionDenied, "Azure says no.", null, null));
        var run = Assert.Single(Store.Unfinished());

        var failed = await RestoreAsync(run);
        var restored = await RestoreAsync(Assert.Single(Store.Unfinished()));

        Assert.False(failed.Complete);
        Assert.Contains($"Start-ClusterNode {FakeMachines.NodeName(0)}", Assert.Single(failed.Remaining), StringComparison.Ordinal);
        Assert.True(restored.Complete);
    }

    [Fact]
    public async Task A_run_that_somebody_is_at_work_on_is_left_to_them()
    {
        using var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var run = Assert.Single(Store.List());

        var error = await Assert.ThrowsAsync<ChaosException>(() => RestoreAsync(run));

        Assert.Equal(RunState.Running, run.State);
        Assert.Equal("RunBusy", error.ErrorId);
    }

    [Fact]
    public async Task A_run_on_another_cluster_is_refused()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var run = Assert.Single(Store.Unfinished()) with { ClusterId = "another" };

        var error = await Assert.ThrowsAsync<ChaosException>(() => RestoreAsync(run));

        Assert.Equal("RunOfOtherCluster", error.ErrorId);
    }

    [Fact]
    public async Task Where_the_address_may_lead_to_another_cluster_machines_are_put_back_and_workloads_left_alone()
    {
        _world.Cluster.Known = new ClusterIdentity("fake", "https://127.0.0.1:6443", "https://127.0.0.1:6443") { IsCertain = false };
        var workload = new Workload { Kind = "Deployment", Namespace = "shop", Name = "web", Cluster = FakeCluster.Identity, Replicas = 3, PodSpec = new PodSpec { Containers = [] } };
        _world.Cluster.Workloads.Add(workload);
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            new ChangeSet(_world.Connection, log, NullLog.Instance).Intend(new ReplicaIntent("Deployment", "shop", "web", "u-1", 1, 3, Held: false));
        }

        var runs = Store.Unfinished();
        RestoredRun[] restored = [await RestoreAsync(runs[0]), await RestoreAsync(runs[1])];

        Assert.True(_world.Machines.Instances.TrueForAll(static machine => machine.PowerState == PowerState.Running));
        Assert.Empty(_world.Cluster.Changes);
        var left = Assert.Single(restored, static run => !run.Complete);
        Assert.Contains("replicas 1 -> 3 of shop/web: whether it belongs to the connected cluster 'fake' cannot be told", Assert.Single(left.Remaining), StringComparison.Ordinal);
        Assert.Single(Store.Unfinished());
    }

    [Theory]
    [InlineData("u-1", new[] { "scale web 1", "no anti-affinity web kubernetes.io/hostname" })]
    [InlineData("u-2", new string[0])]
    public async Task A_newer_workload_of_the_same_name_is_left_alone(string uid, string[] expected)
    {
        _world.Cluster.Workloads.Add(new Workload
        {
            Kind = "Deployment",
            Namespace = "shop",
            Name = "web",
            Uid = uid,
            Cluster = FakeCluster.Identity,
            Replicas = 3,
            PodSpec = new PodSpec { Containers = [] },
        });
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            var changes = new ChangeSet(_world.Connection, log, NullLog.Instance);
            changes.Intend(new AntiAffinityIntent("Deployment", "shop", "web", "u-1", "app", "web", "kubernetes.io/hostname", Held: false));
            changes.Intend(new ReplicaIntent("Deployment", "shop", "web", "u-1", 1, 3, Held: false));
        }

        var restored = await RestoreAsync(Assert.Single(Store.Unfinished()));

        Assert.True(restored.Complete);
        Assert.Equal(expected, _world.Cluster.Changes);
        Assert.Equal(expected.Length == 0, restored.Steps.Contains("Deployment shop/web is another one than was changed: left alone."));
    }

    [Fact]
    public async Task What_the_user_holds_is_not_unfinished_and_is_put_back_on_demand()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default), held: true);
        var run = Assert.Single(Store.List());

        Assert.Equal(RunState.Held, run.State);
        Assert.Empty(Store.Unfinished());
        Assert.True((await RestoreAsync(run)).Complete);
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task Whoever_starts_a_held_machine_has_ended_its_run_and_no_other()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default), held: true);
        await _world.Clock.RunAsync(async () =>
        {
            var start = await _world.Machines.BeginAsync(Instance(0), PowerAction.Start, false, default);
            await start.WaitAsync(default);
            return true;
        });
        await DieAsync(async power => await power.ChangeAsync(Instance(1), PowerAction.PowerOff, false, default), held: true);

        HeldRuns.Started(Store, FakeCluster.Identity.Id, Instance(0).ResourceId.ToUpperInvariant(), _world.Clock, NullLog.Instance);
        HeldRuns.Started(Store, "another cluster", Instance(1).ResourceId, _world.Clock, NullLog.Instance);

        Assert.Equal(["Ended", "Held"], Store.List().Select(static run => run.State.ToString()).Order());
    }

    [Fact]
    public async Task Replicas_are_put_back_unless_somebody_else_has_set_them_since()
    {
        var workload = new Workload { Kind = "Deployment", Namespace = "shop", Name = "web", Cluster = FakeCluster.Identity, Replicas = 1, PodSpec = new PodSpec { Containers = [] } };
        _world.Cluster.Workloads.Add(workload);
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            var operations = new WorkloadOperations(
                _world.Connection, new ChangeSet(_world.Connection, log, NullLog.Instance), await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default),
                NullLog.Instance);
            await operations.SetReplicasAsync(workload, 3, default);
        }

        var run = Assert.Single(Store.List());
        Assert.Equal(["Deployment shop/web is back at 1 replicas."], (await RestoreAsync(run)).Steps);
        Assert.Equal(["scale web 3", "scale web 1"], _world.Cluster.Changes);
    }

    [Fact]
    public async Task A_rule_that_a_workload_had_before_is_not_taken_away()
    {
        var workload = new Workload
        {
            Kind = "Deployment",
            Namespace = "shop",
            Name = "web",
            Cluster = FakeCluster.Identity,
            PodSpec = new PodSpec { Containers = [] },
            PodLabels = new Dictionary<string, string> { ["app"] = "web" },
        };
        _world.Cluster.Workloads.Add(workload);
        _world.Cluster.HasTerms = true;
        using (var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default))
        {
            var operations = new WorkloadOperations(
                _world.Connection, new ChangeSet(_world.Connection, log, NullLog.Instance), await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default),
                NullLog.Instance);
            Assert.Equal(workload, await operations.AddPodAntiAffinityAsync(workload, "app", "kubernetes.io/hostname", default));
        }

        var run = Assert.Single(Store.List());
        Assert.Equal(RunState.Ended, run.State);
        await RestoreAsync(run);
        Assert.Empty(_world.Cluster.Changes);
    }

    [Fact]
    public async Task A_log_that_is_cut_at_any_byte_is_read_and_its_run_finished()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var folder = Assert.Single(Store.List()).Folder;
        var whole = await File.ReadAllBytesAsync(Path.Combine(folder, "recovery.jsonl"));
        var intentEnd = NthIndexOf(whole, (byte)'\n', 2);

        for (var length = 0; length <= whole.Length; length++)
        {
            using var world = new FakeWorld();
            var store = new RunStore(world.StateDirectory);
            var copy = Path.Combine(store.Directory, "run");
            Directory.CreateDirectory(copy);
            await File.WriteAllBytesAsync(Path.Combine(copy, "recovery.jsonl"), whole[..length]);

            // The call goes out only after its line is on the disk.
            if (length > intentEnd) world.Machines.Set(world.Machines.Instances[0], PowerState.Stopped);
            var run = store.Get("run");
            Assert.Equal(length >= intentEnd ? RunState.Unfinished : RunState.Ended, run.State);

            var restored = await RunRecovery.RestoreAsync(run, world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);
            Assert.True(restored.Complete, $"cut at {length}: {string.Join(' ', restored.Remaining)}");
            Assert.All(world.Machines.Instances, static machine => Assert.Equal(PowerState.Running, machine.PowerState));
            Assert.Equal(RunState.Ended, store.Get("run").State);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_line_that_the_log_has_lost_is_a_change_that_nobody_knows(int line)
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        await RestoreAsync(Assert.Single(Store.List()));
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var log = Path.Combine(Assert.Single(Store.Unfinished()).Folder, "recovery.jsonl");
        var lines = await File.ReadAllLinesAsync(log);
        await File.WriteAllLinesAsync(log, line % 2 == 0 ? lines.Where((_, at) => at != line) : lines.Select((text, at) => at == line ? text[1..] : text));

        var run = Assert.Single(Store.Unfinished());
        Assert.Contains(run.Changes, change => change is { NeedsUndo: true } && change.ToString() == $"lost log line {line}: unknown");
        if (line == 0)
        {
            Assert.Equal("RunClusterUnknown", (await Assert.ThrowsAsync<ChaosException>(() => RestoreAsync(run))).ErrorId);
            return;
        }

        var restored = await RestoreAsync(run);
        if (line == 1)
        {
            // The intent itself: what is off is told, and nothing is started that may have been off before.
            Assert.Contains(FakeMachines.NodeName(0), Assert.Single(restored.Remaining), StringComparison.Ordinal);
            Assert.NotEmpty(Store.Unfinished());
            Assert.NotEqual(PowerState.Running, Instance(0).PowerState);
            await _world.Clock.RunAsync(async () =>
            {
                await (await _world.Machines.BeginAsync(Instance(0), PowerAction.Start, false, default)).WaitAsync(default);
                return true;
            });
            restored = await RestoreAsync(run);
        }

        Assert.True(restored.Complete, string.Join(' ', restored.Remaining));
        Assert.Contains(restored.Steps, step => step.Contains($"The log lacks line {line}", StringComparison.Ordinal)
            && step.Contains("all 3 nodes are Ready", StringComparison.Ordinal));
        Assert.Empty(Store.Unfinished());
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_any_more_can_be_read_and_its_run_put_back()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var run = Assert.Single(Store.Unfinished());
        MakeReadOnly(Path.Combine(run.Folder, "run.lock"));
        var log = new RecordingLog();

        var restored = await RunRecovery.RestoreAsync(run, _world.Connection, TimeSpan.FromMinutes(20), log, default);

        Assert.True(restored.Complete, string.Join(' ', restored.Remaining));
        Assert.Equal(PowerState.Running, Instance(0).PowerState);
        Assert.Contains(log.Messages, static said => said.Message.StartsWith("What is put back is not written down:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_that_the_run_itself_could_not_write_is_not_missed()
    {
        var folder = Path.Combine(Store.Directory, "run");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "recovery.jsonl"), """
            {"sequence":0,"type":"run","clusterId":"x"}
            {"sequence":3,"type":"end","unwritten":[1,2],"outcome":"Passed"}

            """);

        Assert.Equal((RunState.Ended, 0), (Store.Get("run").State, Store.Get("run").Remaining));
    }

    /// <summary>Lets a file be read and not be written, by an administrator neither.</summary>
    private static void MakeReadOnly(string path)
    {
        if (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux())
        {
            File.Delete(path);
            File.CreateSymbolicLink(path, "/sys/kernel/uevent_seqnum"); // which the kernel lets nobody write
        }
        else
        {
            File.SetAttributes(path, FileAttributes.ReadOnly);
        }
    }

    [Fact]
    public void A_log_of_garbage_is_counted_and_not_believed()
    {
        var folder = Path.Combine(Store.Directory, "run");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "recovery.jsonl"), [.. Encoding.UTF8.GetBytes("{\"sequence\":\"x\",\"type\":7}\n[1]\nnot json\n"), 0, 0, 0, 0xff]);

        var run = Store.Get("run");

        Assert.Equal((RunState.Unfinished, 3), (run.State, run.UnreadableLines));
        Assert.Equal(["lost log line 1: unknown", "lost log line 2: unknown"], run.Changes.Select(static change => change.ToString()));
    }

    [Fact]
    public async Task A_change_that_a_newer_version_recorded_is_not_forgotten()
    {
        var folder = Path.Combine(Store.Directory, "run");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "recovery.jsonl"), $$$"""
            {"sequence":0,"type":"run","clusterId":"{{{FakeCluster.Identity.Id}}}"}
            {"sequence":1,"type":"intent","target":"cat","change":"entangle","undo":"Stop-Entanglement cat","intent":{"kind":"quantum","held":false}}

            """);
        var run = Store.Get("run");

        var restored = await RestoreAsync(run);

        Assert.Equal(RunState.Unfinished, run.State);
        Assert.Equal(("entangle cat", "Stop-Entanglement cat"), (run.Changes[0].ToString(), run.Changes[0].Undo));
        Assert.Contains("newer version", Assert.Single(restored.Remaining), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_does_not_say_which_cluster_it_is_of_puts_nothing_back()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var log = Path.Combine(Assert.Single(Store.List()).Folder, "recovery.jsonl");
        File.WriteAllLines(log, File.ReadAllLines(log).Skip(1));
        var run = Assert.Single(Store.Unfinished());

        var error = await Assert.ThrowsAsync<ChaosException>(() => RestoreAsync(run));

        Assert.Equal("RunClusterUnknown", error.ErrorId);
        Assert.Equal(["PowerOff 0"], _world.Machines.Calls);
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_hides_no_other()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        Directory.CreateDirectory(Path.Combine(Store.Directory, "00000000-bad", "recovery.jsonl")); // a folder where the log should be
        List<ChaosException> unreadable = [];

        var run = Assert.Single(Store.Unfinished(unreadable: unreadable.Add));

        Assert.Single(run.Changes);
        Assert.Equal("RecoveryLogUnreadable", Assert.Single(unreadable).ErrorId);
    }

    [Fact]
    public async Task Those_who_look_at_a_run_are_not_taken_for_its_owner()
    {
        await DieAsync(async power => await power.ChangeAsync(Instance(0), PowerAction.PowerOff, false, default));
        var folder = Assert.Single(Store.List()).Folder;
        using var looking = new FileStream(Path.Combine(folder, "run.lock"), FileMode.Open, FileAccess.Read, FileShare.Read);

        Assert.Equal(RunState.Unfinished, Assert.Single(Store.List()).State);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("missing")]
    public void A_run_that_is_not_there_is_an_error(string runId) =>
        Assert.Equal("RunNotFound", Assert.Throws<ChaosException>(() => Store.Get(runId)).ErrorId);

    private static int NthIndexOf(byte[] bytes, byte value, int count)
    {
        var at = -1;
        for (var n = 0; n < count; n++) at = Array.IndexOf(bytes, value, at + 1);
        return at;
    }

    private RunStore Store => new(_world.StateDirectory);

    private ScaleSetInstance Instance(int id) => _world.Machines.Instances[id];

    private Task<RestoredRun> RestoreAsync(RecordedRun run) =>
        RunRecovery.RestoreAsync(run, _world.Connection, TimeSpan.FromMinutes(20), NullLog.Instance, default);

    /// <summary>Does something and dies: nothing is undone and no end is written.</summary>
    private async Task DieAsync(Func<GuardedPower, Task> work, bool held = false)
    {
        using var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], new RunStore(_world.StateDirectory), default);
        var power = new GuardedPower(_world.Connection, new ChangeSet(_world.Connection, log, NullLog.Instance), gate, NullLog.Instance, held);
        await _world.Clock.RunAsync(async () =>
        {
            await work(power);
            return true;
        });
    }
}
