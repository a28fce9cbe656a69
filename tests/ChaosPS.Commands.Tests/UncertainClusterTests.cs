using System.Net;
using System.Net.Sockets;
using System.Text;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>A cluster that does not say who it is, at an address that proves nothing: a forwarded port, to somebody who may not read kube-system.</summary>
public sealed class UncertainClusterTests : IDisposable
{
    private const string Deployments = """
        {"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{},"items":[{"metadata":{"name":"web","namespace":"shop","uid":"u-1"},
         "spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},
         "status":{"replicas":1,"readyReplicas":1}}]}
        """;

    private readonly HttpListener _listener = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();
    private readonly List<string> _changes = [];
    private readonly Task _serving;

    public UncertainClusterTests()
    {
        var server = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add($"{server}/");
        _listener.Start();
        _serving = ServeAsync();
        var config = _folder.Write("config", $$"""
            {"apiVersion":"v1","kind":"Config","current-context":"c","clusters":[{"name":"c","cluster":{"server":"{{server}}"} }],
             "users":[{"name":"u","user":{} }],"contexts":[{"name":"c","context":{"cluster":"c","user":"u"} }]}
            """);
        _engine.Invoke($"function Connect {{ $null = Connect-ChaosCluster -KubeConfigPath '{config}' -WarningAction Ignore }}; Connect");
    }

    public void Dispose()
    {
        _engine.Dispose();
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
        _listener.Close();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Set-WorkloadReplica -InputObject $workload -Replicas 2 -Confirm:$false")]
    [InlineData("$workload | Add-PodAntiAffinity -LabelKey app -Confirm:$false")]
    public void A_record_of_an_earlier_connection_is_refused_and_nothing_is_changed(string command)
    {
        _engine.Invoke("$workload = (Get-PodDistribution -Namespace shop).Workload; Connect");

        var error = Assert.Single(_engine.Run(command).Errors);

        Assert.StartsWith("ClusterUncertain,ChaosPS.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("InvalidOperation", error.CategoryInfo.Category.ToString());
        Assert.Contains("Deployment/shop/web", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("certificate-authority", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_record_of_this_connection_is_taken()
    {
        _engine.Invoke("$workload = (Get-PodDistribution -Namespace shop).Workload");

        Assert.DoesNotContain(
            _engine.Run("Set-WorkloadReplica -InputObject $workload -Replicas 2 -WhatIf").Errors,
            static error => error.FullyQualifiedErrorId.StartsWith("ClusterUncertain", StringComparison.Ordinal));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) Answer(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        if (context.Request.HttpMethod != "GET") _changes.Add($"{context.Request.HttpMethod} {path}");
        var (status, body) = path switch
        {
            _ when path.EndsWith("/kube-system", StringComparison.Ordinal) => (403, """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"namespaces \"kube-system\" is forbidden","code":403}"""),
            _ when path.EndsWith("/deployments", StringComparison.Ordinal) => (200, Deployments),
            _ => (200, """{"kind":"List","metadata":{},"items":[]}"""),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
