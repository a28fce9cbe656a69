using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <content>Scripts inside machines: the action Run Command, for the scripts whose effects the simulation plays.</content>
internal sealed partial class ArmOperations
{
    private const string RunCommand = "runcommand";

    private readonly Dictionary<string, MachineScript> _scripts = [];

    private FaceResponse BeginScript(
        FaceRequest request, string type, string location, SimulatedMachine machine, ClusterNode node, ClusterSimulation simulation)
    {
        var place = new ArmRefusals.Place($"{type}/runCommand/action", machine.ResourceId, location);
        if (faults.Hit(SandboxFaultKind.Refusal, machine.NodeName) is { } refusal) throw ArmRefusals.Make(refusal.Code ?? ArmRefusals.Usual, place);
        var script = ReadScript(request, node);
        return Accept(request, location, machine, EndBadly(machine, place, simulation) ?? Run(machine, script, simulation));
    }

    private string Run(SimulatedMachine machine, FaultScript script, ClusterSimulation simulation)
    {
        try
        {
            var running = simulation.Run(machine, script);
            if (faults.Hit(SandboxFaultKind.LostOperation, machine.NodeName) is null) _scripts[running.Id] = running;
            return running.Id;
        }
        catch (PowerRefusedException refusal)
        {
            throw ArmException.Conflict(refusal.Code, refusal.Message);
        }
    }

    private static FaultScript ReadScript(FaceRequest request, ClusterNode node)
    {
        JsonObject body;
        try
        {
            body = JsonNode.Parse(request.Body) as JsonObject ?? throw ArmException.InvalidParameter("body", "");
        }
        catch (JsonException)
        {
            throw ArmException.InvalidParameter("body", "");
        }

        var command = body["commandId"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : "";
        if (command != "RunShellScript" || node.Labels.GetValueOrDefault("kubernetes.io/os") == "windows") throw ArmException.InvalidParameter("commandId", command);
        if (body["script"] is not JsonArray lines || !lines.All(static line => line is JsonValue value && value.TryGetValue<string>(out _)))
            throw ArmException.InvalidParameter("script", "");
        return FaultScript.Parse(string.Join('\n', lines.Select(static line => line!.GetValue<string>()))) ?? throw ArmException.ScriptUnknown();
    }

    private static FaceResponse Status(FaceRequest request, MachineScript script)
    {
        var going = script.Result is null && !script.IsLost;
        var lost = new ArmException(
            HttpStatusCode.Conflict, "VMExtensionProvisioningError", $"The VM '{script.Machine.NodeName}' stopped while the extension 'RunCommandLinux' was at work.");
        var pause = RetryAfter.ToString(CultureInfo.InvariantCulture);
        if (request.IsSet("monitor"))
        {
            return going ? FaceResponse.Empty(HttpStatusCode.Accepted).With("Location", request.Uri.AbsoluteUri).With("Retry-After", pause)
                : script.IsLost ? lost.ToResponse()
                : FaceResponse.Json(HttpStatusCode.OK, Output(script));
        }

        var document = new JsonObject { ["startTime"] = ApiTime.MicroText(script.StartTime) };
        if (!going) document["endTime"] = ApiTime.MicroText(script.EndTime);
        document["status"] = going ? "InProgress" : script.IsLost ? "Failed" : "Succeeded";
        document["name"] = script.Id;
        if (script.IsLost) document["error"] = lost.ToError();
        else if (!going) document["properties"] = new JsonObject { ["output"] = Output(script) };
        var answer = FaceResponse.Json(HttpStatusCode.OK, document);
        return going ? answer.With("Retry-After", pause) : answer;
    }

    /// <summary>The result of a script, which Azure calls a success whatever its exit status.</summary>
    private static JsonObject Output(MachineScript script)
    {
        var (output, error, exit) = script.Result!.Value;
        var head = exit == 0
            ? "Enable succeeded: "
            : string.Create(CultureInfo.InvariantCulture, $"Enable failed: failed to execute command: command terminated with exit status={exit}");
        return new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject
            {
                ["code"] = "ProvisioningState/succeeded",
                ["level"] = "Info",
                ["displayStatus"] = "Provisioning succeeded",
                ["message"] = $"{head}\n[stdout]\n{output}\n\n[stderr]\n{error}",
            }),
        };
    }
}
