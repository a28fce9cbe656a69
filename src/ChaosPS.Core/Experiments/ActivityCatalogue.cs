using ChaosPS.Clusters;

namespace ChaosPS.Experiments;

/// <summary>The activities that ChaosPS carries out itself.</summary>
public static class ActivityCatalogue
{
    /// <summary>All of them, in the order of module and function.</summary>
    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        new ScaleSetPowerActivity("deallocate_vmss", PowerAction.Deallocate, "Stops scale set instances and gives up their hardware."),
        new ScaleSetPowerActivity("delete_vmss", PowerAction.Delete, "Deletes scale set instances. It cannot be undone."),
        new ScaleSetPowerActivity("restart_vmss", PowerAction.Restart, "Restarts scale set instances; starts those that are off."),
        new ScaleSetPowerActivity("start_vmss", PowerAction.Start, "Starts scale set instances."),
        new ScaleSetPowerActivity("stop_vmss", PowerAction.PowerOff, "Powers scale set instances off."),
    ];

    /// <summary>The modules that have activities.</summary>
    public static IReadOnlyList<string> Modules { get; } = [.. All.Select(static activity => activity.Module).Distinct()];

    /// <summary>The activity of that name; null when there is none.</summary>
    public static NativeActivity? Find(string module, string function) =>
        All.FirstOrDefault(activity => activity.Module == module && activity.Function == function);
}
