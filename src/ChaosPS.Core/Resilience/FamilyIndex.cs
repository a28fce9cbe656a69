using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>The families of a snapshot and what they have to do with each other, found once for all losses.</summary>
internal sealed class FamilyIndex
{
    /// <summary>How the descriptions of rules of even spread begin.</summary>
    public const string EvenRule = "even ";

    private readonly Dictionary<(string, string?, string?), Family> _families = [];
    private readonly Dictionary<string, List<(Family Family, ClusterPod Pod)>> _byNode = [];
    private readonly Dictionary<ServiceSpec, List<Family>> _byService = new(ReferenceEqualityComparer.Instance);

    public FamilyIndex(ClusterSnapshot snapshot)
    {
        var workloads = snapshot.Workloads.ToDictionary(static workload => (workload.Namespace, (string?)workload.Kind, (string?)workload.Name));
        var jobs = snapshot.Jobs.ToDictionary(static job => (job.Namespace, job.Name));
        foreach (var pod in snapshot.Pods)
        {
            if (NodeLossStudy.HasEnded(pod)) continue;
            var key = KeyOf(pod);
            if (!_families.TryGetValue(key, out var family))
            {
                _families.Add(key, family = new Family
                {
                    Namespace = pod.Namespace,
                    Kind = key.Kind ?? "",
                    Name = key.Name ?? "",
                    Workload = workloads.GetValueOrDefault(key),
                    Job = key.Kind == "Job" ? jobs.GetValueOrDefault((pod.Namespace, key.Name ?? "")) : null,
                });
            }

            family.Pods.Add(pod);
            if (pod.NodeName is null) Unplaced.Add(pod);
            else Of(pod.NodeName).Add((family, pod));
        }

        FindServices(snapshot);
        FindRules();
        FindClaims(snapshot);
        foreach (var autoscaler in snapshot.Autoscalers)
        {
            if (_families.TryGetValue((autoscaler.Namespace, autoscaler.TargetKind, autoscaler.TargetName), out var family)) family.Autoscaler = autoscaler;
        }

        foreach (var family in _families.Values) family.IsPeculiar |= IsUnusual(family);
    }

    public IReadOnlyCollection<Family> Families => _families.Values;

    /// <summary>Pods that have no node before the loss.</summary>
    public List<ClusterPod> Unplaced { get; } = [];

    /// <summary>The pods of a node, with their families.</summary>
    public IReadOnlyList<(Family Family, ClusterPod Pod)> On(string node) => _byNode.TryGetValue(node, out var pods) ? pods : [];

    /// <summary>The families that a Service selects.</summary>
    public IReadOnlyList<Family> Behind(ServiceSpec service) => _byService.TryGetValue(service, out var families) ? families : [];

    private static (string Namespace, string? Kind, string? Name) KeyOf(ClusterPod pod)
    {
        if (pod.IsMirror) return (pod.Namespace, "Node", pod.Name);
        return pod.OwnerKind is null ? (pod.Namespace, Family.BareKind, pod.Name) : NodeLossStudy.Family(pod);
    }

    private List<(Family, ClusterPod)> Of(string node)
    {
        if (!_byNode.TryGetValue(node, out var pods)) _byNode.Add(node, pods = []);
        return pods;
    }

    private void FindServices(ClusterSnapshot snapshot)
    {
        SelectorIndex<ServiceSpec> services = new(static it => it.Namespace, static it => it.Selector.Requirements.Count > 0 ? it.Selector : null);
        foreach (var service in snapshot.Services) services.Add(service);
        foreach (var family in _families.Values)
        {
            family.Services.AddRange(services.Find(family.Pods));
            foreach (var service in family.Services)
            {
                if (!_byService.TryGetValue(service, out var behind)) _byService.Add(service, behind = []);
                behind.Add(family);
                family.IsPeculiar |= !family.Pods.TrueForAll(pod => service.Selector.Matches(pod.Labels));
            }
        }
    }

    private void FindRules()
    {
        SelectorIndex<HardRule> rules = new(static it => it.Namespace, static it => it.Selector);
        HashSet<string> all = [.. _families.Values.Select(static family => family.Namespace)];
        foreach (var family in _families.Values)
        {
            if (!family.Moves) continue;
            foreach (var (description, namespaces, selector) in RulesOf(family, all))
            {
                List<Family> targets = [];
                family.Rules.Add((description, targets));
                foreach (var name in namespaces) rules.Add(new HardRule(name, selector, family, targets));
            }
        }

        foreach (var target in _families.Values)
        {
            foreach (var rule in rules.Find(target.Pods))
            {
                rule.Targets.Add(target);
                target.IsPeculiar |= !target.Pods.TrueForAll(pod => rule.Selector!.Matches(pod.Labels));
                if (rule.Owner == target) continue;
                rule.Owner.Neighbours.Add(target);
                target.Neighbours.Add(rule.Owner);
            }
        }
    }

    /// <summary>The rules that the scheduler must keep. Preferences decide where a pod goes, but not whether it finds a place.</summary>
    private static IEnumerable<(string Description, IEnumerable<string> Namespaces, LabelSelector? Selector)> RulesOf(Family family, IReadOnlyCollection<string> namespaces)
    {
        foreach (var term in family.Spec.Affinity.RequiredAntiPods)
            yield return ($"apart {term.TopologyKey}", term.NamespacesAmong(namespaces, family.Namespace), term.Selector);
        foreach (var rule in family.Spec.TopologySpread)
        {
            if (!rule.IsRequired) continue;
            var keys = string.Join(' ', rule.MatchLabelKeys);
            yield return ($"{EvenRule}{rule.TopologyKey} {rule.MaxSkew} {rule.MinDomains} {rule.HonorsTaints} {rule.HonorsAffinity} {keys}", [family.Namespace], rule.Selector);
        }
    }

    private void FindClaims(ClusterSnapshot snapshot)
    {
        Dictionary<(string, string), Family> users = [];
        var claims = snapshot.VolumeClaims.ToDictionary(static claim => (claim.Namespace, claim.Name));
        foreach (var family in _families.Values)
        {
            if (family.Pods.TrueForAll(static pod => pod.Spec.Claims.Count == 0)) continue;
            List<VolumeClaim> own = [];
            foreach (var name in family.Pods.SelectMany(static pod => pod.Spec.Claims).Distinct())
            {
                if (!claims.TryGetValue((family.Namespace, name), out var claim)) continue;
                own.Add(claim);
                if (users.TryAdd((family.Namespace, name), family)) continue;
                var other = users[(family.Namespace, name)];
                other.Neighbours.Add(family);
                family.Neighbours.Add(other);
                family.IsPeculiar = other.IsPeculiar = true;
            }

            family.Claims = own;
        }
    }

    /// <summary>Whether pods differ from their template in what rules look at, or are bound to things that only some nodes have.</summary>
    private static bool IsUnusual(Family family)
    {
        var spec = family.Spec;
        return family.Autoscaler is not null || family.Job is not null || spec.Affinity.RequiredPods.Count > 0 || spec.HostPorts.Count > 0 || spec.RunTime is not null ||
            spec.Affinity.RequiredAntiPods.Any(static term => term.MatchLabelKeys.Count + term.MismatchLabelKeys.Count > 0) ||
            family.Workload is { UpdatedReplicas: var updated, CurrentReplicas: var current } && updated < current ||
            Terms(family).Any(static term => term.NodeNames.Count > 0 || term.Requirements.Any(static it => it.Key == NodeRoom.Hostname)) ||
            spec.NodeSelector.ContainsKey(NodeRoom.Hostname) ||
            family.Pods.Exists(pod => pod.Spec.Affinity.RequiredAntiPods.Count != spec.Affinity.RequiredAntiPods.Count);
    }

    /// <summary>The rules about nodes: of the next pod, and of the volumes.</summary>
    public static IEnumerable<NodeAffinityTerm> Terms(Family family) =>
        family.Spec.Affinity.RequiredNodes.Concat(family.Claims.SelectMany(static claim => claim.NodeAffinity));

    private sealed record HardRule(string Namespace, LabelSelector? Selector, Family Owner, List<Family> Targets);
}
