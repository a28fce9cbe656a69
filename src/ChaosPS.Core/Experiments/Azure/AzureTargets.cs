using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>What the activities on Azure's resources have in common: a filter that must say which, and a result that says what was done to them.</summary>
internal static class AzureTargets
{
    public const string MachineType = "Microsoft.Compute/virtualMachines";
    public const string ClusterType = "Microsoft.ContainerService/managedClusters";

    public static ActivityArgument Filter(string what, string example) =>
        new("filter", ArgumentType.Text, Required: false, $"a Resource Graph filter for {what}, such as where name=~'{example}'.");

    /// <summary>Says that a run will refuse to do without a filter.</summary>
    public static void CheckFilter(DocumentMapping provider, FindingList findings, string what)
    {
        var arguments = provider["arguments"] as DocumentMapping;
        if (arguments?["filter"] is null or DocumentScalar { Value: null or "" })
        {
            findings.Warning(
                "FilterMissing", arguments ?? provider, $"Without a filter every {what} of the subscription would be hit, so the run will refuse it.",
                "Add filter: where name=~'…'.");
        }
    }

    /// <summary>The resources that the filter matches: at least one.</summary>
    /// <exception cref="ChaosException">There is no filter, or it matches nothing: ids <c>FilterEmpty</c>, <c>ResourceNotMatched</c>.</exception>
    public static async Task<IReadOnlyList<AzureResource>> FindAsync(
        TargetRequest request, string function, string what, string type, CancellationToken cancellationToken)
    {
        var filter = request.Arguments.GetValueOrDefault("filter") is { } given ? PythonValue.Text(given) : "";
        var power = request.Connection.Power;
        var found = string.IsNullOrWhiteSpace(filter) ? [] : await power.FindResourcesAsync(type, filter, cancellationToken);
        if (found.Count > 0) return found;
        string[] existing =
            [.. (await power.FindResourcesAsync(type, null, cancellationToken)).Select(static resource => $"{resource.Name} (resource group {resource.ResourceGroupName})")];
        var scope = await power.GetScopeAsync(cancellationToken);
        throw string.IsNullOrWhiteSpace(filter)
            ? ChaosErrors.FilterEmpty(What(request, function), what, scope, existing)
            : ChaosErrors.ResourceNotMatched(What(request, function), what, filter, scope, existing);
    }

    /// <summary>The virtual machines that the filter matches.</summary>
    /// <exception cref="ChaosException">There is no filter, or it matches nothing: ids <c>FilterEmpty</c>, <c>ResourceNotMatched</c>.</exception>
    public static async Task<IReadOnlyList<ScaleSetInstance>> FindMachinesAsync(TargetRequest request, string function, CancellationToken cancellationToken)
    {
        var found = await FindAsync(request, function, "virtual machines", MachineType, cancellationToken);
        return await request.Connection.Power.GetVirtualMachinesAsync([.. found.Select(static resource => resource.ResourceId)], cancellationToken);
    }

    /// <summary>The activity, for messages.</summary>
    public static string What(TargetRequest request, string function) => $"The activity '{request.Activity}' ({function})";

    /// <summary>Changes the power of the machines that the activity was resolved to, one after the other.</summary>
    /// <returns>What the original returns, and beside it what was really sent.</returns>
    public static async Task<object?> ChangeAsync(ActivityContext context, PowerAction action, CancellationToken cancellationToken)
    {
        var resources = new List<object?>();
        foreach (var target in context.Targets.OfType<MachineTarget>())
        {
            var change = await context.Power.ChangeAsync(target.Instance, action, skipShutdown: false, cancellationToken);
            resources.Add(new OrderedDictionary<string, object?>
            {
                ["id"] = target.Instance.ResourceId,
                ["location"] = target.Instance.Location,
                ["name"] = target.Instance.Name,
                ["resourceGroup"] = AzureMachineId.TryParse(target.Instance.ResourceId, out var id) ? id.ResourceGroupName : null,
                ["type"] = (id?.VMScaleSetName is null ? MachineType : "Microsoft.Compute/virtualMachineScaleSets/virtualMachines").ToLowerInvariant(),
                ["power_state_before"] = change.Target.PowerState.ToString(),
                ["performed"] = change.Performed?.ToString() ?? "nothing",
                ["performed_at"] = change.At.ToUnixTimeSeconds(),
            });
        }

        return new OrderedDictionary<string, object?> { ["resources"] = resources.ToArray() };
    }
}
