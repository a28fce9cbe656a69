using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Operations on machines: accepted with 202 and the addresses to ask at, or refused.</summary>
/// <remarks>
/// Where both addresses are given, clients ask for the document of the status. Source:
/// https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations .
/// </remarks>
internal sealed partial class ArmOperations(SandboxCluster cluster, FaultList faults)
{
    /// <summary>Seconds between two polls that Azure asks for.</summary>
    private const int RetryAfter = 5;

    private static readonly Dictionary<string, (PowerAction Action, string Permission)> s_actions = new()
    {
        ["poweroff"] = (PowerAction.PowerOff, "powerOff"),
        ["deallocate"] = (PowerAction.Deallocate, "deallocate"),
        ["start"] = (PowerAction.Start, "start"),
        ["restart"] = (PowerAction.Restart, "restart"),
        ["reimage"] = (PowerAction.Reimage, "reimage"),
        ["redeploy"] = (PowerAction.Redeploy, "redeploy"),
        ["simulateeviction"] = (PowerAction.SimulateEviction, "simulateEviction"),
    };

    private readonly Dictionary<string, MachineOperation> _operations = [];
    private readonly Dictionary<string, Ended> _ended = [];
    private readonly Dictionary<string, MachineOperation> _lastOperations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was last done to a machine; null when nothing was.</summary>
    public MachineOperation? Last(SimulatedMachine machine) => _lastOperations.GetValueOrDefault(machine.ResourceId);

    /// <summary>Answers the request for an operation on a machine.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">The machine's type, for the words of refusals.</param>
    /// <param name="location">Its region.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="node">The node that it was made for.</param>
    /// <param name="verb">The last part of the path in lower case; null for DELETE.</param>
    /// <param name="simulation">What carries it out.</param>
    /// <exception cref="ArmException">It is refused.</exception>
    public FaceResponse Begin(
        FaceRequest request, string type, string location, SimulatedMachine machine, ClusterNode node, string? verb, ClusterSimulation simulation)
    {
        if (verb == RunCommand) return BeginScript(request, type, location, machine, node, simulation);
        if (verb is not null && !s_actions.ContainsKey(verb)) throw ArmException.MethodNotAllowed($"POST {verb}");
        var (action, permission) = verb is null ? (PowerAction.Delete, "delete") : s_actions[verb];
        var place = new ArmRefusals.Place(verb is null ? $"{type}/delete" : $"{type}/{permission}/action", machine.ResourceId, location);
        if (faults.Hit(SandboxFaultKind.Refusal, machine.NodeName) is { } refusal) throw ArmRefusals.Make(refusal.Code ?? ArmRefusals.Usual, place);
        if (action == PowerAction.SimulateEviction) return Evict(machine, node, simulation);

        return Accept(request, location, machine, EndBadly(machine, place, simulation) ?? Carry(request, machine, action, simulation));
    }

    /// <summary>The answer to a request that is accepted: where its operation is asked for.</summary>
    private FaceResponse Accept(FaceRequest request, string location, SimulatedMachine machine, string id)
    {
        var address = $"{request.Uri.GetLeftPart(UriPartial.Authority)}/subscriptions/{cluster.Source.SubscriptionId}"
            + $"/providers/Microsoft.Compute/locations/{location}/operations/{id}?api-version={request.Query("api-version")}";
        var answer = FaceResponse.Empty(HttpStatusCode.Accepted);
        if (faults.Hit(SandboxFaultKind.LocationOnly, machine.NodeName) is null) answer = answer.With("Azure-AsyncOperation", address);
        if (faults.Hit(SandboxFaultKind.StatusOnly, machine.NodeName) is null) answer = answer.With("Location", address + "&monitor=true");
        return answer.With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The status of an operation: as a document, or, at its Location, 202 until it is done.</summary>
    /// <exception cref="ArmException">It is unknown, or asked for in another way.</exception>
    public FaceResponse Status(FaceRequest request, string id)
    {
        if (request.Method != HttpMethod.Get) throw ArmException.MethodNotAllowed(request.Method.Method);
        if (_scripts.TryGetValue(id, out var script)) return Status(request, script);
        if (_ended.TryGetValue(id, out var ended)) return request.IsSet("monitor") ? ended.Reason.ToResponse(HttpStatusCode.Conflict) : ended.ToResponse(id);
        if (!_operations.TryGetValue(id, out var operation)) throw ArmException.OperationNotFound(id);
        var going = operation.Status == MachineOperationStatus.InProgress;
        if (request.IsSet("monitor"))
        {
            return going
                ? FaceResponse.Empty(HttpStatusCode.Accepted)
                    .With("Location", request.Uri.AbsoluteUri)
                    .With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture))
                : FaceResponse.Empty(operation.Action == PowerAction.Delete ? HttpStatusCode.NoContent : HttpStatusCode.OK);
        }

        var document = new JsonObject { ["startTime"] = ApiTime.MicroText(operation.StartTime) };
        if (!going) document["endTime"] = ApiTime.MicroText(operation.EndTime);
        document["status"] = operation.Status.ToString();
        document["name"] = operation.Id;
        if (operation.ErrorCode is { } code)
            document["error"] = new JsonObject { ["code"] = code, ["message"] = "Operation execution has been preempted by a more recent operation." };
        var answer = FaceResponse.Json(HttpStatusCode.OK, document);
        return going ? answer.With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture)) : answer;
    }

    /// <summary>Carries an operation out. One that is lost is carried out too, but nobody remembers it.</summary>
    /// <returns>The id under which its status is asked for.</returns>
    private string Carry(FaceRequest request, SimulatedMachine machine, PowerAction action, ClusterSimulation simulation)
    {
        var slow = action is PowerAction.Start or PowerAction.Restart ? faults.Hit(SandboxFaultKind.SlowStart, machine.NodeName) : null;
        try
        {
            var operation = simulation.Begin(machine, action, request.IsSet("skipShutdown"), slow?.Delay ?? TimeSpan.Zero);
            if (faults.Hit(SandboxFaultKind.LostOperation, machine.NodeName) is null) _operations[operation.Id] = operation;
            _lastOperations[machine.ResourceId] = operation;
            return operation.Id;
        }
        catch (PowerRefusedException refusal)
        {
            throw ArmException.Conflict(refusal.Code, refusal.Message);
        }
    }

    /// <summary>Accepts an operation of which nothing comes, if a fault says so.</summary>
    /// <returns>The id under which its status is asked for; null when no fault is in the way.</returns>
    private string? EndBadly(SimulatedMachine machine, ArmRefusals.Place place, ClusterSimulation simulation)
    {
        if (faults.Hit(SandboxFaultKind.FailedOperation, machine.NodeName) is { } failure)
        {
            return End(machine, simulation, "Failed", failure.Code is { } code
                ? ArmRefusals.Make(code, place)
                : new ArmException(HttpStatusCode.OK, "InternalExecutionError", "An internal execution error occurred. Please retry later."));
        }

        return faults.Hit(SandboxFaultKind.CanceledOperation, machine.NodeName) is null ? null : End(
            machine, simulation, "Canceled",
            new ArmException(HttpStatusCode.OK, "OperationPreempted", "Operation execution has been preempted by a more recent operation."));
    }

    /// <summary>Accepts an operation of which nothing comes.</summary>
    /// <returns>The id under which its status is asked for.</returns>
    private string End(SimulatedMachine machine, ClusterSimulation simulation, string status, ArmException reason)
    {
        var id = cluster.Ids.Uid(string.Create(CultureInfo.InvariantCulture, $"FailedOperation/{machine.ResourceId}/{_ended.Count}"));
        _ended[id] = new Ended(simulation.Now, status, reason);
        return id;
    }

    /// <summary>Spot machines only; of a scale set they are deleted and others deallocated, which are the two's usual policies.</summary>
    private static FaceResponse Evict(SimulatedMachine machine, ClusterNode node, ClusterSimulation simulation)
    {
        if (node.Labels.GetValueOrDefault("kubernetes.azure.com/scalesetpriority") != "spot")
            throw ArmException.Conflict("OperationNotAllowed", "Simulate eviction is only allowed on Spot virtual machines.");
        simulation.Evict(machine, deletes: node.VMScaleSetName is not null);
        return FaceResponse.Empty(HttpStatusCode.NoContent);
    }

    /// <summary>An operation that ended badly as soon as it was accepted.</summary>
    private sealed record Ended(DateTimeOffset At, string Status, ArmException Reason)
    {
        public FaceResponse ToResponse(string id)
        {
            var document = new JsonObject
            {
                ["startTime"] = ApiTime.MicroText(At),
                ["endTime"] = ApiTime.MicroText(At),
                ["status"] = Status,
                ["name"] = id,
                ["error"] = Reason.ToError(),
            };
            return FaceResponse.Json(HttpStatusCode.OK, document);
        }
    }
}
