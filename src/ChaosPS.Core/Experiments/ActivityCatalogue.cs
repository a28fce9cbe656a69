using ChaosPS.Experiments.Azure;
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
        .. AzureActivities.All,
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
