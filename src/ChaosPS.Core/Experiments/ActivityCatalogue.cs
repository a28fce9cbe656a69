using ChaosPS.Errors;
using ChaosPS.Experiments.Azure;
using ChaosPS.Experiments.Kubernetes;
using ChaosPS.Experiments.Python;

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

    /// <summary>The activity of that whole name, <c>module.function</c>, in any case.</summary>
    /// <exception cref="ChaosException">There is none: id <c>ActivityNotFound</c>.</exception>
    public static NativeActivity Get(string name) =>
        s_byName.Value.Values.FirstOrDefault(activity => activity.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw NotFound(name);

    /// <summary>The error that there is no activity of a name, with those that are nearest to it.</summary>
    public static ChaosException NotFound(string name) => ChaosErrors.ActivityNotFound(name, All.Select(static activity => activity.Name));

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
        .. PythonFunctions.All,
        .. FileAction.All,
    ];
}
