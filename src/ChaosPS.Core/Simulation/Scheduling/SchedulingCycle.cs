using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Scheduling;

/// <summary>One attempt to find a node for one pod: the pod, the cluster, and what the plugins count beforehand.</summary>
internal sealed class SchedulingCycle(ClusterState state, SimulatedPod pod)
{
    public const string HostnameLabel = "kubernetes.io/hostname";
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    public ClusterState State { get; } = state;

    public SimulatedPod Pod { get; } = pod;

    /// <summary>Pods that are taken to be gone: what preemption tries out. Null for none.</summary>
    public HashSet<SimulatedPod>? Without { get; init; }

    /// <summary>Whether the pod counts in this attempt.</summary>
    public bool Counts(SimulatedPod other) => !other.IsTerminal && (Without is null || !Without.Contains(other));

    /// <summary>Whether the pod tolerates the taint, for however short a time.</summary>
    public bool Tolerates(Taint taint) => Placement.Tolerates(Pod.Tolerations, taint);

    /// <summary>Whether the node matches the pod's node selector and required node affinity.</summary>
    public bool MatchesNodeAffinity(SimulatedNode node) => Placement.MatchesNodeAffinity(Pod.Spec, node);

    /// <summary>The pods with a node that a term of this pod speaks of, terminating ones too.</summary>
    public IEnumerable<(SimulatedPod Pod, SimulatedNode Node)> FindPods(PodAffinityTerm term)
    {
        if (term.Selector is null) yield break;
        foreach (var name in term.NamespacesAmong(State.Namespaces, Pod.Namespace))
        {
            foreach (var other in State.PodsOf(name))
            {
                if (!other.IsTerminal && term.Matches(other.Labels, Pod.Labels) && State.FindNode(other.NodeName) is { } node) yield return (other, node);
            }
        }
    }

    /// <summary>Whether a term that <paramref name="owner"/> has speaks of <paramref name="other"/>.</summary>
    public static bool Matches(PodAffinityTerm term, SimulatedPod owner, SimulatedPod other) =>
        term.LooksIn(other.Namespace, owner.Namespace) && term.Matches(other.Labels, owner.Labels);
}
