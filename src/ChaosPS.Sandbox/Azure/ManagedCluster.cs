using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>The AKS cluster that the sandbox's nodes belong to: it stands in a resource group of its own, and its machines in the node resource group.</summary>
/// <remarks>Source: https://learn.microsoft.com/rest/api/aks/managed-clusters/get .</remarks>
internal sealed partial class ManagedCluster
{
    private const string Type = "Microsoft.ContainerService/managedClusters";

    private readonly SandboxCluster _cluster;
    private readonly SandboxSource _source;

    /// <summary>AKS names the node resource group after the cluster, unless it is told another name.</summary>
    public ManagedCluster(SandboxCluster cluster)
    {
        (_cluster, _source) = (cluster, cluster.Source);
        NodeResourceGroup = _source.ScaleSets is [var set, ..] ? set.ScaleSet.ResourceGroupName : $"MC_{_source.Name}-rg_{_source.Name}";
        var match = NodeGroupPattern().Match(NodeResourceGroup);
        ResourceGroup = match.Success ? match.Groups["group"].Value : $"{_source.Name}-rg";
        Name = match.Success ? match.Groups["name"].Value : _source.Name;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The resource group that it is in.</summary>
    public string ResourceGroup { get; }

    /// <summary>The resource group of its machines.</summary>
    public string NodeResourceGroup { get; }

    /// <summary>Its resource id.</summary>
    public string ResourceId => $"/subscriptions/{_source.SubscriptionId}/resourceGroups/{ResourceGroup}/providers/{Type}/{Name}";

    /// <summary>Answers requests below <c>Microsoft.ContainerService/managedClusters</c> of a resource group; null where nothing is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">What follows the type, in lower case.</param>
    /// <param name="simulation">The simulation.</param>
    /// <param name="pages">Cuts lists.</param>
    public FaceResponse? Answer(FaceRequest request, string[] path, ClusterSimulation simulation, ArmPages pages)
    {
        if (path is [] && IsGone) return Page(List());
        if (path is [var name, ..] && (IsGone || !name.Equals(Name, StringComparison.OrdinalIgnoreCase))) throw ArmException.ResourceNotFound(Type, name, ResourceGroup);
        switch (request.Method.Method, path)
        {
            case ("POST", [_, "stop"]):
                return Begin(request, PowerAction.PowerOff, simulation);
            case ("POST", [_, "start"]):
                return Begin(request, PowerAction.Start, simulation);
            case ("DELETE", [_]):
                return Begin(request, PowerAction.Delete, simulation);
            case not ("GET", _):
                throw ArmException.MethodNotAllowed(request.Method.Method);
        }

        return path switch
        {
            [] => Page(List(Write(simulation))),
            [_] => Json(Write(simulation)),
            [_, "agentpools"] => Page(List([.. _source.ScaleSets.Select(set => WritePoolResource(set, simulation))])),
            [_, "agentpools", var pool] => Json(WritePoolResource(
                _source.ScaleSets.FirstOrDefault(set => set.PoolName.Equals(pool, StringComparison.OrdinalIgnoreCase))
                    ?? throw ArmException.ResourceNotFound($"{Type}/agentPools", pool, ResourceGroup),
                simulation)),
            _ => null,
        };

        FaceResponse Page(JsonObject list) => Json(pages.Cut(request, list));
    }

    /// <summary>Whether it is deleted.</summary>
    public bool IsGone => _cluster.ControlPlane.IsGone;

    /// <summary>A list of all that there is.</summary>
    public static JsonObject List(params JsonNode[] items) => new() { ["value"] = new JsonArray(items) };

    /// <summary>The cluster as Resource Graph has it.</summary>
    public JsonObject WriteRow(ClusterSimulation simulation)
    {
        var row = Write(simulation);
        row["type"] = Type.ToLowerInvariant();
        row["tenantId"] = _source.TenantId;
        row["resourceGroup"] = ResourceGroup.ToLowerInvariant();
        row["subscriptionId"] = _source.SubscriptionId;
        return row;
    }

    /// <summary>The cluster as ARM has it.</summary>
    public JsonObject Write(ClusterSimulation simulation) => new()
    {
        ["id"] = ResourceId,
        ["name"] = Name,
        ["type"] = Type,
        ["location"] = Location,
        ["sku"] = new JsonObject { ["name"] = "Base", ["tier"] = "Standard" },
        ["properties"] = new JsonObject
        {
            ["provisioningState"] = _cluster.ControlPlane.ProvisioningState,
            ["powerState"] = new JsonObject { ["code"] = _cluster.ControlPlane.PowerState },
            ["kubernetesVersion"] = _source.Snapshot.Version.TrimStart('v'),
            ["fqdn"] = new Uri(_source.Snapshot.Cluster.Server).Host,
            ["nodeResourceGroup"] = NodeResourceGroup,
            ["nodeResourceGroupProfile"] = new JsonObject { ["restrictionLevel"] = "Unrestricted" },
            ["agentPoolProfiles"] = new JsonArray([.. _source.ScaleSets.Select(set => (JsonNode)WritePool(set, simulation))]),
        },
    };

    private string Location => _source.ScaleSets is [var set, ..] ? set.ScaleSet.Location : "";

    private JsonObject WritePoolResource(SandboxScaleSet set, ClusterSimulation simulation)
    {
        var properties = WritePool(set, simulation);
        properties.Remove("name");
        return new JsonObject
        {
            ["id"] = $"{ResourceId}/agentPools/{set.PoolName}",
            ["name"] = set.PoolName,
            ["type"] = $"{Type}/agentPools",
            ["properties"] = properties,
        };
    }

    private JsonObject WritePool(SandboxScaleSet set, ClusterSimulation simulation)
    {
        var nodes = _source.Snapshot.Nodes.Where(node => set.ScaleSet.Name.Equals(node.VMScaleSetName, StringComparison.OrdinalIgnoreCase)).ToArray();
        return new JsonObject
        {
            ["name"] = set.PoolName,
            ["count"] = nodes.Count(node => simulation.FindMachine(node.ResourceId!) is not null),
            ["vmSize"] = set.VMSize,
            ["osType"] = "Linux",
            ["mode"] = nodes.Any(static node => node.IsSystem) ? "System" : "User",
            ["type"] = "VirtualMachineScaleSets",
            ["availabilityZones"] = new JsonArray([.. set.Zones.Select(static zone => (JsonNode)zone)]),
            ["enableAutoScaling"] = false,
            ["scaleDownMode"] = "Delete",
            ["orchestratorVersion"] = _source.Snapshot.Version.TrimStart('v'),
            ["provisioningState"] = "Succeeded",
            ["powerState"] = new JsonObject { ["code"] = "Running" },
        };
    }

    private FaceResponse Begin(FaceRequest request, PowerAction action, ClusterSimulation simulation) => _cluster.ControlPlane.Begin(
        request, _source.SubscriptionId, Location, action,
        _source.Snapshot.Nodes.Select(static node => node.ResourceId).OfType<string>().Select(simulation.FindMachine).OfType<SimulatedMachine>(), simulation);

    private static FaceResponse Json(JsonObject body) => FaceResponse.Json(HttpStatusCode.OK, body);

    [GeneratedRegex("^MC_(?<group>.+)_(?<name>[^_]+)_[^_]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NodeGroupPattern();
}
