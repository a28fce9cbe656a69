using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>An API server on loopback that has one Deployment, <c>shop/web</c>, and does not let anybody read kube-system.</summary>
internal sealed class SmallApiServer : IDisposable
{
    private const string Deployments = """
        {"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{},"items":[{"metadata":{"name":"web","namespace":"shop","uid":"u-1"},
         "spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},
         "status":{"replicas":1,"readyReplicas":1}}]}
        """;

    private readonly HttpListener _listener = new();
    private readonly string _address = $"http://127.0.0.1:{FreePort()}";
    private readonly Task _serving;

    public SmallApiServer()
    {
        _listener.Prefixes.Add($"{_address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What was asked for: method and path.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>A kubeconfig that leads here.</summary>
    public string KubeConfig(string? @namespace = null) => $$"""
        {"apiVersion":"v1","kind":"Config","current-context":"c","clusters":[{"name":"c","cluster":{"server":"{{_address}}"} }],
         "users":[{"name":"u","user":{} }],"contexts":[{"name":"c","context":{"cluster":"c","user":"u","namespace":"{{@namespace}}"} }]}
        """;

    public void Dispose()
    {
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
        _listener.Close();
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
        lock (Requests) Requests.Add($"{context.Request.HttpMethod} {path}");
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
