using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox;

namespace ChaosPS.Providers.Tests;

public sealed class CompositionTests
{
    [Fact]
    public void A_sandbox_is_connected_with_its_own_clock_and_variables()
    {
        var sandbox = SandboxFactory.Create("contactsapp", seed: 1);

        var connection = new Composition().Connect(sandbox);

        Assert.Equal(("contactsapp", ConnectionKind.Sandbox), (connection.Name, connection.Kind));
        Assert.Same(sandbox.Clock, connection.Time);
        Assert.Same(sandbox.Environment, connection.Environment);
        Assert.Equal(sandbox.KubernetesUri.ToString().TrimEnd('/'), connection.Server);
    }

    [Fact]
    public void A_kubeconfig_is_connected_without_a_call()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """
                current-context: test
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: test, context: {cluster: c, user: u}}]
                """);

            var connection = new Composition().Connect(new KubeConfigOptions(path));

            Assert.Equal(("test", "https://127.0.0.1:1", ConnectionKind.Cluster), (connection.Name, connection.Server, connection.Kind));
            Assert.Same(TimeProvider.System, connection.Time);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_server_that_nobody_listens_at_is_named()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """
                current-context: test
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: test, context: {cluster: c, user: u}}]
                """);

            var error = await Assert.ThrowsAsync<ChaosException>(() => new Composition().Connect(new KubeConfigOptions(path)).Cluster.GetNodesAsync(default));

            Assert.Equal("ClusterNotListening", error.ErrorId);
            Assert.Contains("nobody listens at http://127.0.0.1:1 (cluster 'test')", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
