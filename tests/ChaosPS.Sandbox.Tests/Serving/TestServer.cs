using ChaosPS.Ports;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Serving;

/// <summary>A server whose Kubernetes is a function of the test.</summary>
internal sealed class TestServer : IAsyncDisposable, IChaosLog
{
    private readonly SandboxServer _server;

    public TestServer(Func<FaceRequest, CancellationToken, Task<FaceResponse>> answer)
    {
        var clock = new RunningClock(SandboxFactory.Start, speed: 1);
        var description = new SandboxDescription
        {
            Name = "test",
            Source = "test",
            Seed = 1,
            Now = SandboxFactory.Start,
            Speed = 1,
            TenantId = "t",
            SubscriptionId = "none",
            Environment = new Dictionary<string, string>(),
            Kubernetes = new Uri("https://kubernetes.test/"),
            Azure = new Uri("https://management.test/"),
            Application = new Uri("http://test/"),
            Control = new Uri("http://control.test/"),
        };
        var faces = new Dictionary<string, IFace> { [description.Kubernetes.Host] = new Face(answer) };
        _server = SandboxServer.Start(new ChaosSandbox(description, clock, new SandboxHandler(faces, clock)), "127.0.0.1:0", this);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Uri, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Uri => _server.Sandbox.Uri!;

    public HttpClient Http { get; }

    public List<string> Log { get; } = [];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
    }

    public Task StopAsync() => _server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Write(ChaosLogLevel level, string message)
    {
        lock (Log) Log.Add($"{level}: {message}");
    }

    public void Progress(string activity, string status, int? percent, bool completed) => throw new NotSupportedException();

    private sealed class Face(Func<FaceRequest, CancellationToken, Task<FaceResponse>> answer) : IFace
    {
        public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
