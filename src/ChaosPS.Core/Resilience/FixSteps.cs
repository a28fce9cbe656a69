using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>The small changes of a workload that are tried.</summary>
internal sealed class FixSteps
{
    public const string HostName = "kubernetes.io/hostname";
    public const string Zone = "topology.kubernetes.io/zone";

    private const int FullWeight = 100;

    private readonly Workload _workload;
    private readonly ClusterSnapshot _snapshot;
    private readonly List<FixStep> _steps = [];

    private FixSteps(Workload workload, ClusterSnapshot snapshot) => (_workload, _snapshot) = (workload, snapshot);

    /// <summary>All that can be tried of a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="snapshot">Its cluster.</param>
    /// <param name="bearsOutage">Whether a short outage is borne: only then a shorter toleration is of use.</param>
    public static IReadOnlyList<FixStep> Of(Workload workload, ClusterSnapshot snapshot, bool bearsOutage)
    {
        var steps = new FixSteps(workload, snapshot);
        steps.Soften();
        steps.Place(FixDimension.NodePlacement, HostName, "nodes");
        steps.Place(FixDimension.ZonePlacement, Zone, "zones");
        steps.ChangeStrategy();
        steps.Probe();
        steps.Budget();
        if (bearsOutage) steps.Tolerate();
        steps.Replicate();
        return steps._steps;
    }

    /// <summary>Which changes can help against a failure.</summary>
    /// <param name="dimension">What a change is about.</param>
    /// <param name="goal">What was not survived; null where the change itself, or a rollout after it, does not come to its end.</param>
    public static bool Helps(FixDimension dimension, ResilienceGoal? goal) => goal switch
    {
        ResilienceGoal.NodeLoss => dimension is FixDimension.Replicas or FixDimension.NodePlacement or FixDimension.Softening or FixDimension.Toleration,
        ResilienceGoal.ZoneLoss => dimension is FixDimension.Replicas or FixDimension.ZonePlacement or FixDimension.Softening or FixDimension.Toleration,
        ResilienceGoal.Drain => dimension is FixDimension.Replicas or FixDimension.NodePlacement or FixDimension.Budget,
        ResilienceGoal.Rollout => dimension is FixDimension.Strategy or FixDimension.Probe or FixDimension.Softening or FixDimension.Replicas,
        _ => dimension is FixDimension.Strategy or FixDimension.Softening,
    };

    /// <summary>The autoscaler that says how many replicas there are; null where nobody but the workload does.</summary>
    public static Autoscaler? AutoscalerOf(Workload workload, ClusterSnapshot snapshot) =>
        snapshot.Autoscalers.FirstOrDefault(it => it.Namespace == workload.Namespace && it.TargetKind == workload.Kind && it.TargetName == workload.Name);

    private bool IsOwn(PodAffinityTerm term) => term.Selector is { } selector && selector.Matches(_workload.PodLabels);

    private Affinity AffinityOf(WorkloadOverlay change) => change.Affinity ?? _workload.PodSpec.Affinity;

    private IReadOnlyList<TopologySpread> SpreadOf(WorkloadOverlay change) => change.TopologySpread ?? _workload.PodSpec.TopologySpread;

    /// <summary>Rules that must be kept, as rules that are kept where they can be.</summary>
    private void Soften()
    {
        var spec = _workload.PodSpec;
        if (spec.Affinity.RequiredAntiPods.Any(IsOwn))
        {
            _steps.Add(new(FixDimension.Softening, 1, "anti-affinity preferred instead of required", change => change with
            {
                Affinity = AffinityOf(change) with
                {
                    RequiredAntiPods = [.. AffinityOf(change).RequiredAntiPods.Where(term => !IsOwn(term))],
                    PreferredAntiPods =
                    [
                        .. AffinityOf(change).PreferredAntiPods,
                        .. AffinityOf(change).RequiredAntiPods.Where(IsOwn).Select(static term => term with { Weight = FullWeight }),
                    ],
                },
            }));
        }

        if (!spec.TopologySpread.Any(static rule => rule.IsRequired)) return;
        if (spec.TopologySpread.Any(static rule => rule is { IsRequired: true, HonorsTaints: false }))
        {
            _steps.Add(new(FixDimension.Softening, 2, "nodeTaintsPolicy: Honor in the spread over " + KeysOf(spec), change => change with
            {
                TopologySpread = [.. SpreadOf(change).Select(static rule => rule.IsRequired ? rule with { HonorsTaints = true } : rule)],
            }));
        }

        _steps.Add(new(FixDimension.Softening, 3, "whenUnsatisfiable: ScheduleAnyway in the spread over " + KeysOf(spec), change => change with
        {
            TopologySpread = [.. SpreadOf(change).Select(static rule => rule with { IsRequired = false, MinDomains = 1 })],
        }));
    }

    private static string KeysOf(PodSpec spec) => string.Join(", ", spec.TopologySpread.Where(static rule => rule.IsRequired).Select(static rule => rule.TopologyKey).Distinct());

    /// <summary>Rules that bring pods to different domains, the ones that ask for least first.</summary>
    private void Place(FixDimension dimension, string key, string domains)
    {
        var spread = new TopologySpread(key, 1, _workload.Selector, IsRequired: false)
        {
            HonorsTaints = true,

            // Pods of the version before do not count, or the last ones of a rollout would go to the wrong places.
            MatchLabelKeys = _workload.Kind == "Deployment" ? ["pod-template-hash"] : [],
        };
        var term = new PodAffinityTerm(_workload.Selector, key, []);
        _steps.Add(new(dimension, 1, $"spread over {domains}, where it can be", change => WithSpread(change, spread)));
        _steps.Add(new(dimension, 2, $"anti-affinity over {domains}, preferred", change => change with
        {
            Affinity = AffinityOf(change) with { PreferredAntiPods = [.. AffinityOf(change).PreferredAntiPods, term with { Weight = FullWeight }] },
        }));
        _steps.Add(new(dimension, 3, $"spread over {domains}, always", change => WithSpread(change, spread with { IsRequired = true })));
        _steps.Add(new(dimension, 4, $"anti-affinity over {domains}, required", change => change with
        {
            Affinity = AffinityOf(change) with { RequiredAntiPods = [.. AffinityOf(change).RequiredAntiPods, term] },
        }));
    }

    private WorkloadOverlay WithSpread(WorkloadOverlay change, TopologySpread rule) =>
        change with { TopologySpread = [.. SpreadOf(change).Where(it => it.TopologyKey != rule.TopologyKey), rule] };

    private void ChangeStrategy()
    {
        if (_workload is not { Kind: "Deployment", IsRecreate: false }) return;
        foreach (var (rank, surge, unavailable) in new[] { (1, "1", "0"), (2, "0", "1") })
        {
            if (_workload.MaxSurge == surge && _workload.MaxUnavailable == unavailable) continue;
            _steps.Add(new(FixDimension.Strategy, rank, $"maxUnavailable {_workload.MaxUnavailable} -> {unavailable}, maxSurge {_workload.MaxSurge} -> {surge}", change => change with
            {
                MaxSurge = surge,
                MaxUnavailable = unavailable,
            }));
        }
    }

    /// <summary>A probe of the port that a Service leads to. Of several containers nobody can tell which has it.</summary>
    private void Probe()
    {
        if (_workload.PodSpec.Containers is not [{ HasReadinessProbe: false } container]) return;
        var port = _snapshot.Services.FirstOrDefault(it => it.Namespace == _workload.Namespace && it.TargetPort.Length > 0 && it.Selector.Requirements.Count > 0 && it.Selector.Matches(_workload.PodLabels))?.TargetPort;
        if (port is null) return;
        var probe = new ReadinessProbe(container.Name, port);
        _steps.Add(new(FixDimension.Probe, 1, $"readinessProbe of {container.Name}: {probe}", change => change with { ReadinessProbes = [probe] }));
    }

    /// <summary>One pod at a time. Two budgets for one pod would keep it from being evicted at all, so an existing one is changed.</summary>
    private void Budget()
    {
        DisruptionBudget[] present = [.. _snapshot.DisruptionBudgets.Where(it => it.Namespace == _workload.Namespace && it.Selector is { } selector && selector.Matches(_workload.PodLabels))];
        if (present.Length > 1) return;
        var budget = present is [var one]
            ? one with { MinAvailable = null, MaxUnavailable = "1" }
            : new DisruptionBudget { Name = _workload.Name, Namespace = _workload.Namespace, Cluster = _workload.Cluster, Selector = _workload.Selector, MaxUnavailable = "1" };
        if (present is [{ MaxUnavailable: "1" }]) return;
        var text = present is [var old]
            ? $"PodDisruptionBudget {old.Name}: {(old.MaxUnavailable is { } most ? $"maxUnavailable {most}" : $"minAvailable {old.MinAvailable}")} -> maxUnavailable 1"
            : $"PodDisruptionBudget {budget.Name}: maxUnavailable 1";
        _steps.Add(new(FixDimension.Budget, 0, text, static change => change) { Budget = budget });
    }

    private void Tolerate()
    {
        foreach (var (rank, seconds) in new long[] { 120, 60, 30, 0 }.Index())
            _steps.Add(new(FixDimension.Toleration, rank + 1, string.Create(CultureInfo.InvariantCulture, $"tolerationSeconds {seconds}"), change => change with { TolerationSeconds = seconds }));
    }

    private void Replicate()
    {
        if (AutoscalerOf(_workload, _snapshot) is not null) return;
        for (var more = 1; more <= 2; more++)
        {
            var replicas = _workload.Replicas + more;
            _steps.Add(new(FixDimension.Replicas, more, string.Create(CultureInfo.InvariantCulture, $"replicas {_workload.Replicas} -> {replicas}"), change => change with { Replicas = replicas }) { Pods = more });
        }
    }
}
