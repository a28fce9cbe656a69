using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>Waiting for a node of a real cluster.</summary>
public sealed class NodeSignalTests : IAsyncDisposable
{
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server = new();
    private readonly KubernetesCluster _cluster;
    private bool _ready;

    public NodeSignalTests() => _cluster = _folder.Connect(TimeProvider.System, _server.Address, "", "token: t");

    private string Node => $$$"""
        {"metadata":{"name":"a","uid":"uid-a","resourceVersion":"{{{(_ready ? 2 : 1)}}}"},"status":{"conditions":[{"type":"Ready","status":"{{{_ready}}}"}]}}
        """;

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A server that becomes ready when it is watched.</summary>
    private void Serve(Func<FaultExchange, Task> watched)
    {
        for (var i = 0; i < 20; i++)
        {
            _server.Do(exchange => exchange.Path switch
            {
                var path when path.Contains("watch=true", StringComparison.Ordinal) => watched(exchange),
                var path when path.EndsWith("/nodes/a", StringComparison.Ordinal) => exchange.AnswerAsync(200, Node),
                var path when path.Contains("/nodes?", StringComparison.Ordinal) =>
                    exchange.AnswerAsync(200, $$$"""{"kind":"NodeList","metadata":{"resourceVersion":"1"},"items":[{{{Node}}}]}"""),
                _ => exchange.AnswerAsync(200, """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}"""),
            });
        }
    }

    private async Task<ClusterNode> WaitAsync(IChaosLog log)
    {
        var connection = new ChaosConnection
        {
            Name = "test",
            Server = _server.Address,
            Kind = ConnectionKind.Cluster,
            Cluster = _cluster,
            Power = null!,
            Http = null!,
            Time = TimeProvider.System,
        };
        var node = new ClusterNode { Name = "a", Cluster = new ClusterIdentity("test", _server.Address, "U") };
        return await NodeWaiter.WaitAsync(connection, node, NodeState.Ready, TimeSpan.FromMinutes(1), log, default).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_wait_looks_again_when_the_watch_tells_of_a_change_and_closes_it_then()
    {
        var closed = new TaskCompletionSource();
        Serve(async exchange =>
        {
            _ready = true;
            await exchange.HoldAsync("{\"type\":\"MODIFIED\",\"object\":" + Node + "}\n");
            closed.SetResult();
        });

        Assert.True((await WaitAsync(NullLog.Instance)).Ready);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(_server.Requests.Count(static request => request.EndsWith("/nodes/a", StringComparison.Ordinal)), 2, 4);
    }

    [Fact]
    public async Task Who_may_not_watch_nodes_waits_all_the_same()
    {
        Serve(exchange =>
        {
            _ready = true;
            return exchange.AnswerAsync(403, """{"kind":"Status","reason":"Forbidden","message":"no","code":403}""");
        });

        Assert.True((await WaitAsync(NullLog.Instance)).Ready);
    }
}
