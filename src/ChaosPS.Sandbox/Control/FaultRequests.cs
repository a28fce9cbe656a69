using System.Globalization;
using System.Net;
using System.Text.Json;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Control;

/// <summary>Faults of the platform, as they are asked for over HTTP: listed, added, taken away.</summary>
internal sealed class FaultRequests(FaultList faults, SandboxCluster cluster)
{
    /// <summary>All of them.</summary>
    public FaceResponse List() => Json(HttpStatusCode.OK, faults.All);

    /// <summary>Adds the one that the query describes.</summary>
    public FaceResponse Add(FaceRequest request)
    {
        try
        {
            return Json(HttpStatusCode.Created, faults.Add(Read(request)));
        }
        catch (FormatException problem)
        {
            return FaceResponse.Text(HttpStatusCode.BadRequest, problem.Message + "\n");
        }
    }

    /// <summary>Takes one away.</summary>
    public FaceResponse Remove(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && faults.Remove(number)
            ? List()
            : FaceResponse.Text(HttpStatusCode.NotFound, $"There is no fault '{id}'.\n");

    /// <summary>Takes all away.</summary>
    public FaceResponse RemoveAll()
    {
        faults.Clear();
        return List();
    }

    private SandboxFault Read(FaceRequest request)
    {
        var kind = Name<SandboxFaultKind>(request, "fault") ?? throw new FormatException($"Say which fault: one of {string.Join(", ", Enum.GetNames<SandboxFaultKind>())}.");
        var fault = new SandboxFault
        {
            Fault = kind,
            Target = Name<SandboxFaultTarget>(request, "target"),
            NodeName = request.Query("node"),
            Count = Count(request),
            Until = Seconds(request, "seconds") is { } duration ? cluster.Time.GetUtcNow() + duration : null,
            Code = request.Query("code"),
            Delay = Seconds(request, "delay") ?? (kind == SandboxFaultKind.SlowStart ? SandboxFault.UsualDelay : null),
        };
        if (fault.Target is not null && kind is not (SandboxFaultKind.Throttling or SandboxFaultKind.Conflict))
            throw new FormatException($"{kind} has no target to choose: that is for Throttling and Conflict.");
        if (fault.Delay is not null && kind != SandboxFaultKind.SlowStart) throw new FormatException($"{kind} has no delay: that is for SlowStart.");
        if (fault.Code is { } code)
        {
            if (kind is not (SandboxFaultKind.Refusal or SandboxFaultKind.FailedOperation))
                throw new FormatException($"{kind} has no code: that is for Refusal and FailedOperation.");
            if (!ArmRefusals.Codes.Contains(code, StringComparer.Ordinal))
                throw new FormatException($"The sandbox does not refuse with '{code}': one of {string.Join(", ", ArmRefusals.Codes)}.");
        }

        if (fault.NodeName is { } node) CheckNode(fault, node);
        return fault;
    }

    private void CheckNode(SandboxFault fault, string pattern)
    {
        if (!fault.IsOfMachines) throw new FormatException($"{fault.Fault} is not of single nodes: that is for faults of machines, such as FailedOperation.");
        string[] nodes = [.. cluster.Look(static simulation => simulation.Nodes.Select(static node => node.Name).ToArray()).Order(StringComparer.Ordinal)];
        if (!Array.Exists(nodes, node => FaultList.Matches(pattern, node)))
            throw new FormatException($"There is no node '{pattern}'. There are: {string.Join(", ", nodes)}.");
    }

    private static T? Name<T>(FaceRequest request, string parameter)
        where T : struct, Enum
    {
        if (request.Query(parameter) is not { } text) return null;
        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new FormatException($"'{text}' is no {parameter}: one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static int? Count(FaceRequest request)
    {
        if (request.Query("count") is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count : throw new FormatException("count must be a whole number of at least 1.");
    }

    private static TimeSpan? Seconds(FaceRequest request, string parameter)
    {
        if (request.Query(parameter) is not { } text) return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= SandboxDescription.LongestStep
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException($"{parameter} must be a number of more than 0, at most {SandboxDescription.LongestStep}, such as 30 or 1.5.");
    }

    private static FaceResponse Json<T>(HttpStatusCode status, T value) =>
        FaceResponse.Json(status, JsonSerializer.SerializeToNode(value, SandboxDescription.Json)!);
}
