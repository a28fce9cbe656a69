using ChaosPS.Clusters;
using ChaosPS.Experiments.Kubernetes;
using ChaosPS.Resilience;

namespace ChaosPS.Experiments.Runs;

/// <summary>Which activities of the method take nodes away, and how.</summary>
internal static class LosingActions
{
    /// <summary>The activities, in their order, with what each of them does.</summary>
    /// <param name="run">The run, its targets found.</param>
    /// <param name="nodes">The nodes of the cluster.</param>
    public static IReadOnlyList<(ExperimentActivity Activity, IReadOnlyList<LossAction> Actions)> Of(RunScope run, IReadOnlyList<ClusterNode> nodes) =>
        [.. Losing(run).Select(entry => (entry.Activity, Actions(run, entry.Activity, entry.Targets, nodes))).Where(static entry => entry.Item2.Count > 0)];

    /// <summary>Whether any activity of the method takes nodes away; asks nobody.</summary>
    public static bool Any(RunScope run) => Losing(run).Any();

    /// <summary>Whether an activity gives nodes back.</summary>
    public static bool GivesBack(ActivityTarget target) =>
        target is PowerTarget { Power: PowerAction.Start } or ObjectTarget { Verb: "uncordon" } or ClusterTarget { Power: PowerAction.Start };

    private static IEnumerable<(ExperimentActivity Activity, IReadOnlyList<ActivityTarget> Targets)> Losing(RunScope run) =>
        from activity in run.Experiment.Method
        let targets = run.Work.Targets.GetValueOrDefault(activity, [])
        where !run.Work.Skips(activity) && targets.Any(IsLost)
        select (activity, targets);

    private static bool IsLost(ActivityTarget target) => target switch
    {
        PowerTarget power => power.Power != PowerAction.Start,
        FaultTarget fault => FaultLoss.Takes(fault.Fault.Fault),
        ObjectTarget { Verb: "drain" or "delete" } item => item.Object.Resource == Kinds.Node,
        _ => false,
    };

    private static IReadOnlyList<LossAction> Actions(RunScope run, ExperimentActivity activity, IReadOnlyList<ActivityTarget> targets, IReadOnlyList<ClusterNode> nodes)
    {
        List<LossAction> actions = [];
        foreach (var power in targets.OfType<PowerTarget>().Where(IsLost).GroupBy(static target => target.Power)) actions.Add(new PowerLoss(Nodes(power), power.Key));
        foreach (var fault in targets.OfType<FaultTarget>().Where(IsLost).GroupBy(static target => target.Fault)) actions.Add(new FaultLoss(Nodes(fault), fault.Key));
        var objects = targets.OfType<ObjectTarget>().Where(IsLost).ToLookup(static target => target.Verb, static target => target.Object.Name);
        if (objects["drain"].ToArray() is { Length: > 0 } drained && activity.Provider is NativeProvider native)
        {
            var arguments = new ActivityArguments(activity.Name, native.Activity.Arguments, native.Arguments(run.Work.Context.Substitution));
            actions.Add(new DrainLoss(drained, NodeActivities.DrainOptions(arguments)));
        }

        if (objects["delete"].ToArray() is { Length: > 0 } deleted) actions.Add(new ObjectLoss(deleted));
        return [.. actions.Where(static action => action.Nodes.Count > 0)];

        // A machine of a scale set that is no node of this cluster takes nothing away from it.
        string[] Nodes(IEnumerable<MachineTarget> machines) =>
        [
            .. machines.Select(machine => nodes.FirstOrDefault(node => string.Equals(node.ResourceId, machine.Instance.ResourceId, StringComparison.OrdinalIgnoreCase))?.Name).OfType<string>(),
        ];
    }
}
