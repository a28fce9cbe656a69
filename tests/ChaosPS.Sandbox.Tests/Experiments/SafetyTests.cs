using System.Net;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Experiments;

/// <summary>What limits and marks runs in the cluster itself, through the real client.</summary>
public sealed class SafetyTests : IDisposable
{
    private const string Merge = "application/merge-patch+json";

    private readonly SandboxClient _client = new();
    private readonly ChaosConnection _connection;

    public SafetyTests() => _connection = new Composition().Connect(_client.Sandbox);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_clusters_annotation_is_a_policy()
    {
        await PatchAsync("api/v1/namespaces/kube-system", """{"metadata":{"annotations":{"chaosps.dev/policy":"lastReadyReplica: refuse\n"}}}""");

        var error = await RefusedAsync();

        Assert.Equal("LastReadyReplica", error.ErrorId);
        Assert.Contains("the annotation chaosps.dev/policy of contactsapp", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_annotation_that_is_no_policy_keeps_everything_from_being_changed()
    {
        await PatchAsync("api/v1/namespaces/kube-system", """{"metadata":{"annotations":{"chaosps.dev/policy":"maxNodesDown: none\n"}}}""");

        Assert.Equal("PolicyInvalid", (await RefusedAsync()).ErrorId);
    }

    [Theory]
    [InlineData("api/v1/nodes/aks-nodepool1-36421985-vmss000000", """{"metadata":{"annotations":{"chaosps.dev/protected":"true"}}}""", "NodeProtected")]
    [InlineData("api/v1/nodes/aks-nodepool1-36421985-vmss000000", """{"metadata":{"labels":{"chaosps.dev/protected":"true"}}}""", "NodeProtected")]
    [InlineData("api/v1/namespaces/contactsapp", """{"metadata":{"labels":{"chaosps.dev/protected":"true"}}}""", "NamespaceProtected")]
    public async Task A_label_or_annotation_protects(string path, string patch, string id)
    {
        await PatchAsync(path, patch);

        Assert.Equal(id, (await RefusedAsync()).ErrorId);
    }

    [Fact]
    public async Task A_config_map_stops_what_a_policy_says_it_stops()
    {
        await _client.Kubernetes("POST", "api/v1/namespaces/default/configmaps", """{"metadata":{"name":"stop"},"data":{"stop":"true"}}""");

        var error = await RefusedAsync(new BlastPolicy { Source = "the test", StopConfigMap = "default/stop" });

        Assert.Equal("StopLeverPulled", error.ErrorId);
        Assert.Contains("the ConfigMap default/stop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mark_is_written_again_and_again_read_and_taken_away()
    {
        var mark = new RunLease
        {
            RunId = "20261123T090000-0A1B2C3D",
            Holder = "laptop/7",
            RenewTime = _client.Clock.GetUtcNow(),
            Targets = ["/subscriptions/s/a", "/subscriptions/s/b"],
            Log = "{\"sequence\":0}\n",
        };
        var later = mark with { RenewTime = mark.RenewTime.AddSeconds(15), Log = mark.Log + "{\"sequence\":1}\n" };

        var (read, left) = await _connection.Time.RunAsync(async () =>
        {
            await _connection.Cluster.PutRunLeaseAsync(mark, default);
            await _connection.Cluster.PutRunLeaseAsync(later, default);
            var leases = await _connection.Cluster.GetRunLeasesAsync(default);
            await _connection.Cluster.DeleteRunLeaseAsync(mark.RunId, default);
            await _connection.Cluster.DeleteRunLeaseAsync(mark.RunId, default);
            return (leases, await _connection.Cluster.GetRunLeasesAsync(default));
        });

        var only = Assert.Single(read);
        Assert.Equal((later.RunId, later.Holder, later.RenewTime, later.Log), (only.RunId, only.Holder, only.RenewTime, only.Log));
        Assert.Equal(later.Targets, only.Targets);
        Assert.Empty(left);
    }

    private async Task PatchAsync(string path, string patch) =>
        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("PATCH", path, patch, Merge)).Status);

    /// <summary>What refuses to stop the first node.</summary>
    private Task<ChaosException> RefusedAsync(params BlastPolicy[] policies) => _connection.Time.RunAsync(async () =>
    {
        var node = (await _connection.Cluster.GetNodesAsync(default))[0];
        var instance = await _connection.Power.GetInstanceAsync(node, default);
        return await Assert.ThrowsAsync<ChaosException>(async () =>
        {
            var gate = await BlastGate.OpenAsync(_connection, policies, new RunStore(Path.GetTempPath()), default);
            await gate.CheckAsync([instance], PowerAction.PowerOff, null, default);
        });
    });
}
