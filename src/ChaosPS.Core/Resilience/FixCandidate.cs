using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Single changes of one workload that are tried together.</summary>
internal sealed class FixCandidate
{
    private readonly FixStep[] _steps;

    private FixCandidate(Workload workload, FixStep[] steps)
    {
        Workload = workload;
        _steps = steps;
        var requests = workload.PodSpec.Requests;
        var pods = steps.Sum(static step => step.Pods);
        Cost = new FixCost(pods, pods * requests.MilliCpu, pods * requests.MemoryBytes);
        var overlay = new WorkloadOverlay(workload.Kind, workload.Namespace, workload.Name);
        Overlay = steps.Aggregate(overlay, static (change, step) => step.Apply(change));
        Change = new ClusterOverlay
        {
            Workloads = Overlay == overlay ? [] : [Overlay],
            DisruptionBudgets = [.. steps.Select(static step => step.Budget).OfType<DisruptionBudget>()],
        };
    }

    public Workload Workload { get; }

    public FixCost Cost { get; }

    public WorkloadOverlay Overlay { get; }

    public ClusterOverlay Change { get; }

    public IReadOnlyList<string> Steps => [.. _steps.Select(static step => step.Text)];

    /// <summary>In words; what is, for no change at all.</summary>
    public string Description => _steps.Length == 0 ? "no change" : string.Join("; ", Steps);

    public bool IsEmpty => _steps.Length == 0;

    /// <summary>What is tried first: fewest pods, then fewest changes, then those that ask for least.</summary>
    public (int Pods, int Steps, int Rank) Order => (Cost.Pods, _steps.Length, _steps.Sum(static step => step.Rank));

    /// <summary>No change.</summary>
    public static FixCandidate None(Workload workload) => new(workload, []);

    /// <summary>One change more; null where it has one of the kind, or nothing comes of it.</summary>
    public FixCandidate? With(FixStep step) =>
        Array.Exists(_steps, it => it.Dimension == step.Dimension) ? null : new FixCandidate(Workload, [.. _steps.Append(step).OrderBy(static it => it.Dimension)]);
}
