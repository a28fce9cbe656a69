using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A Job and its status.</summary>
public sealed class SimulatedJob : SimulatedPodOwner
{
    internal const string ControllerUidLabel = "batch.kubernetes.io/controller-uid";

    internal SimulatedJob(JobSpec spec, string uid, DateTimeOffset creationTimestamp)
        : base("Job", spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
        PodSelector = LabelSelector.FromLabels([new(ControllerUidLabel, uid)]);
    }

    /// <summary>What is wanted. Its status members are those that it was read with.</summary>
    public JobSpec Spec { get; internal set; }

    /// <summary>When it began, or was last resumed; null while it is suspended.</summary>
    public DateTimeOffset? StartTime { get; internal set; }

    /// <summary>When it was done with success; null otherwise.</summary>
    public DateTimeOffset? CompletionTime { get; internal set; }

    /// <summary>Pods that wait or run.</summary>
    public int Active { get; internal set; }

    /// <summary>Pods that are ready.</summary>
    public int ReadyPods { get; internal set; }

    /// <summary>Pods that are being deleted.</summary>
    public int TerminatingPods { get; internal set; }

    /// <summary>Pods that have succeeded.</summary>
    public int Succeeded { get; internal set; }

    /// <summary>Pods that have failed, or were deleted before they could succeed.</summary>
    public int Failed { get; internal set; }

    /// <summary>For an indexed Job: the numbers whose pods have succeeded.</summary>
    public IReadOnlyCollection<int> CompletedIndexes => DoneIndexes;

    /// <summary>Suspended, SuccessCriteriaMet, Complete, FailureTarget, Failed.</summary>
    public IReadOnlyList<PodCondition> Conditions { get; internal set; } = [];

    /// <summary>Whether it has come to its end.</summary>
    public bool IsFinished => Has("Complete") || Has("Failed");

    internal override LabelSelector PodSelector { get; }

    internal SortedSet<int> DoneIndexes { get; } = [];

    /// <summary>Failures since the last success, and when the last one was: they delay the next pod.</summary>
    internal (int Count, DateTimeOffset Last) Failures { get; set; }

    internal bool Has(string condition)
    {
        foreach (var it in Conditions)
        {
            if (it.Type == condition) return it.Status == "True";
        }

        return false;
    }
}
