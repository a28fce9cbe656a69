using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Clusters;

/// <summary>Changes of workloads that others write to at the same time.</summary>
public sealed class WorkloadUpdateTests : IDisposable
{
    private static readonly Workload s_web = new()
    {
        Kind = "Deployment",
        Namespace = "shop",
        Name = "web",
        Uid = "u1",
        Cluster = FakeCluster.Identity,
        Replicas = 1,
        PodSpec = new PodSpec { Containers = [] },
    };

    private static readonly ClusterOverlay s_change = new() { Workloads = [new WorkloadOverlay("Deployment", "shop", "web") { Replicas = 2, TolerationSeconds = 30 }] };

    private readonly FakeWorld _world = new();

    public WorkloadUpdateTests()
    {
        _world.Cluster.Workloads.Add(s_web);
        _world.Cluster.Objects.Add(JsonNode.Parse(
            """
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "uid": "u1", "resourceVersion": "1"},
             "spec": {"replicas": 1, "template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}}}
            """)!.AsObject());
    }

    public void Dispose() => _world.Dispose();

    private JsonNode Spec => _world.Cluster.Objects[0]["spec"]!;

    private RunStore Store => new(_world.StateDirectory);

    private async Task UpdateAsync()
    {
        using var log = await RecoveryLog.CreateAsync(_world.StateDirectory, "test", _world.Connection, default);
        var gate = await BlastGate.OpenAsync(_world.Connection, [], Store, default);
        await new WorkloadOperations(_world.Connection, new ChangeSet(_world.Connection, log, NullLog.Instance), gate, NullLog.Instance).UpdateAsync(s_web, s_change, default);
    }

    [Fact]
    public async Task A_conflict_is_tried_again_with_what_is_there_now_and_the_undo_leaves_that_alone()
    {
        _world.Cluster.Meanwhile.Enqueue(static item => item["metadata"]!["resourceVersion"] = "2");
        _world.Cluster.Meanwhile.Enqueue(static item => item["spec"]!["minReadySeconds"] = 7);

        await UpdateAsync();

        Assert.Equal((2, 7), ((int)Spec["replicas"]!, (int)Spec["minReadySeconds"]!));
        await RunRecovery.RestoreAsync(Assert.Single(Store.List()), _world.Connection, TimeSpan.FromMinutes(1), NullLog.Instance, default);
        Assert.Equal((1, 7), ((int)Spec["replicas"]!, (int)Spec["minReadySeconds"]!));
        Assert.Null(Spec["template"]!["spec"]!["tolerations"]);
    }

    [Fact]
    public async Task Somebody_who_never_stops_writing_is_an_error_and_nothing_is_left_to_put_back()
    {
        for (var i = 0; i < 20; i++) _world.Cluster.Meanwhile.Enqueue(static _ => { });

        var error = await Assert.ThrowsAsync<ChaosException>(UpdateAsync);

        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(1, (int)Spec["replicas"]!);
        Assert.Empty(_world.Cluster.Changes);
        Assert.Equal(0, Assert.Single(Store.List()).Remaining);
    }
}
