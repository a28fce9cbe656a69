using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>The actions of <c>chaosazure.aks.actions</c> on a node: one at random, of one of the clusters that the filter matches.</summary>
/// <remarks>
/// The machine may be an instance of a scale set or a virtual machine: whatever is in the cluster's node resource group. A rollback takes what the method took.
/// </remarks>
internal sealed class AksNodeActivity(string function, PowerAction action, string help)
    : NativeActivity("chaosazure.aks.actions", function, ActivityKind.Action, help, AzureTargets.Filter("managed clusters", "shop"))
{
    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        AzureTargets.CheckFilter(provider, findings, "managed cluster");
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var clusters = await AzureTargets.FindAsync(request, Function, "managed clusters", AzureTargets.ClusterType, cancellationToken);
        var cluster = clusters[request.Random.Next(clusters.Count)];
        var group = cluster.Property("nodeResourceGroup")
            ?? throw ChaosErrors.FilterInvalid($"{request.Arguments["filter"]}", request.Connection.Power.ScopeOf(cluster.SubscriptionId), "its result has no column 'properties', which says where the cluster's nodes are");

        var power = request.Connection.Power;
        var inGroup = $"where resourceGroup =~ '{group}'";
        var machines = new List<ScaleSetInstance>();
        foreach (var scaleSet in await power.FindScaleSetsAsync(inGroup, cancellationToken))
        {
            if (!scaleSet.Flexible) machines.AddRange(await power.GetInstancesAsync(scaleSet, cancellationToken));
        }

        var others = await power.FindResourcesAsync(AzureTargets.MachineType, inGroup, cancellationToken);
        if (others.Count > 0) machines.AddRange(await power.GetVirtualMachinesAsync([.. others.Select(static resource => resource.ResourceId)], cancellationToken));
        if (machines.Count == 0) throw ChaosErrors.NodesNotMatched(AzureTargets.What(request, Function), cluster.Name, group, power.ScopeOf(cluster.SubscriptionId));

        var taken = request.Earlier.OfType<MachineTarget>().Select(static target => target.Instance.ResourceId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        ScaleSetInstance[] again = [.. machines.Where(machine => taken.Contains(machine.ResourceId))];
        if (request.Phase == RunPhase.Rollbacks && again.Length > 0) return [.. again.Select(Target)];

        // A node that is off already is no node to stop.
        ScaleSetInstance[] running = [.. machines.Where(static machine => machine.PowerState == PowerState.Running)];
        var candidates = running.Length > 0 ? running : [.. machines];
        return [Target(candidates[request.Random.Next(candidates.Length)])];

        PowerTarget Target(ScaleSetInstance machine) => new(request.Phase, request.Activity, action, machine);
    }

    /// <inheritdoc/>
    internal override Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        AzureTargets.ChangeAsync(context, action, cancellationToken);
}
