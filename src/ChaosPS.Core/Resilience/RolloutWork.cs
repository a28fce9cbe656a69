using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Brings a new template of a workload, as every release does.</summary>
internal sealed class RolloutWork(ClusterSimulation simulation, Workload workload) : LossWork
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private SimulatedWorkload? _made;

    public override DateTimeOffset? Act()
    {
        _made ??= Begin();
        return HasRolledOut(_made) ? null : simulation.Now + s_interval;
    }

    /// <summary>Whether all pods that get the newest template by themselves have it, and there are as many as are wanted, and available.</summary>
    public static bool HasRolledOut(SimulatedWorkload made) => made.ObservedGeneration >= made.Generation && made.UpdatedReplicas >= made.Spec.ReplicasToUpdate &&
        made.AvailableReplicas >= made.Spec.Replicas && made.CurrentReplicas <= made.Spec.Replicas;

    /// <summary>The workload with another template that says the same.</summary>
    public static Workload NextOf(Workload workload) => workload with { PodSpec = workload.PodSpec with { TemplateMark = workload.PodSpec.TemplateMark + " next" } };

    private SimulatedWorkload Begin()
    {
        ClusterOverlay.LetControllersLook(simulation);
        return simulation.Apply(NextOf(workload));
    }
}

/// <summary>Does nothing, and never ends: it is looked at as long as it may be.</summary>
internal sealed class WaitWork : LossWork
{
    public override DateTimeOffset? Act() => DateTimeOffset.MaxValue;
}
