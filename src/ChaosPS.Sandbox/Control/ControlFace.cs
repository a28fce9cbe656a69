using System.Globalization;
using System.Net;
using System.Text.Json;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Control;

/// <summary>The sandbox itself: what it is, its clock, and the faults of its platform.</summary>
internal sealed class ControlFace(SandboxDescription description, TimeProvider clock, FaultRequests faults) : IFace
{
    private const string Help = "GET describes the sandbox; POST step?seconds=N moves its clock ahead; GET, POST faults?fault=NAME, DELETE faults and DELETE faults/ID are its faults.\n";

    /// <inheritdoc/>
    public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) => Task.FromResult(
        (request.Method.Method, request.Segments) switch
        {
            ("GET", []) => Describe(),
            ("POST", ["step"]) => Step(request.Query("seconds")),
            ("GET", ["faults"]) => faults.List(),
            ("POST", ["faults"]) => faults.Add(request),
            ("DELETE", ["faults"]) => faults.RemoveAll(),
            ("DELETE", ["faults", var id]) => faults.Remove(id),
            (_, [] or ["step"] or ["faults"] or ["faults", _]) => FaceResponse.Text(HttpStatusCode.MethodNotAllowed, Help),
            _ => FaceResponse.Text(HttpStatusCode.NotFound, "There is no such thing here: " + Help),
        });

    private FaceResponse Describe() => FaceResponse.Json(
        HttpStatusCode.OK, JsonSerializer.SerializeToNode(description with { Now = clock.GetUtcNow() }, SandboxDescription.Json)!);

    private FaceResponse Step(string? text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > SandboxDescription.LongestStep)
        {
            return FaceResponse.Text(
                HttpStatusCode.BadRequest, $"seconds must be a number from 0 to {SandboxDescription.LongestStep}, such as 30 or 1.5.\n");
        }

        var duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        try
        {
            if (clock is RunningClock running) running.Advance(duration);
            else ((VirtualClock)clock).Advance(duration);
        }
        catch (InvalidOperationException exception)
        {
            return FaceResponse.Text(HttpStatusCode.Conflict, exception.Message + "\n");
        }

        return Describe();
    }
}
