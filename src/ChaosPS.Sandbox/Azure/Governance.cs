using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Http;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>What Azure says about the machines besides what they do: the AKS cluster over them, permissions, locks and quotas.</summary>
/// <remarks>Whoever asks the sandbox may do everything, nothing is denied or locked, and there is room for more machines.</remarks>
internal sealed class Governance(SandboxCluster cluster)
{
    private static readonly string[] s_aksVersions = ["2022-11-01", "2024-02-01", "2024-09-01"];
    private static readonly string[] s_authorizationVersions = ["2020-05-01", "2022-04-01"];
    private static readonly string[] s_computeVersions = ["2023-07-01", "2024-03-01", "2024-07-01"];

    /// <summary>The fewest cores that a subscription may have in a region.</summary>
    private const int LeastQuota = 100;

    /// <summary>How many virtual machines a subscription may have in a region.</summary>
    private const int MostMachines = 25_000;

    /// <summary>The AKS cluster.</summary>
    public ManagedCluster Aks { get; } = new(cluster);

    /// <summary>Answers what is asked of it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">What follows the subscription, in lower case.</param>
    /// <param name="version">The version of the API.</param>
    /// <param name="simulation">The simulation.</param>
    /// <param name="pages">Cuts lists.</param>
    /// <returns>Null for everything else.</returns>
    public FaceResponse? Answer(FaceRequest request, string[] path, string version, ClusterSimulation simulation, ArmPages pages)
    {
        switch (path)
        {
            case ["providers", "microsoft.containerservice", "managedclusters"]:
                Require(version, s_aksVersions, "managedClusters");
                return Aks.Answer(request, [], simulation, pages);
            case ["resourcegroups", var group, "providers", "microsoft.containerservice", "managedclusters", .. var rest]:
                Require(version, s_aksVersions, "managedClusters");
                if (!group.Equals(Aks.ResourceGroup, StringComparison.OrdinalIgnoreCase)) throw ArmException.ResourceGroupNotFound(request.Segments[3]);
                return Aks.Answer(request, rest, simulation, pages);
            case ["providers", "microsoft.containerservice", "locations", _, "operations", var operation]:
                Require(version, s_aksVersions, "locations/operations");
                return cluster.ControlPlane.Status(operation);
            case ["providers", "microsoft.compute", "locations", _, "usages"]:
                Require(version, s_computeVersions, "locations/usages");
                return Get(request, pages, Usages(simulation));
            case [.., "providers", "microsoft.authorization", "permissions"]:
                Require(version, s_authorizationVersions, "permissions");
                return Get(request, pages, ManagedCluster.List(Role("*/read"), Role("*")));
            case [.., "providers", "microsoft.authorization", "denyassignments" or "locks"]:
                Require(version, s_authorizationVersions, path[^1]);
                return Get(request, pages, ManagedCluster.List());
            default:
                return null;
        }
    }

    private static JsonObject Role(string actions) => new()
    {
        ["actions"] = new JsonArray(actions),
        ["notActions"] = new JsonArray(),
        ["dataActions"] = new JsonArray(),
        ["notDataActions"] = new JsonArray(),
    };

    private JsonObject Usages(ClusterSimulation simulation)
    {
        ClusterNode[] nodes = [.. cluster.Source.Snapshot.Nodes.Where(node => node.ResourceId is { } id && simulation.FindMachine(id) is not null)];
        var cores = nodes.Sum(Cores);
        return ManagedCluster.List(Usage("cores", "Total Regional vCPUs", cores, Math.Max(LeastQuota, 2 * cores)), Usage("virtualMachines", "Virtual Machines", nodes.Length, MostMachines));
    }

    private static JsonObject Usage(string name, string label, int used, int limit) => new()
    {
        ["unit"] = "Count",
        ["currentValue"] = used,
        ["limit"] = limit,
        ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = label },
    };

    /// <summary>A machine has the cores that pods can have, and what is kept for the node itself.</summary>
    private static int Cores(ClusterNode node) => (int)Math.Ceiling(node.Allocatable.MilliCpu / 1000d);

    private static FaceResponse Get(FaceRequest request, ArmPages pages, JsonObject body) =>
        request.Method == HttpMethod.Get ? FaceResponse.Json(HttpStatusCode.OK, pages.Cut(request, body)) : throw ArmException.MethodNotAllowed(request.Method.Method);

    private static void Require(string version, string[] known, string type)
    {
        if (!known.Contains(version)) throw ArmException.ApiVersionUnknown(version, type, known);
    }
}
