namespace ChaosPS.Clusters;

/// <summary>Pods that serve, of one namespace and with the same labels: those of one workload, as a rule. Of the largest clusters every byte a pod counts.</summary>
public sealed class ServingPods
{
    private readonly List<string> _nodeNames = [];

    /// <summary>Makes a group of one pod.</summary>
    internal ServingPods(PodPlacement pod)
    {
        (Namespace, Labels) = (pod.Namespace, pod.Labels);
        _nodeNames.Add(pod.NodeName);
    }

    /// <summary>The namespace of the pods.</summary>
    public string Namespace { get; }

    /// <summary>The labels of each of them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The nodes that they are on, one for each pod.</summary>
    public IReadOnlyList<string> NodeNames => _nodeNames;

    /// <summary>Adds a pod to the last group, or to a new one when it is no such pod: in a list the pods of a workload come one after the other, and share their labels.</summary>
    internal static void Add(PodPlacement pod, List<ServingPods> groups)
    {
        if (groups is [.., var last] && ReferenceEquals(pod.Labels, last.Labels) && pod.Namespace == last.Namespace) last._nodeNames.Add(pod.NodeName);
        else groups.Add(new ServingPods(pod));
    }
}
