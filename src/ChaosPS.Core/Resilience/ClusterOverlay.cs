using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Changes of a cluster that nobody has made, to be tried on a snapshot of it.</summary>
public sealed record ClusterOverlay
{
    /// <summary>So long the changed workloads may take to roll out.</summary>
    private static readonly TimeSpan s_rollout = TimeSpan.FromMinutes(15);

    /// <summary>Changed workloads.</summary>
    public IReadOnlyList<WorkloadOverlay> Workloads { get; init; } = [];

    /// <summary>Disruption budgets that are added, or that take the place of those of their names.</summary>
    public IReadOnlyList<DisruptionBudget> DisruptionBudgets { get; init; } = [];

    /// <summary>How many nodes pools have, by name. Nodes are added like the pool's first, its zones in turn; nodes are not taken away.</summary>
    public IReadOnlyDictionary<string, int> PoolSizes { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether it changes nothing.</summary>
    public bool IsEmpty => Workloads.Count + DisruptionBudgets.Count + PoolSizes.Count == 0;

    /// <summary>What is changed: <c>Deployment/shop/web, PodDisruptionBudget/shop/web, 5 nodes of nodepool1</c>.</summary>
    public override string ToString() => string.Join(", ",
    [
        .. Workloads.Select(static it => $"{it.Kind}/{it.Namespace}/{it.Name}"),
        .. DisruptionBudgets.Select(static it => $"PodDisruptionBudget/{it.Namespace}/{it.Name}"),
        .. PoolSizes.Select(static it => string.Create(CultureInfo.InvariantCulture, $"{it.Value} nodes of {it.Key}")),
    ]);

    /// <summary>The snapshot as it would be when all changes had rolled out: the scheduler of a simulation has found the places of new pods.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="options">Its times and rates. Its seed decides between equally good places.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ClusterSnapshot Apply(ClusterSnapshot snapshot, SimulationOptions options, CancellationToken cancellationToken) =>
        Try(snapshot, options, cancellationToken).Snapshot;

    /// <summary>The same, and why it does not roll out; null where it does.</summary>
    internal (ClusterSnapshot Snapshot, string? Hitch) Try(ClusterSnapshot snapshot, SimulationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (IsEmpty) return (snapshot, null);
        var budgets = DisruptionBudgets.Select(static it => (it.Namespace, it.Name)).ToHashSet();
        var changed = snapshot with
        {
            Nodes = [.. snapshot.Nodes, .. PoolSizes.SelectMany(pool => NewNodes(snapshot, pool.Key, pool.Value))],
            DisruptionBudgets = [.. snapshot.DisruptionBudgets.Where(it => !budgets.Contains((it.Namespace, it.Name))), .. DisruptionBudgets],
        };
        var overlays = Workloads.ToDictionary(static it => (it.Kind, it.Namespace, it.Name));
        var specs = changed.Workloads.Where(it => overlays.ContainsKey((it.Kind, it.Namespace, it.Name)))
            .Select(it => overlays[(it.Kind, it.Namespace, it.Name)].Apply(it)).ToArray();
        return specs.Length == 0 ? (changed, null) : RollOut(changed, specs, options, cancellationToken);
    }

    /// <summary>A moment in which controllers see what there is, before anything about it changes.</summary>
    internal static void LetControllersLook(ClusterSimulation simulation) => simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(1));

    /// <summary>Rolls workloads out: what they want is what <paramref name="specs"/> say.</summary>
    internal static (ClusterSnapshot Snapshot, string? Hitch) RollOut(ClusterSnapshot snapshot, Workload[] specs, SimulationOptions options, CancellationToken cancellationToken)
    {
        var changed = specs.ToDictionary(static it => (it.Kind, it.Namespace, it.Name));
        var simulation = new NodeLossStudy(snapshot).Begin(
            snapshot.Pods.Where(pod => NodeLossStudy.Family(pod) is ({ } space, { } kind, { } name) && changed.ContainsKey((kind, space, name))), specs, options);
        LetControllersLook(simulation);
        var made = specs.Select(simulation.Apply).ToArray();
        var end = simulation.Now + s_rollout;
        while (simulation.Now < end && !Array.TrueForAll(made, RolloutWork.HasRolledOut))
        {
            cancellationToken.ThrowIfCancellationRequested();
            simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(5));
        }

        var hitch = Array.Find(made, static it => !RolloutWork.HasRolledOut(it)) is { } stuck ? Why(simulation, stuck) : null;

        // What still ends has ended a moment later.
        simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(35));
        var result = SimulatedSnapshot.Read(simulation, snapshot) with
        {
            Workloads = [.. snapshot.Workloads.Select(it => changed.GetValueOrDefault((it.Kind, it.Namespace, it.Name), it))],
        };
        return (result, hitch);
    }

    private static string Why(ClusterSimulation simulation, SimulatedWorkload stuck)
    {
        if (stuck.Spec.Held is { } held) return held;
        var waiting = simulation.Pods.FirstOrDefault(pod => pod is { NodeName: null, IsActive: true } && pod.Namespace == stuck.Namespace && stuck.Spec.Selector.Matches(pod.Labels));
        return waiting?.FindCondition("PodScheduled")?.Message ?? WhyUnattached(simulation, stuck)
            ?? string.Create(CultureInfo.InvariantCulture, $"{stuck.AvailableReplicas} of {stuck.Spec.Replicas} replicas are available, {stuck.UpdatedReplicas} have the newest template");
    }

    /// <summary>What the last pod that waits for its disk has been told; null where none does.</summary>
    private static string? WhyUnattached(ClusterSimulation simulation, SimulatedWorkload stuck) => simulation.Events.LastOrDefault(
        it => it.Reason == "FailedAttachVolume" && it.InvolvedObject is SimulatedPod { Ready: false, IsActive: true } pod && pod.Namespace == stuck.Namespace && stuck.Spec.Selector.Matches(pod.Labels))?.Message;

    private static IEnumerable<ClusterNode> NewNodes(ClusterSnapshot snapshot, string pool, int size)
    {
        ClusterNode[] present = [.. snapshot.Nodes.Where(node => string.Equals(node.NodePoolName, pool, StringComparison.OrdinalIgnoreCase))];
        for (var number = present.Length; number < size && present.Length > 0; number++)
        {
            // Nodes of a pool are alike but for their zones.
            var model = present[number % present.Length];
            var name = string.Create(CultureInfo.InvariantCulture, $"{pool}-new-{number - present.Length + 1}");
            yield return model with
            {
                Name = name,
                Uid = "",
                Ready = true,
                Unschedulable = false,
                PowerState = PowerState.Running,
                Conditions = [],
                Taints = [.. model.Taints.Where(static taint => !taint.Key.StartsWith("node.kubernetes.io/", StringComparison.Ordinal))],
                ProviderId = null,
                ResourceId = model.ResourceId is null ? null : $"{model.ResourceId}-{name}",
                LeaseRenewTime = null,
                Labels = new Dictionary<string, string>(model.Labels) { ["kubernetes.io/hostname"] = name },
            };
        }
    }
}
