using BenchmarkDotNet.Attributes;
using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;

namespace ChaosPS.Benchmarks;

/// <summary>One request to the Kubernetes API of a sandbox: inside the process, and over loopback as another process asks.</summary>
[MemoryDiagnoser]
public class AskSandbox : IAsyncDisposable
{
    private SandboxServer _server = null!;
    private HttpClient _inside = null!;
    private HttpClient _loopback = null!;

    [Params("api/v1/pods", "api/v1/nodes/aks-nodepool1-36421985-vmss000000")]
    public string Path { get; set; } = "";

    [GlobalSetup]
    public void Start()
    {
        var sandbox = SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = 1 });
        _server = SandboxServer.Start(sandbox, "127.0.0.1:0", NullLog.Instance);
        _inside = new HttpClient(sandbox.Handler, disposeHandler: false) { BaseAddress = sandbox.KubernetesUri };
        _loopback = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _server.Sandbox.Uri };
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _inside.Dispose();
        _loopback.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Task<int> Inside() => AskAsync(_inside);

    [Benchmark]
    public Task<int> OverLoopback() => AskAsync(_loopback);

    private async Task<int> AskAsync(HttpClient client) => (await client.GetByteArrayAsync(new Uri(Path, UriKind.Relative))).Length;
}
