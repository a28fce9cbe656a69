using System.Net;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Tests.Fakes;
using ChaosPS.Time;

namespace ChaosPS.Tests.Experiments;

/// <summary>Three machines, an application that answers as the test says, and the workshop's variables.</summary>
public sealed class ExperimentWorld : IDisposable
{
    private readonly FakeWorld _world;

    public ExperimentWorld(ConnectionKind kind = ConnectionKind.Sandbox)
    {
        _world = new FakeWorld(kind: kind, application: new Application(this));
        var inner = _world.Connection;
        Connection = new ChaosConnection
        {
            Name = inner.Name,
            Server = inner.Server,
            Kind = inner.Kind,
            Cluster = inner.Cluster,
            Power = inner.Power,
            Http = inner.Http,
            Time = inner.Time,
            Environment = Workshop.Environment,
        };
    }

    public ChaosConnection Connection { get; }

    public VirtualClock Clock => _world.Clock;

    public FakeMachines Machines => _world.Machines;

    public FakeCluster Cluster => _world.Cluster;

    public string StateDirectory => _world.StateDirectory;

    public RecordingLog Log { get; } = new();

    /// <summary>What the application answers; the default is 200 to everything.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = static _ => new HttpResponseMessage(HttpStatusCode.OK);

    /// <summary>The requests that it has had.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Whether instance 0 is up: then an application that lives on it answers.</summary>
    public bool IsUp => Machines.Instances[0].PowerState == ChaosPS.Clusters.PowerState.Running;

    /// <summary>The application lives on instance 0 only.</summary>
    public void PutAllOnOneNode() => Answer = _ => new HttpResponseMessage(IsUp ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);

    public Task<ChaosRun> RunAsync(string json, RunOptions? options = null, CancellationToken cancellationToken = default) => ExperimentRunner.RunAsync(
        ExperimentReader.Read(json, "e.json", JsonDocuments.Instance),
        Connection, (options ?? new RunOptions()) with { StatePath = StateDirectory }, Log, cancellationToken);

    public void Dispose() => _world.Dispose();

    /// <summary>Answers after twelve milliseconds; <c>/slow</c> after 2.6 seconds, <c>/hang</c> never.</summary>
    private sealed class Application(ExperimentWorld world) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            world.Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            if (request.RequestUri!.AbsolutePath == "/hang") await world.Clock.HangAsync(cancellationToken);
            await world.Clock.DelayAsync(
                request.RequestUri!.AbsolutePath == "/slow" ? TimeSpan.FromSeconds(2.6) : TimeSpan.FromMilliseconds(12), cancellationToken);
            return world.Answer(request);
        }
    }
}
