using System.Globalization;
using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Resilience;

/// <summary>
/// Predictions beside what a client measures: it calls every path of the application once a second through the sandbox's own faces, while another seed than the
/// prediction's decides what happens.
/// </summary>
public sealed class SandboxAccuracyTests : IDisposable
{
    private const string Mark = "<!-- measured: written by SandboxAccuracyTests -->";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(0.9);

    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task What_clients_measure_lies_within_what_is_predicted_and_the_page_tells_the_error()
    {
        DrainOptions drain = new() { IgnoreDaemonSet = true, DeleteEmptyDirData = true };
        var kubelet = FaultSpec.Kubelet(TimeSpan.FromMinutes(10));
        (string Name, bool Fixed, int[] Nodes, Func<string[], LossAction> Action, int Seconds)[] scenarios =
        [
            ("stop", false, [1], static nodes => new PowerLoss(nodes, PowerAction.PowerOff), 480),
            ("deallocate", false, [2], static nodes => new PowerLoss(nodes, PowerAction.Deallocate), 480),
            ("restart", false, [1], static nodes => new PowerLoss(nodes, PowerAction.Restart), 120),
            ("drain", false, [1], nodes => new DrainLoss(nodes, drain), 60),
            ("kubelet stopped for 10 min", false, [1], nodes => new FaultLoss(nodes, kubelet), 480),
            ("stop of two nodes", false, [0, 1], static nodes => new PowerLoss(nodes, PowerAction.PowerOff), 480),
            ("stop", true, [1], static nodes => new PowerLoss(nodes, PowerAction.PowerOff), 480),
            ("drain", true, [1], nodes => new DrainLoss(nodes, drain), 60),
            ("stop of two nodes", true, [0, 1], static nodes => new PowerLoss(nodes, PowerAction.PowerOff), 480),
        ];
        var table = new StringBuilder("| Loss | contactsapp | Path | Calls | Failed | Predicted: likely, and within | Error |\n|---|---|---|---|---|---|---|\n");
        List<double> errors = [];
        foreach (var (name, isFixed, indexes, action, seconds) in scenarios)
        {
            var sandbox = SandboxFactory.Create("contactsapp", seed: 7);
            var connection = new Composition().Connect(sandbox);
            await connection.Time.RunAsync(async () =>
            {
                if (isFixed) await SpreadAsync(connection);
                var nodes = await connection.Cluster.GetNodesAsync(default);
                ClusterNode[] lost = [.. indexes.Select(index => nodes[index])];
                var loss = action([.. lost.Select(static node => node.Name)]);
                var forecast = await LossForecaster.MakeAsync(connection, [loss], NullLog.Instance, default);
                foreach (var (path, calls) in await MeasureAsync(connection, loss, lost, seconds))
                {
                    var way = forecast.Course.Find(path)!;
                    var (fewest, likely, most) = forecast.Course.Count(way, [.. calls.Select(static call => call.At)]);
                    var failed = calls.Count(static call => call.Failed);
                    Assert.InRange(failed, fewest - 1, most + 1);
                    if (failed == 0 && most < 1) continue;
                    errors.Add(Math.Abs(likely - failed));
                    table.Append(CultureInfo.InvariantCulture,
                        $"| {name} | {(isFixed ? "two replicas, apart" : "as it is")} | {path.AbsolutePath} | {calls.Count} | {failed} | {likely:0}, {fewest:0} to {most:0} | {likely - failed:+0;-0;0} |\n");
                }
            });
        }

        Assert.True(errors.Count >= 15, $"{errors.Count}");
        table.Append(CultureInfo.InvariantCulture, $"| all | | | | | | mean {errors.Average():0.0}, at most {errors.Max():0} |\n");
        AccuracyPage.Hold(Mark, table.ToString());
    }

    /// <summary>Does it, and calls all paths meanwhile.</summary>
    private async Task<IReadOnlyList<(Uri Path, List<(TimeSpan At, bool Failed)> Calls)>> MeasureAsync(ChaosConnection connection, LossAction loss, ClusterNode[] nodes, int seconds)
    {
        var paths = (await connection.Cluster.GetIngressPathsAsync("contactsapp", default)).Select(static path => path.Uri).Distinct().OrderBy(static uri => uri.AbsolutePath, StringComparer.Ordinal);
        (Uri Path, List<(TimeSpan At, bool Failed)> Calls)[] measured = [.. paths.Select(static path => (path, new List<(TimeSpan, bool)>()))];
        var doing = connection.Time.RunAsync(() => DoAsync(connection, loss, nodes));
        var begin = connection.Time.GetUtcNow();
        await connection.Time.WhenAllAsync([doing, .. measured.Select(one => connection.Time.RunAsync(() => CallAsync(one.Path, one.Calls)))]);
        return measured;

        async Task<bool> CallAsync(Uri path, List<(TimeSpan At, bool Failed)> calls)
        {
            for (var second = 1; second <= seconds; second++)
            {
                await connection.Time.DelayAsync(begin + TimeSpan.FromSeconds(second) - connection.Time.GetUtcNow(), default);
                var at = connection.Time.GetUtcNow() - begin;
                calls.Add((at, await FailsAsync(connection, path)));
            }

            return true;
        }
    }

    private static async Task<bool> FailsAsync(ChaosConnection connection, Uri path)
    {
        using var patience = new CancellationTokenSource(s_patience, connection.Time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var answer = await connection.Http.SendAsync(request, patience.Token);
            return (int)answer.StatusCode >= 500;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return true;
        }
    }

    private async Task<bool> DoAsync(ChaosConnection connection, LossAction loss, ClusterNode[] nodes)
    {
        foreach (var node in nodes)
        {
            if (loss is DrainLoss drain)
            {
                await WithChangesAsync(connection, (changes, gate) => new NodeDrainer(connection, changes, gate, NullLog.Instance, held: true).DrainAsync(node, drain.Options, default));
                continue;
            }

            var machine = await connection.Power.GetInstanceAsync(node, default);
            if (loss is PowerLoss power) await connection.Power.BeginAsync(machine, power.Power, false, default);
            else await connection.Power.BeginScriptAsync(machine, new FaultScript("test", ((FaultLoss)loss).Fault).Text, default);
        }

        return true;
    }

    /// <summary>What the workshop does: at least two replicas, and never two on one node.</summary>
    private Task SpreadAsync(ChaosConnection connection) => WithChangesAsync(connection, async (changes, gate) =>
    {
        var operations = new WorkloadOperations(connection, changes, gate, NullLog.Instance);
        foreach (var workload in await connection.Cluster.GetWorkloadsAsync("contactsapp", default))
        {
            if (workload.Name == "mssql-deployment") continue;
            var spread = await operations.AddPodAntiAffinityAsync(await operations.SetReplicasAsync(workload, 2, default), "service", "kubernetes.io/hostname", default);
            await operations.WaitForRolloutAsync(spread, TimeSpan.FromMinutes(10), default);
        }

        return true;
    });

    private async Task WithChangesAsync<T>(ChaosConnection connection, Func<ChangeSet, BlastGate, Task<T>> work)
    {
        using var recovery = await RecoveryLog.CreateAsync(_state, "test", connection, default);
        var gate = await BlastGate.OpenAsync(connection, [], new RunStore(_state), default);
        await work(new ChangeSet(connection, recovery, NullLog.Instance), gate);
    }
}
