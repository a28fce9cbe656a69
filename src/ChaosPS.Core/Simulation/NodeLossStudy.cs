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
    /// <summary>What all simulations have in common.</summary>
    internal ClusterTemplate Template { get; }
    private readonly Dictionary<string, NodeTemplate> _nodesByName = [];
    private readonly SelectorIndex<ServiceSpec> _services = new(service => service.Namespace, service => service.Selector.Requirements.Count > 0 ? service.Selector : null);
    private readonly SelectorIndex<DisruptionBudget> _budgets = new(budget => budget.Namespace, budget => budget.Selector);
    private readonly ILookup<(string Namespace, string Service), IngressPath> _paths;
    private readonly Dictionary<(string Namespace, string Name), JobSpec> _jobs = [];
    private readonly Dictionary<(string Namespace, string Name), VolumeClaim> _claims = [];
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
        foreach (var job in snapshot.Jobs) _jobs[(job.Namespace, job.Name)] = job;
        foreach (var claim in snapshot.VolumeClaims) _claims[(claim.Namespace, claim.Name)] = claim;
        foreach (var service in snapshot.Services) _services.Add(service);
        foreach (var budget in snapshot.DisruptionBudgets) _budgets.Add(budget);
        _paths = snapshot.IngressPaths.ToLookup(path => (path.Namespace, path.ServiceName));
        Dictionary<string, NodeLoad> loads = [];
        foreach (var pod in snapshot.Pods)
        {
            if (pod.NodeName is not null && !HasEnded(pod)) loads[pod.NodeName] = loads.GetValueOrDefault(pod.NodeName) + NodeLoad.Of(pod.Spec);
            var affinity = pod.Spec.Affinity;
            if (affinity.RequiredPods.Count + affinity.RequiredAntiPods.Count + affinity.PreferredPods.Count + affinity.PreferredAntiPods.Count > 0)
                _podsWithAffinity.Add(pod);
        }

        Template = ClusterTemplate.Of(snapshot, loads);
        foreach (var node in Template.Nodes) _nodesByName[node.Spec.Name] = node;
    }

    /// <summary>A simulation in which these nodes can be lost. Any number of simulations can be made, and each by another thread.</summary>
    /// <param name="nodes">The names of the nodes that are going to be lost.</param>
    /// <param name="options">Seed, times and rates. Consecutive seeds give runs that have nothing to do with each other.</param>
    public ClusterSimulation Begin(IReadOnlyCollection<string> nodes, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(options);
        return Begin(nodes.Append("").SelectMany(name => _podsByNode[name]), options, []);
    }

    /// <summary>A simulation in which something can happen to some pods and their workloads, on these nodes or on more.</summary>
    /// <param name="pods">The pods.</param>
    /// <param name="changed">Workloads that may have no pods yet.</param>
    /// <param name="options">Seed, times and rates.</param>
    internal ClusterSimulation Begin(IEnumerable<ClusterPod> pods, IEnumerable<Workload> changed, SimulationOptions options) =>
        Begin(pods.Concat(_podsByNode[""]), options, changed);

    private ClusterSimulation Begin(IEnumerable<ClusterPod> seeds, SimulationOptions options, IEnumerable<Workload> changed)
    {
        HashSet<ClusterPod> living = new(ReferenceEqualityComparer.Instance);
        HashSet<(string, string?, string?)> families = [];
        foreach (var pod in seeds) AddFamily(pod, living, families);

        // Rules reach from pods that move to pods that stay, and the other way round. Who comes in brings its family: a workload must not miss any.
        var moving = living.ToArray();
        AddNeighbours(moving, living, families);
        var services = _services.Find(moving);
        foreach (var service in services) AddMatches(service.Namespace, service.Selector, living, families);
        var budgets = _budgets.Find(moving);
        foreach (var budget in budgets) AddMatches(budget.Namespace, budget.Selector, living, families);

        List<Workload> workloads = [.. changed.Where(it => !families.Contains((it.Namespace, it.Kind, it.Name)))];
        List<JobSpec> jobs = [];
        foreach (var (@namespace, kind, owner) in families)
        {
            if (kind is null or "DaemonSet" || owner is null) continue;
            if (_workloads.TryGetValue((@namespace, kind, owner), out var workload)) workloads.Add(workload);
            else if (kind == "Job" && _jobs.TryGetValue((@namespace, owner), out var job)) jobs.Add(job);
        }

        var reduced = _snapshot with
        {
            Pods = [.. living],
            Workloads = workloads,
            Jobs = jobs,
            VolumeClaims = [.. living.SelectMany(pod => pod.Spec.Claims.Select(claim => (pod.Namespace, claim))).Distinct()
                .Where(_claims.ContainsKey).Select(key => _claims[key])],
            Autoscalers = [.. _snapshot.Autoscalers.Where(it => families.Contains((it.Namespace, it.TargetKind, it.TargetName)))],
            Services = services,
            DisruptionBudgets = budgets,
            IngressPaths = [.. services.SelectMany(service => _paths[(service.Namespace, service.Name)])],
        };
        return new ClusterSimulation(reduced, options with { Seed = Mix(options.Seed) }, Template, Loads(living));
    }

    /// <summary>Generators of neighbouring seeds begin alike (<see cref="Random"/> is linear in its seed); an interval over such runs would be too narrow.</summary>
    /// <remarks>The finaliser of MurmurHash3.</remarks>
    internal static int Mix(int seed)
    {
        var mixed = (uint)seed;
        mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35;
        return (int)(mixed ^ (mixed >> 16));
    }

    /// <summary>What belongs together: for a Deployment the pods of all its replica sets.</summary>
    internal static (string Namespace, string? Kind, string? Owner) Family(ClusterPod pod)
    {
        var hashed = pod is { OwnerKind: "ReplicaSet", OwnerName: { } name } && pod.Labels.TryGetValue("pod-template-hash", out var hash) &&
            name.EndsWith($"-{hash}", StringComparison.Ordinal)
                ? name[..^(hash.Length + 1)]
                : null;
        return hashed is null ? (pod.Namespace, pod.OwnerKind, pod.OwnerName) : (pod.Namespace, "Deployment", hashed);
    }

    internal static bool HasEnded(ClusterPod pod) => pod.Phase is "Succeeded" or "Failed";

    private void AddFamily(ClusterPod pod, HashSet<ClusterPod> living, HashSet<(string, string?, string?)> families)
    {
        living.Add(pod);
        var family = Family(pod);
        if (family.Kind is null or "DaemonSet" || !families.Add(family)) return;
        foreach (var member in _podsByOwner[family]) living.Add(member);
    }

    private void AddNeighbours(ClusterPod[] moving, HashSet<ClusterPod> living, HashSet<(string, string?, string?)> families)
    {
        HashSet<PodSpec> seen = new(ReferenceEqualityComparer.Instance);
        HashSet<(string, string?, string?)> looked = [];
        foreach (var pod in moving)
        {
            if (pod.OwnerKind == "DaemonSet" || (pod.OwnerKind is not null && !looked.Add(Family(pod)))) continue;
            foreach (var other in _podsWithAffinity)
            {
                if (SpeaksOf(other, pod)) AddFamily(other, living, families);
            }

            if (!seen.Add(pod.Spec)) continue;
            var affinity = pod.Spec.Affinity;
            foreach (var term in affinity.RequiredPods.Concat(affinity.RequiredAntiPods).Concat(affinity.PreferredPods).Concat(affinity.PreferredAntiPods))
            {
                foreach (var name in term.NamespacesAmong(_podsByNamespace.Select(static pods => pods.Key), pod.Namespace)) AddMatches(name, term.Selector, living, families);
            }

            foreach (var rule in pod.Spec.TopologySpread) AddMatches(pod.Namespace, rule.Selector, living, families);
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
                // The next pod of the family has other labels, such as the hash of its template, so they do not matter.
                if (term.LooksIn(pod.Namespace, other.Namespace) && term.Selector is { } selector && selector.Matches(pod.Labels)) return true;
            }

            return false;
        }
    }

    private void AddMatches(string @namespace, LabelSelector? selector, HashSet<ClusterPod> living, HashSet<(string, string?, string?)> families)
    {
        if (selector is null) return;
        foreach (var pod in _podsByNamespace[@namespace])
        {
            if (selector.Matches(pod.Labels)) AddFamily(pod, living, families);
        }
    }

    /// <summary>What the pods that are left out take, on the nodes where others are not.</summary>
    private Dictionary<string, NodeLoad> Loads(HashSet<ClusterPod> living)
    {
        Dictionary<string, NodeLoad> loads = [];
        foreach (var pod in living)
        {
            if (pod.NodeName is null || HasEnded(pod) || !_nodesByName.TryGetValue(pod.NodeName, out var node)) continue;
            loads[pod.NodeName] = (loads.TryGetValue(pod.NodeName, out var load) ? load : node.Load) - NodeLoad.Of(pod.Spec);
        }

        return loads;
    }
}
