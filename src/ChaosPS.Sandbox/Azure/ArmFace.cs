using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Azure Resource Manager, as far as scale sets and their instances go, and Resource Graph.</summary>
/// <remarks>
/// Paths are compared without case: the SDK writes both <c>virtualMachines</c> and <c>virtualmachines</c>. Power operations are
/// asynchronous: 202 with the addresses to poll. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations .
/// </remarks>
internal sealed class ArmFace(SandboxCluster cluster, FaultList faults, int pageSize = 100) : IFace
{
    /// <summary>Seconds between two polls that Azure asks for.</summary>
    private const int RetryAfter = 5;

    /// <summary>The versions of the compute API that the sandbox speaks; what it serves of them is the same.</summary>
    private static readonly string[] s_computeVersions = ["2022-08-01", "2023-03-01", "2023-07-01", "2024-03-01", "2024-07-01"];

    private static readonly string[] s_graphVersions = ["2021-03-01", "2022-10-01", "2024-04-01"];

    private static readonly Dictionary<string, PowerAction> s_actions = new()
    {
        ["poweroff"] = PowerAction.PowerOff,
        ["deallocate"] = PowerAction.Deallocate,
        ["start"] = PowerAction.Start,
        ["restart"] = PowerAction.Restart,
    };

    private readonly Dictionary<string, MachineOperation> _operations = [];
    private readonly Dictionary<string, DateTimeOffset> _failures = [];
    private readonly Dictionary<string, MachineOperation> _lastOperations = new(StringComparer.OrdinalIgnoreCase);

    private readonly Governance _governance = new(cluster);

    /// <inheritdoc/>
    public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) => Task.FromResult(cluster.Look(simulation =>
    {
        try
        {
            return Answer(request, simulation);
        }
        catch (ArmException refusal)
        {
            return refusal.ToResponse();
        }
    }));

    private FaceResponse Answer(FaceRequest request, ClusterSimulation simulation)
    {
        var version = request.Query("api-version") ?? throw ArmException.ApiVersionMissing();
        string[] path = [.. request.Segments.Select(segment => segment.ToLowerInvariant())];
        switch (path)
        {
            case ["providers", "microsoft.resourcegraph", "resources"]:
                Require(version, s_graphVersions, "resources");
                if (request.Method != HttpMethod.Post) throw ArmException.MethodNotAllowed(request.Method.Method);
                return ResourceGraph.Answer(request, cluster, simulation, _governance.Aks);
            case ["subscriptions"]:
                return Get(request, () => new JsonObject { ["value"] = new JsonArray(Subscription()) });
            case ["subscriptions", var subscription, .. var rest]:
                if (subscription != cluster.Source.SubscriptionId) throw ArmException.SubscriptionNotFound(request.Segments[1]);
                return InSubscription(request, rest, version, simulation);
            default:
                throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }
    }

    private FaceResponse InSubscription(FaceRequest request, string[] path, string version, ClusterSimulation simulation)
    {
        if (_governance.Answer(request, path, version, simulation) is { } answer) return answer;
        switch (path)
        {
            case []:
                return Get(request, Subscription);
            case ["resourcegroups"]:
                return Get(request, () => new JsonObject { ["value"] = new JsonArray([.. ResourceGroups.Select(ResourceGroup)]) });
            case ["providers", "microsoft.compute", "virtualmachinescalesets"]:
                Require(version, s_computeVersions, "virtualMachineScaleSets");
                return Get(request, () => List(cluster.Source.ScaleSets, simulation));
            case ["providers", "microsoft.compute", "locations", _, "operations", var operation]:
                Require(version, s_computeVersions, "locations/operations");
                return Operation(request, operation);
            case ["resourcegroups", var group, .. var rest]:
                List<SandboxScaleSet> scaleSets =
                [
                    .. cluster.Source.ScaleSets.Where(set => set.ScaleSet.ResourceGroupName.Equals(group, StringComparison.OrdinalIgnoreCase)),
                ];
                if (scaleSets.Count == 0) throw ArmException.ResourceGroupNotFound(request.Segments[3]);
                return InGroup(request, scaleSets, rest, version, simulation);
            default:
                throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }
    }

    private FaceResponse InGroup(FaceRequest request, List<SandboxScaleSet> scaleSets, string[] path, string version, ClusterSimulation simulation)
    {
        if (path is []) return Get(request, () => ResourceGroup(scaleSets[0].ScaleSet.ResourceGroupName));
        if (path is not ["providers", "microsoft.compute", "virtualmachinescalesets", .. var rest])
        {
            throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }

        Require(version, s_computeVersions, "virtualMachineScaleSets");
        if (rest is []) return Get(request, () => List(scaleSets, simulation));

        var scaleSet = scaleSets.Find(set => set.ScaleSet.Name.Equals(rest[0], StringComparison.OrdinalIgnoreCase))
            ?? throw ArmException.ResourceNotFound(ScaleSetWriter.Type, request.Segments[7], request.Segments[3]);
        return rest[1..] switch
        {
            [] => Get(request, () => ScaleSetWriter.Write(scaleSet, Instances(scaleSet, simulation).Count, cluster.Ids)),
            ["virtualmachines"] => Get(request, () => ListInstances(request, scaleSet, simulation)),
            ["virtualmachines", var id, .. var action] => Instance(request, scaleSet, id, action, simulation),
            _ => throw ArmException.PathNotFound(request.Uri.AbsolutePath),
        };
    }

    private FaceResponse Instance(FaceRequest request, SandboxScaleSet scaleSet, string id, string[] action, ClusterSimulation simulation)
    {
        var (machine, node) = Instances(scaleSet, simulation).Find(instance => instance.Node.InstanceId == id);
        if (machine is null) throw ArmException.InstanceNotFound(id, scaleSet.ScaleSet.Name);
        return (request.Method.Method, action) switch
        {
            ("GET", []) => FaceResponse.Json(HttpStatusCode.OK, Write(request, scaleSet, machine, node)),
            ("GET", ["instanceview"]) => FaceResponse.Json(HttpStatusCode.OK, ScaleSetWriter.WriteView(machine, LastChange(machine, node))),
            ("DELETE", []) => Begin(request, scaleSet, machine, PowerAction.Delete, simulation),
            ("POST", [var verb]) when s_actions.TryGetValue(verb, out var known) => Begin(request, scaleSet, machine, known, simulation),
            _ => throw ArmException.MethodNotAllowed($"{request.Method.Method} {string.Join('/', action)}".TrimEnd()),
        };
    }

    private FaceResponse Begin(
        FaceRequest request, SandboxScaleSet scaleSet, SimulatedMachine machine, PowerAction action, ClusterSimulation simulation)
    {
        var id = faults.Hit(SandboxFaultKind.FailedOperation, machine.NodeName) is null
            ? Carry(request, machine, action, simulation)
            : Fail(machine, simulation);
        var location = $"{request.Uri.GetLeftPart(UriPartial.Authority)}/subscriptions/{cluster.Source.SubscriptionId}"
            + $"/providers/Microsoft.Compute/locations/{scaleSet.ScaleSet.Location}";
        var address = $"{location}/operations/{id}?api-version={request.Query("api-version")}";
        return FaceResponse.Empty(HttpStatusCode.Accepted)
            .With("Azure-AsyncOperation", address)
            .With("Location", address + "&monitor=true")
            .With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture));
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

    /// <summary>Accepts an operation of which nothing comes.</summary>
    /// <returns>The id under which its status is asked for.</returns>
    private string Fail(SimulatedMachine machine, ClusterSimulation simulation)
    {
        var id = cluster.Ids.Uid(string.Create(CultureInfo.InvariantCulture, $"FailedOperation/{machine.ResourceId}/{_failures.Count}"));
        _failures[id] = simulation.Now;
        return id;
    }

    /// <summary>The status of an operation: as a document, or, at its Location, 202 until it is done.</summary>
    private FaceResponse Operation(FaceRequest request, string id)
    {
        if (request.Method != HttpMethod.Get) throw ArmException.MethodNotAllowed(request.Method.Method);
        if (_failures.TryGetValue(id, out var failed)) return Failed(id, failed);
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
        var answer = FaceResponse.Json(HttpStatusCode.OK, document);
        return going ? answer.With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture)) : answer;
    }

    private static FaceResponse Failed(string id, DateTimeOffset at) => FaceResponse.Json(HttpStatusCode.OK, new JsonObject
    {
        ["startTime"] = ApiTime.MicroText(at),
        ["endTime"] = ApiTime.MicroText(at),
        ["status"] = nameof(MachineOperationStatus.Failed),
        ["name"] = id,
        ["error"] = new JsonObject
        {
            ["code"] = "InternalExecutionError",
            ["message"] = "An internal execution error occurred. Please retry later.",
        },
    });

    private JsonObject ListInstances(FaceRequest request, SandboxScaleSet scaleSet, ClusterSimulation simulation)
    {
        var skip = int.TryParse(request.Query("$skiptoken"), NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;
        var instances = Instances(scaleSet, simulation);
        var page = instances.Skip(skip).Take(pageSize).Select(instance => Write(request, scaleSet, instance.Machine, instance.Node));
        var list = new JsonObject { ["value"] = new JsonArray([.. page]) };
        if (skip + pageSize < instances.Count)
        {
            var address = request.Uri.GetLeftPart(UriPartial.Path);
            var expand = request.Query("$expand") is { } view ? $"&$expand={Uri.EscapeDataString(view)}" : "";
            list["nextLink"] = string.Create(
                CultureInfo.InvariantCulture, $"{address}?api-version={request.Query("api-version")}{expand}&$skiptoken={skip + pageSize}");
        }

        return list;
    }

    private JsonObject Write(FaceRequest request, SandboxScaleSet scaleSet, SimulatedMachine machine, ClusterNode node)
    {
        var withView = "instanceView".Equals(request.Query("$expand"), StringComparison.OrdinalIgnoreCase);
        return ScaleSetWriter.WriteInstance(scaleSet, machine, node, LastChange(machine, node), withView, cluster.Ids);
    }

    private JsonObject List(IEnumerable<SandboxScaleSet> scaleSets, ClusterSimulation simulation) => new()
    {
        ["value"] = new JsonArray([.. scaleSets.Select(set => ScaleSetWriter.Write(set, Instances(set, simulation).Count, cluster.Ids))]),
    };

    /// <summary>The machines of a scale set that exist, with the nodes that they were made for, in the order of their ids.</summary>
    private List<(SimulatedMachine Machine, ClusterNode Node)> Instances(SandboxScaleSet scaleSet, ClusterSimulation simulation) =>
    [
        .. cluster.Source.Snapshot.Nodes
            .Where(node => scaleSet.ScaleSet.Name.Equals(node.VMScaleSetName, StringComparison.OrdinalIgnoreCase))
            .Select(node => (Machine: simulation.FindMachine(node.ResourceId!)!, Node: node))
            .Where(instance => instance.Machine is not null)
            .OrderBy(instance => long.Parse(instance.Node.InstanceId!, CultureInfo.InvariantCulture)),
    ];

    private DateTimeOffset LastChange(SimulatedMachine machine, ClusterNode node) =>
        !_lastOperations.TryGetValue(machine.ResourceId, out var operation) ? node.CreationTimestamp
        : operation.Status == MachineOperationStatus.InProgress ? operation.StartTime
        : operation.EndTime;

    private IEnumerable<string> ResourceGroups =>
        cluster.Source.ScaleSets.Select(set => set.ScaleSet.ResourceGroupName).Distinct(StringComparer.OrdinalIgnoreCase);

    private JsonObject ResourceGroup(string name) => new()
    {
        ["id"] = $"/subscriptions/{cluster.Source.SubscriptionId}/resourceGroups/{name}",
        ["name"] = name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = cluster.Source.ScaleSets[0].ScaleSet.Location,
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    private JsonObject Subscription() => new()
    {
        ["id"] = $"/subscriptions/{cluster.Source.SubscriptionId}",
        ["subscriptionId"] = cluster.Source.SubscriptionId,
        ["tenantId"] = cluster.Source.TenantId,
        ["displayName"] = cluster.Source.Name,
        ["state"] = "Enabled",
    };

    private static FaceResponse Get(FaceRequest request, Func<JsonObject> read) =>
        request.Method == HttpMethod.Get ? FaceResponse.Json(HttpStatusCode.OK, read()) : throw ArmException.MethodNotAllowed(request.Method.Method);

    private static void Require(string version, string[] known, string type)
    {
        if (!known.Contains(version)) throw ArmException.ApiVersionUnknown(version, type, known);
    }
}
