using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Azure;

/// <summary>What Azure says about the machines besides what they do: the AKS cluster over them, permissions, locks and quotas.</summary>
/// <remarks>
/// Whoever asks the sandbox may do everything, nothing is denied or locked, and there is room for more machines; but what faults refuse stands in these lists as it would
/// in Azure: as roles that do not allow it, as a deny assignment, as a lock.
/// </remarks>
internal sealed class Governance(SandboxCluster cluster, FaultList faults)
{
    private static readonly string[] s_aksVersions = ["2022-11-01", "2024-02-01", "2024-09-01"];
    private static readonly string[] s_authorizationVersions = ["2020-05-01", "2022-04-01"];
    private static readonly string[] s_computeVersions = ["2023-07-01", "2024-03-01", "2024-07-01"];

    /// <summary>The fewest cores that a subscription may have in a region.</summary>
    private const int LeastQuota = 100;

    /// <summary>How many virtual machines a subscription may have in a region.</summary>
    private const int MostMachines = 25_000;

    private const string DenialCode = "DenyAssignmentAuthorizationFailed";
    private const string LockCode = "ScopeLocked";

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
                return Get(request, pages, ManagedCluster.List([Role("*/read"), .. IsAllowed(path[..^3]) ? [Role("*")] : Array.Empty<JsonNode>()]));
            case [.., "providers", "microsoft.authorization", "denyassignments"]:
                Require(version, s_authorizationVersions, path[^1]);
                return Get(request, pages, ManagedCluster.List([.. Refusals(DenialCode, path[..^3]).Select(found => Denial(found.Fault, found.Scope))]));
            case [.., "providers", "microsoft.authorization", "locks"]:
                Require(version, s_authorizationVersions, path[^1]);
                return Get(request, pages, ManagedCluster.List([.. Refusals(LockCode, path[..^3]).Select(found => Lock(found.Fault, found.Scope))]));
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

    /// <summary>Whether whoever asks has a role for changes there: on what has machines that refuse them, roles are given on single machines only.</summary>
    private bool IsAllowed(string[] path) => !Refusals(ArmRefusals.Usual, path).Any();

    /// <summary>
    /// The faults that refuse with a code on a resource, on what it is in, or on what is in it; each with where it counts: the node resource group, or the machines of the
    /// nodes that it names.
    /// </summary>
    private IEnumerable<(SandboxFault Fault, string Scope)> Refusals(string code, string[] path)
    {
        var asked = $"/subscriptions/{cluster.Source.SubscriptionId}/{string.Join('/', path)}".TrimEnd('/');
        if (path is []) yield break; // nothing counts for the subscription as a whole
        foreach (var fault in faults.All.Where(fault => fault.Fault == SandboxFaultKind.Refusal && (fault.Code ?? ArmRefusals.Usual) == code))
        {
            var scopes = fault.NodeName is { } pattern
                ? cluster.Source.Snapshot.Nodes.Where(node => node.ResourceId is not null && FaultList.Matches(pattern, node.Name)).Select(static node => node.ResourceId!)
                : [$"/subscriptions/{cluster.Source.SubscriptionId}/resourceGroups/{Aks.NodeResourceGroup}"];
            foreach (var scope in scopes.Where(scope => Covers(asked, scope) || Covers(scope, asked))) yield return (fault, scope);
        }

        static bool Covers(string outer, string inner) =>
            inner.Equals(outer, StringComparison.OrdinalIgnoreCase) || inner.StartsWith($"{outer}/", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonObject Denial(SandboxFault fault, string scope)
    {
        var name = fault.Id.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["id"] = $"{scope}/providers/Microsoft.Authorization/denyAssignments/{name}",
            ["type"] = "Microsoft.Authorization/denyAssignments",
            ["name"] = name,
            ["properties"] = new JsonObject
            {
                ["denyAssignmentName"] = $"sandbox fault {name}",
                ["permissions"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("*"), ["notActions"] = new JsonArray("*/read") }),
                ["scope"] = scope,
                ["doNotApplyToChildScopes"] = false,
                ["principals"] = new JsonArray(new JsonObject { ["id"] = AzureDenyAssignment.Everyone, ["type"] = "SystemDefined" }),
                ["excludePrincipals"] = new JsonArray(),
            },
        };
    }

    private static JsonObject Lock(SandboxFault fault, string scope)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"sandbox-fault-{fault.Id}");
        return new JsonObject
        {
            ["id"] = $"{scope}/providers/Microsoft.Authorization/locks/{name}",
            ["type"] = "Microsoft.Authorization/locks",
            ["name"] = name,
            ["properties"] = new JsonObject { ["level"] = "ReadOnly" },
        };
    }

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
