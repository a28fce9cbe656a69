using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Azure Resource Manager, as far as scale sets, their instances and virtual machines go, and Resource Graph.</summary>
/// <remarks>
/// Paths are compared without case: the SDK writes both <c>virtualMachines</c> and <c>virtualmachines</c>.
/// </remarks>
internal sealed class ArmFace(SandboxCluster cluster, FaultList faults) : IFace
{
    /// <summary>The versions of the compute API that the sandbox speaks; what it serves of them is the same.</summary>
    private static readonly string[] s_computeVersions = ["2022-08-01", "2023-03-01", "2023-07-01", "2024-03-01", "2024-07-01"];

    private static readonly string[] s_graphVersions = ["2021-03-01", "2022-10-01", "2024-04-01"];

    private readonly ArmOperations _operations = new(cluster, faults);
    private readonly ArmLimits _limits = new(cluster.Time);

    private readonly ArmPages _pages = new(faults);
    private readonly Governance _governance = new(cluster, faults);

    /// <inheritdoc/>
    public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) => Task.FromResult(cluster.Look(simulation =>
    {
        if (_limits.Take(request) is not var (header, left)) return ArmException.TooManyRequests().ToResponse().With("Retry-After", "1");
        try
        {
            return Answer(request, simulation).With(header, left);
        }
        catch (ArmException refusal)
        {
            return refusal.ToResponse().With(header, left);
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
                return ResourceGraph.Answer(request, cluster, simulation, _governance.Aks, _pages);
            case ["subscriptions"]:
                return Get(request, () => List([Subscription()]));
            case ["subscriptions", var subscription, .. var rest]:
                if (subscription != cluster.Source.SubscriptionId) throw ArmException.SubscriptionNotFound(request.Segments[1]);
                return InSubscription(request, rest, version, simulation);
            default:
                throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }
    }

    private FaceResponse InSubscription(FaceRequest request, string[] path, string version, ClusterSimulation simulation)
    {
        if (_governance.Answer(request, path, version, simulation, _pages) is { } answer) return answer;
        switch (path)
        {
            case []:
                return Get(request, Subscription);
            case ["resourcegroups"]:
                return Get(request, () => List(ResourceGroups.Select(ResourceGroup)));
            case ["providers", "microsoft.compute", "virtualmachinescalesets"]:
                Require(version, s_computeVersions, "virtualMachineScaleSets");
                return Get(request, () => List(cluster.Source.ScaleSets, simulation));
            case ["providers", "microsoft.compute", "locations", _, "operations", var operation]:
                Require(version, s_computeVersions, "locations/operations");
                return _operations.Status(request, operation);
            case ["resourcegroups", var group, .. var rest]:
                if (!ResourceGroups.Contains(group, StringComparer.OrdinalIgnoreCase)) throw ArmException.ResourceGroupNotFound(request.Segments[3]);
                return InGroup(request, group, rest, version, simulation);
            default:
                throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }
    }

    private FaceResponse InGroup(FaceRequest request, string group, string[] path, string version, ClusterSimulation simulation)
    {
        if (path is []) return Get(request, () => ResourceGroup(request.Segments[3]));
        List<SandboxScaleSet> scaleSets =
            [.. cluster.Source.ScaleSets.Where(set => set.ScaleSet.ResourceGroupName.Equals(group, StringComparison.OrdinalIgnoreCase))];
        switch (path)
        {
            case ["providers", "microsoft.compute", "virtualmachines", .. var rest]:
                Require(version, s_computeVersions, "virtualMachines");
                return VirtualMachines(request, scaleSets, rest, simulation);
            case ["providers", "microsoft.compute", "virtualmachinescalesets", .. var rest]:
                Require(version, s_computeVersions, "virtualMachineScaleSets");
                return ScaleSets(request, scaleSets, rest, simulation);
            default:
                throw ArmException.PathNotFound(request.Uri.AbsolutePath);
        }
    }

    private FaceResponse ScaleSets(FaceRequest request, List<SandboxScaleSet> scaleSets, string[] path, ClusterSimulation simulation)
    {
        if (path is []) return Get(request, () => List(scaleSets, simulation));
        var scaleSet = scaleSets.Find(set => set.ScaleSet.Name.Equals(path[0], StringComparison.OrdinalIgnoreCase))
            ?? throw ArmException.ResourceNotFound(ScaleSetWriter.Type, request.Segments[7], request.Segments[3]);
        return path[1..] switch
        {
            [] => Get(request, () => ScaleSetWriter.Write(scaleSet, cluster.InstancesOf(scaleSet, simulation).Count, cluster.Ids)),
            ["virtualmachines"] when !scaleSet.ScaleSet.Flexible => Get(request, () => ListInstances(request, scaleSet, simulation)),
            ["virtualmachines", var id, .. var action] when !scaleSet.ScaleSet.Flexible => Instance(request, scaleSet, id, action, simulation),
            _ => throw ArmException.PathNotFound(request.Uri.AbsolutePath),
        };
    }

    private FaceResponse Instance(FaceRequest request, SandboxScaleSet scaleSet, string id, string[] action, ClusterSimulation simulation)
    {
        var (machine, node) = cluster.InstancesOf(scaleSet, simulation).Find(instance => instance.Node.InstanceId == id);
        if (machine is null) throw ArmException.InstanceNotFound(id, scaleSet.ScaleSet.Name);
        return (request.Method.Method, action) switch
        {
            ("GET", []) => FaceResponse.Json(HttpStatusCode.OK, Write(request, scaleSet, machine, node)),
            ("GET", ["instanceview"]) => FaceResponse.Json(HttpStatusCode.OK, ScaleSetWriter.WriteView(machine, LastChange(machine, node))),
            ("DELETE", []) => _operations.Begin(request, ScaleSetWriter.InstanceType, scaleSet.ScaleSet.Location, machine, node, null, simulation),
            ("POST", [var verb]) => _operations.Begin(request, ScaleSetWriter.InstanceType, scaleSet.ScaleSet.Location, machine, node, verb, simulation),
            _ => throw ArmException.MethodNotAllowed($"{request.Method.Method} {string.Join('/', action)}".TrimEnd()),
        };
    }

    /// <summary>Virtual machines of a resource group: by themselves, or of flexible scale sets.</summary>
    private FaceResponse VirtualMachines(FaceRequest request, List<SandboxScaleSet> scaleSets, string[] path, ClusterSimulation simulation)
    {
        var all = cluster.VirtualMachines(simulation).FindAll(found => found.Node.ResourceGroupName!.Equals(request.Segments[3], StringComparison.OrdinalIgnoreCase));
        if (path is []) return Get(request, () => ListMachines(request, scaleSets, all));
        var (machine, node) = all.Find(found => VirtualMachineWriter.Name(found.Node).Equals(path[0], StringComparison.OrdinalIgnoreCase));
        if (machine is null) throw ArmException.MachineNotFound(request.Segments[7], request.Segments[3]);
        var location = VirtualMachineWriter.Location(node);
        return (request.Method.Method, path[1..]) switch
        {
            ("GET", []) => FaceResponse.Json(HttpStatusCode.OK, WriteMachine(machine, node, WantsView(request))),
            ("GET", ["instanceview"]) => FaceResponse.Json(HttpStatusCode.OK, ScaleSetWriter.WriteView(machine, LastChange(machine, node))),
            ("DELETE", []) => _operations.Begin(request, VirtualMachineWriter.Type, location, machine, node, null, simulation),
            ("POST", [var verb]) => _operations.Begin(request, VirtualMachineWriter.Type, location, machine, node, verb, simulation),
            var (method, action) => throw ArmException.MethodNotAllowed($"{method} {string.Join('/', action)}".TrimEnd()),
        };
    }

    /// <summary>A listing has views only of the machines of one scale set.</summary>
    private JsonObject ListMachines(FaceRequest request, List<SandboxScaleSet> scaleSets, List<(SimulatedMachine Machine, ClusterNode Node)> all)
    {
        const string Filter = "'virtualMachineScaleSet/id' eq '";
        var filter = request.Query("$filter");
        if (filter is not null)
        {
            if (!filter.StartsWith(Filter, StringComparison.OrdinalIgnoreCase)) throw ArmException.InvalidParameter("$filter", filter);
            var id = filter[Filter.Length..].TrimEnd('\'');
            if (!scaleSets.Exists(set => set.ScaleSet.ResourceId.Equals(id, StringComparison.OrdinalIgnoreCase))) throw ArmException.InvalidParameter("$filter", filter);
            all = all.FindAll(found => id.Equals(cluster.Source.FlexibleSetOf(found.Node)?.ScaleSet.ResourceId, StringComparison.OrdinalIgnoreCase));
        }
        else if (WantsView(request))
        {
            throw ArmException.InvalidParameter("$expand", "instanceView");
        }

        return List(all.Select(found => WriteMachine(found.Machine, found.Node, WantsView(request))));
    }

    private JsonObject WriteMachine(SimulatedMachine machine, ClusterNode node, bool withView) => VirtualMachineWriter.Write(
        machine, node, cluster.Source.FlexibleSetOf(node), LastChange(machine, node), withView, cluster.Ids);

    private static bool WantsView(FaceRequest request) => "instanceView".Equals(request.Query("$expand"), StringComparison.OrdinalIgnoreCase);

    private JsonObject ListInstances(FaceRequest request, SandboxScaleSet scaleSet, ClusterSimulation simulation) =>
        List(cluster.InstancesOf(scaleSet, simulation).Select(instance => Write(request, scaleSet, instance.Machine, instance.Node)));

    private JsonObject Write(FaceRequest request, SandboxScaleSet scaleSet, SimulatedMachine machine, ClusterNode node)
    {
        return ScaleSetWriter.WriteInstance(scaleSet, machine, node, LastChange(machine, node), WantsView(request), cluster.Ids);
    }

    private JsonObject List(IEnumerable<SandboxScaleSet> scaleSets, ClusterSimulation simulation) =>
        List(scaleSets.Select(set => ScaleSetWriter.Write(set, cluster.InstancesOf(set, simulation).Count, cluster.Ids)));

    private static JsonObject List(IEnumerable<JsonObject> items) => ManagedCluster.List([.. items]);

    private DateTimeOffset LastChange(SimulatedMachine machine, ClusterNode node) =>
        _operations.Last(machine) is not { } operation ? node.CreationTimestamp
        : operation.Status == MachineOperationStatus.InProgress ? operation.StartTime
        : operation.EndTime;

    private IEnumerable<string> ResourceGroups =>
        cluster.Source.Snapshot.Nodes.Select(static node => node.ResourceGroupName).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);

    private JsonObject ResourceGroup(string name) => new()
    {
        ["id"] = $"/subscriptions/{cluster.Source.SubscriptionId}/resourceGroups/{name}",
        ["name"] = name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = cluster.Source.Location,
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

    private FaceResponse Get(FaceRequest request, Func<JsonObject> read) =>
        request.Method == HttpMethod.Get ? FaceResponse.Json(HttpStatusCode.OK, _pages.Cut(request, read())) : throw ArmException.MethodNotAllowed(request.Method.Method);

    private static void Require(string version, string[] known, string type)
    {
        if (!known.Contains(version)) throw ArmException.ApiVersionUnknown(version, type, known);
    }
}
