using ChaosPS.Clusters;
using ChaosPS.Experiments.Kubernetes;

namespace ChaosPS.Experiments;

/// <summary>The activities that ChaosPS carries out itself.</summary>
public static class ActivityCatalogue
{
    private static readonly Lazy<Dictionary<(string Module, string Function), NativeActivity>> s_byName = new(static () =>
        List().ToDictionary(static activity => (activity.Module, activity.Function)));

    /// <summary>All of them, in the order of module and function.</summary>
    public static IReadOnlyList<NativeActivity> All =>
        [.. s_byName.Value.Values.OrderBy(static activity => activity.Module, StringComparer.Ordinal).ThenBy(static activity => activity.Function, StringComparer.Ordinal)];

    /// <summary>The modules that have activities.</summary>
    public static IReadOnlyList<string> Modules => [.. All.Select(static activity => activity.Module).Distinct()];

    /// <summary>The activity of that name; null when there is none.</summary>
    public static NativeActivity? Find(string module, string function) => s_byName.Value.GetValueOrDefault((module, function));

    private static IEnumerable<NativeActivity> List() =>
    [
        new ScaleSetPowerActivity("deallocate_vmss", PowerAction.Deallocate, "Stops scale set instances and gives up their hardware."),
        new ScaleSetPowerActivity("delete_vmss", PowerAction.Delete, "Deletes scale set instances. It cannot be undone."),
        new ScaleSetPowerActivity("restart_vmss", PowerAction.Restart, "Restarts scale set instances; starts those that are off."),
        new ScaleSetPowerActivity("start_vmss", PowerAction.Start, "Starts scale set instances."),
        new ScaleSetPowerActivity("stop_vmss", PowerAction.PowerOff, "Powers scale set instances off."),
        .. DeploymentActivities.All,
        .. OtherWorkloadActivities.All,
        .. SpaceActivities.All,
        .. NetworkingActivities.All,
        .. CustomObjectActivities.All,
        .. ChaosMeshActivities.All,
        .. PodActivities.All,
        .. PodProbes.All,
        .. NodeActivities.All,
        .. NodeProbes.All,
        .. DeprecatedActivities.All,
    ];
}
