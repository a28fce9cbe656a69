using System.Net;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>A world whose application is down where and when the test says.</summary>
internal sealed class ControlWorld : IDisposable
{
    private readonly ExperimentWorld _world = new();
    private readonly DateTimeOffset _start;

    public ControlWorld() => _start = _world.Clock.GetUtcNow();

    public ChaosConnection Connection => _world.Connection;

    public List<string> Requests => _world.Requests;

    public RecordingLog Log => _world.Log;

    public Fakes.FakeMachines Machines => _world.Machines;

    public string StateDirectory => Directory.CreateDirectory(_world.StateDirectory).FullName;

    public Func<HttpRequestMessage, HttpResponseMessage> Answer
    {
        set => _world.Answer = value;
    }

    public void Dispose() => _world.Dispose();

    /// <summary>From then on, seconds after the start, that path answers 503.</summary>
    public void Down(string path, double from, double until = double.MaxValue) => _world.Answer = request =>
    {
        var now = (_world.Clock.GetUtcNow() - _start).TotalSeconds;
        return new HttpResponseMessage(request.RequestUri!.AbsolutePath == path && now >= from && now < until ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
    };

    public Task<ChaosRun> RunAsync(string experiment) => _world.RunAsync(experiment);

    /// <summary>Runs the experiment of <see cref="ControlledExperiment.Text"/>.</summary>
    public Task<ChaosRun> PlayAsync(
        string controls = "", RunOptions? options = null, string ofFirst = "", string ofHypothesis = "", string tolerance = "",
        string url = ControlledExperiment.First, string rollbacks = ControlledExperiment.Rollback) =>
        _world.RunAsync(ControlledExperiment.Text(controls, ofFirst, ofHypothesis, tolerance, url, rollbacks), options);
}
