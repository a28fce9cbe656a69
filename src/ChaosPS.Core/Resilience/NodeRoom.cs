using System.Collections.Concurrent;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Which nodes have room for how much, so that a loss need not be simulated with all nodes to know that its pods find places.</summary>
/// <remarks>
/// A slot is room for the largest of the pods that need places. Placing any of them takes one slot at most, wherever it goes: as long as there are more slots
/// than pods, no order of placing them leaves one without.
/// </remarks>
internal sealed class NodeRoom
{
    public const string Hostname = "kubernetes.io/hostname";

    /// <summary>No node counts for more slots than this, or than a share of the pods: so room on many nodes is known from their number.</summary>
    private const int FewSlots = 8;

    private const int ManySlots = 110;

    private readonly NodeTemplate[] _nodes;
    private readonly Dictionary<string, int> _byName = [];
    private readonly SimulationOptions _options;
    private readonly ConcurrentDictionary<string, Sort[]> _sorts = new(StringComparer.Ordinal);

    public NodeRoom(IReadOnlyList<NodeTemplate> nodes, SimulationOptions options)
    {
        _nodes = [.. nodes];
        _options = options;
        for (var index = 0; index < _nodes.Length; index++) _byName[_nodes[index].Spec.Name] = index;
        Unwell = [.. _nodes.Where(static node => !IsWell(node.Spec))];
    }

    /// <summary>Nodes that are not well before the loss.</summary>
    public IReadOnlyList<NodeTemplate> Unwell { get; }

    public NodeTemplate? Find(string name) => _byName.TryGetValue(name, out var index) ? _nodes[index] : null;

    public static bool IsWell(ClusterNode node) => node.Ready && node.PowerState is PowerState.Running or PowerState.Unknown;

    /// <summary>
    /// One node more than <paramref name="pods"/>, with a slot each, of each sort of nodes that the rules of the family tell apart.
    /// </summary>
    /// <param name="family">Whose pods need places.</param>
    /// <param name="keys">The node labels that rules speak of.</param>
    /// <param name="pods">How many of its pods, and of those that keep away from them, need places.</param>
    /// <param name="all">How many pods need places at all.</param>
    /// <param name="slot">The largest of these.</param>
    /// <param name="lost">Nodes that are not there.</param>
    /// <param name="taken">Nodes that do not count because other pods of the rules are there.</param>
    /// <param name="spares">Gets the nodes.</param>
    /// <returns>False when it is not certain that there is room in every sort of nodes that remains, whatever else needs places.</returns>
    public bool TryFindSpares(
        Family family, IReadOnlyCollection<string> keys, int pods, int all, ResourceQuantities slot, HashSet<string> lost, HashSet<string> taken,
        HashSet<NodeTemplate> spares)
    {
        var most = Math.Clamp(all / 16, FewSlots, ManySlots);
        var needed = all + ((pods - 1) * most) + 1;
        foreach (var sort in SortsFor(family, keys))
        {
            if (sort.Admitting.Length == 0)
            {
                // They are domains of a rule of even spread, and empty ones.
                if (family.Rules.Exists(static rule => rule.Rule.StartsWith(FamilyIndex.EvenRule, StringComparison.Ordinal))) return false;
                continue;
            }

            var (slots, nodes, remain) = (0, 0, false);
            foreach (var index in sort.Admitting)
            {
                var node = _nodes[index];
                if (lost.Contains(node.Spec.Name)) continue;
                remain = true;
                if (taken.Contains(node.Spec.Name) || SlotsOf(node, slot, most) is not (> 0 and var free)) continue;
                slots += free;
                if (nodes++ <= pods) spares.Add(node);
                if (slots >= needed && nodes > pods) break;
            }

            if (remain && (slots < needed || nodes <= pods)) return false;
        }

        return true;
    }

    /// <summary>The labels that rules speak of, of one node.</summary>
    public static string SortOf(ClusterNode node, IEnumerable<string> keys) => string.Join(',', keys.Select(key => node.Labels.GetValueOrDefault(key)));

    private static int SlotsOf(NodeTemplate node, ResourceQuantities slot, int most)
    {
        long slots = Math.Min(most, node.Spec.MaxPods - node.Load.Pods);
        if (slot.MilliCpu > 0) slots = Math.Min(slots, (node.Spec.Allocatable.MilliCpu - node.Load.Requested.MilliCpu) / slot.MilliCpu);
        if (slot.MemoryBytes > 0) slots = Math.Min(slots, (node.Spec.Allocatable.MemoryBytes - node.Load.Requested.MemoryBytes) / slot.MemoryBytes);
        return (int)slots;
    }

    /// <summary>The sorts of nodes that rules tell apart, of those that the family's node selector and affinity leave to it.</summary>
    private Sort[] SortsFor(Family family, IReadOnlyCollection<string> keys)
    {
        var spec = family.Spec;
        var terms = string.Join('|', FamilyIndex.Terms(family).Select(static term => string.Join('&', term.Requirements)));
        var selector = spec.NodeSelector.Count == 0 ? "" : string.Join(',', spec.NodeSelector.OrderBy(static it => it.Key, StringComparer.Ordinal));
        var key = $"{string.Join(',', keys)};{selector};{terms};{string.Join(',', spec.Tolerations)}";
        return _sorts.GetOrAdd(key, _ =>
        {
            var tolerations = Admission.Tolerations(spec, family.Kind, _options);
            return
            [
                .. Enumerable.Range(0, _nodes.Length).Where(index => Placement.MatchesNodeAffinity(spec, _nodes[index].Spec)).GroupBy(index => SortOf(_nodes[index].Spec, keys))
                    .Select(sort => new Sort([.. sort.Where(index => Admits(_nodes[index].Spec, family, tolerations))])),
            ];
        });
    }

    private static bool Admits(ClusterNode node, Family family, IReadOnlyList<Toleration> tolerations)
    {
        if (!IsWell(node) || node.Unschedulable) return false;
        foreach (var taint in node.Taints)
        {
            if (taint.Effect != TaintEffect.PreferNoSchedule && !Placement.Tolerates(tolerations, taint)) return false;
        }

        // Each pod of a StatefulSet has volumes of its own; where there is room for all of them, there is for each.
        return family.Claims.Count == 0 || family.Claims.Any(claim => claim.NodeAffinity.Count == 0 || claim.NodeAffinity.Any(term => Placement.Matches(term, node)));
    }

    /// <summary>Nodes that rules do not tell apart.</summary>
    /// <param name="Admitting">Those that take the pod, by their indices: well, not cordoned, and without taints and volumes in the way.</param>
    private sealed record Sort(int[] Admitting);
}
