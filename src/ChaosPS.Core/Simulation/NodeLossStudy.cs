using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>Many simulations of node losses over one snapshot, which none of them changes.</summary>
/// <remarks>
/// A simulation of a large cluster spends nearly all its memory on pods that nothing happens to. Here it makes anew only those that a loss of
/// its nodes can touch: the pods of the nodes, the other pods of their workloads, and whatever shares a Service, a disruption budget or a
/// placement rule with them. All other pods are weight on their nodes. What that leaves out: they cannot be pushed out by more important ones,
/// and DaemonSets make no new pods.
/// </remarks>
public sealed class NodeLossStudy
{
    private readonly ClusterSnapshot _snapshot;
    private readonly ILookup<string, ClusterPod> _podsByNode;
    private readonly ILookup<string, ClusterPod> _podsByNamespace;
    private readonly ILookup<(string Namespace, string? Kind, string? Owner), ClusterPod> _podsByOwner;
    private readonly Dictionary<(string Namespace, string Kind, string Name), Workload> _workloads = [];
    private readonly Dictionary<string, NodeLoad> _loads = [];
    private readonly List<ClusterPod> _podsWithAffinity = [];

    /// <summary>Reads a snapshot once for all simulations.</summary>
    public NodeLossStudy(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshot = snapshot;
        _podsByNode = snapshot.Pods.ToLookup(pod => pod.NodeName ?? "");
        _podsByNamespace = snapshot.Pods.ToLookup(pod => pod.Namespace);
        _podsByOwner = snapshot.Pods.ToLookup(Family);
        foreach (var workload in snapshot.Workloads) _workloads[(workload.Namespace, workload.Kind, workload.Name)] = workload;
        foreach (var pod in snapshot.Pods)
        {
            if (pod.NodeName is not null && !HasEnded(pod)) _loads[pod.NodeName] = _loads.GetValueOrDefault(pod.NodeName) + NodeLoad.Of(pod.Spec);
            var affinity = pod.Spec.Affinity;
            if (affinity.RequiredPods.Count + affinity.RequiredAntiPods.Count + affinity.PreferredPods.Count + affinity.PreferredAntiPods.Count > 0)
                _podsWithAffinity.Add(pod);
        }
    }

    /// <summary>A simulation in which these nodes can be lost. Any number of simulations can be made, and each by another thread.</summary>
    /// <param name="nodes">The names of the nodes that are going to be lost.</param>
    /// <param name="options">Seed, times and rates. Consecutive seeds give runs that have nothing to do with each other.</param>
    public ClusterSimulation Begin(IReadOnlyCollection<string> nodes, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(options);
        HashSet<ClusterPod> living = new(ReferenceEqualityComparer.Instance);
        HashSet<(string, string?, string?)> families = [];
        foreach (var name in nodes.Append(""))
        {
            foreach (var pod in _podsByNode[name]) AddFamily(pod, living, families);
        }

        // Rules reach from pods that move to pods that stay, and the other way round.
        var moving = living.ToArray();
        AddNeighbours(moving, living);
        var services = AddSelected(moving, living, _snapshot.Services, service => service.Namespace, service => service.Selector);
        var budgets = AddSelected(moving, living, _snapshot.DisruptionBudgets, budget => budget.Namespace, budget => budget.Selector);

        List<Workload> workloads = [];
        foreach (var (key, workload) in _workloads)
        {
            if (workload.Kind != "DaemonSet" && families.Contains(key)) workloads.Add(workload);
        }

        var reduced = _snapshot with
        {
            Pods = [.. living],
            Workloads = workloads,
            Jobs = [.. _snapshot.Jobs.Where(job => families.Contains((job.Namespace, "Job", job.Name)))],
            Services = services,
            DisruptionBudgets = budgets,
            IngressPaths = [.. _snapshot.IngressPaths.Where(path => services.Exists(service => service.Namespace == path.Namespace && service.Name == path.ServiceName))],
        };
        return new ClusterSimulation(reduced, options with { Seed = Mix(options.Seed) }, Background(living));
    }

    /// <summary>Generators of neighbouring seeds begin alike (<see cref="Random"/> is linear in its seed); an interval over such runs would be too narrow.</summary>
    /// <remarks>The finaliser of MurmurHash3.</remarks>
    private static int Mix(int seed)
    {
        var mixed = (uint)seed;
        mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35;
        return (int)(mixed ^ (mixed >> 16));
    }

    /// <summary>What belongs together: for a Deployment the pods of all its replica sets.</summary>
    private static (string Namespace, string? Kind, string? Owner) Family(ClusterPod pod)
    {
        var hashed = pod is { OwnerKind: "ReplicaSet", OwnerName: { } name } && pod.Labels.TryGetValue("pod-template-hash", out var hash) &&
            name.EndsWith($"-{hash}", StringComparison.Ordinal)
                ? name[..^(hash.Length + 1)]
                : null;
        return hashed is null ? (pod.Namespace, pod.OwnerKind, pod.OwnerName) : (pod.Namespace, "Deployment", hashed);
    }

    private static bool HasEnded(ClusterPod pod) => pod.Phase is "Succeeded" or "Failed";

    private void AddFamily(ClusterPod pod, HashSet<ClusterPod> living, HashSet<(string, string?, string?)> families)
    {
        living.Add(pod);
        var family = Family(pod);
        if (family.Kind is null or "DaemonSet" || !families.Add(family)) return;
        foreach (var member in _podsByOwner[family]) living.Add(member);
    }

    private void AddNeighbours(ClusterPod[] moving, HashSet<ClusterPod> living)
    {
        HashSet<PodSpec> seen = new(ReferenceEqualityComparer.Instance);
        HashSet<(string, string?, string?)> families = [];
        foreach (var pod in moving)
        {
            if (pod.OwnerKind == "DaemonSet" || (pod.OwnerKind is not null && !families.Add(Family(pod)))) continue;
            foreach (var other in _podsWithAffinity)
            {
                if (SpeaksOf(other, pod)) living.Add(other);
            }

            if (!seen.Add(pod.Spec)) continue;
            var affinity = pod.Spec.Affinity;
            foreach (var term in affinity.RequiredPods.Concat(affinity.RequiredAntiPods).Concat(affinity.PreferredPods).Concat(affinity.PreferredAntiPods))
            {
                IReadOnlyList<string> namespaces = term.Namespaces.Count == 0 ? [pod.Namespace] : term.Namespaces;
                foreach (var name in namespaces) AddMatches(name, term.Selector, living);
            }

            foreach (var rule in pod.Spec.TopologySpread) AddMatches(pod.Namespace, rule.Selector, living);
        }
    }

    private static bool SpeaksOf(ClusterPod other, ClusterPod pod)
    {
        var affinity = other.Spec.Affinity;
        return Any(affinity.RequiredPods) || Any(affinity.RequiredAntiPods) || Any(affinity.PreferredPods) || Any(affinity.PreferredAntiPods);

        bool Any(IReadOnlyList<PodAffinityTerm> terms)
        {
            foreach (var term in terms)
            {
                var inNamespace = term.Namespaces.Count == 0 ? pod.Namespace == other.Namespace : term.Namespaces.Contains(pod.Namespace);
                if (inNamespace && term.Selector is { } selector && selector.Matches(pod.Labels)) return true;
            }

            return false;
        }
    }

    private void AddMatches(string @namespace, LabelSelector? selector, HashSet<ClusterPod> living)
    {
        if (selector is null) return;
        foreach (var pod in _podsByNamespace[@namespace])
        {
            if (selector.Matches(pod.Labels)) living.Add(pod);
        }
    }

    /// <summary>The Services or budgets that select one of the pods, with all others that they select.</summary>
    private List<T> AddSelected<T>(
        ClusterPod[] moving, HashSet<ClusterPod> living, IReadOnlyList<T> all, Func<T, string> namespaceOf, Func<T, LabelSelector?> selectorOf)
    {
        var byNamespace = moving.ToLookup(pod => pod.Namespace);
        List<T> selected = [];
        foreach (var candidate in all)
        {
            if (selectorOf(candidate) is not { } selector) continue;
            var selects = false;
            foreach (var pod in byNamespace[namespaceOf(candidate)])
            {
                if (!selector.Matches(pod.Labels)) continue;
                selects = true;
                break;
            }

            if (!selects) continue;
            selected.Add(candidate);
            AddMatches(namespaceOf(candidate), selector, living);
        }

        return selected;
    }

    private Dictionary<string, NodeLoad> Background(HashSet<ClusterPod> living)
    {
        Dictionary<string, NodeLoad> background = new(_loads);
        foreach (var pod in living)
        {
            if (pod.NodeName is not null && !HasEnded(pod)) background[pod.NodeName] -= NodeLoad.Of(pod.Spec);
        }

        return background;
    }
}
