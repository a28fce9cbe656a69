using System.Globalization;
using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>A part of a loss with only the nodes that make a difference to it, and a signature that all parts have that go the same way.</summary>
/// <remarks>
/// What is left out is certain to change nothing that is predicted: nodes beyond those that the part's pods are on, that are lost, or that can be chosen; and pods
/// of other parts, since <see cref="NodeRoom"/> knows that there is room for all of them together. Where that is not certain there is no reduced loss.
/// </remarks>
internal sealed class ReducedLoss
{
    /// <summary>So many lost nodes are all simulated.</summary>
    private const int FewNodes = 2;

    private readonly LossPart _part;
    private readonly NodeLoss _loss;
    private readonly NodeTemplate[] _nodes;
    private readonly IReadOnlyList<ClusterPod> _entries;

    private ReducedLoss(LossPart part, NodeLoss loss, Family[] families, ServiceSpec[] services, IngressPath[] paths, NodeTemplate[] nodes, IReadOnlyList<ClusterPod> entries, string signature)
    {
        _part = part;
        _loss = loss;
        _nodes = nodes;
        _entries = entries;
        Families = families;
        Services = services;
        Paths = paths;
        Signature = signature;
    }

    /// <summary>The moving families, in an order that parts of one signature share.</summary>
    public IReadOnlyList<Family> Families { get; }

    /// <summary>The Services, in such an order.</summary>
    public IReadOnlyList<ServiceSpec> Services { get; }

    /// <summary>The paths to these, in such an order.</summary>
    public IReadOnlyList<IngressPath> Paths { get; }

    /// <summary>The same for parts that differ in names only.</summary>
    public string Signature { get; }

    public IReadOnlyList<string> LostNodes => _loss.Nodes;

    /// <summary>Reduces a part; null when what happens to it may depend on what happens to others, or on more than a signature says.</summary>
    public static ReducedLoss? Of(LossPart part, LossScene scene, PredictionStudy study)
    {
        HashSet<string> keys = new(StringComparer.Ordinal), taken = new(StringComparer.Ordinal);
        foreach (var family in part.Families)
        {
            if (family.IsPeculiar) return null;
            foreach (var pod in family.Pods)
            {
                if (pod is not { NodeName: { } name, Terminating: false, Phase: "Running" } || study.Room.Find(name) is not { } node || !NodeRoom.IsWell(node.Spec)) return null;
                taken.Add(name);
            }

            if (family.Moves) AddKeys(family, keys);
        }

        keys.Remove(NodeRoom.Hostname);
        string[] sorted = [.. keys.Order(StringComparer.Ordinal)];
        HashSet<NodeTemplate> spares = new(ReferenceEqualityComparer.Instance);
        var pods = part.Moving.Sum(family => scene.LostPods[family]);
        foreach (var family in part.Moving)
        {
            if (!family.IsBare && !study.Room.TryFindSpares(family, sorted, pods, scene.Displaced, scene.Slot, scene.Lost, taken, spares)) return null;
        }

        // Of many nodes that are lost at once those that the part has no pods on only wait for the same taints.
        IEnumerable<NodeTemplate> lost = scene.Nodes.Count <= FewNodes
            ? scene.Nodes
            : taken.Union(scene.Entries.Select(static pod => pod.NodeName!)).Where(scene.Lost.Contains).OrderBy(scene.PlaceOf).Select(name => study.Room.Find(name)!);
        return new Signer(part, scene, study, sorted).Sign(
            [.. lost, .. taken.Where(name => !scene.Lost.Contains(name)).Select(name => study.Room.Find(name)!), .. study.Room.Unwell.Where(node => !scene.Lost.Contains(node.Spec.Name)), .. spares]);
    }

    /// <summary>A simulation of it. Any number can be made, and each by another thread.</summary>
    public ClusterSimulation Begin(PredictionStudy study, int seed)
    {
        HashSet<ClusterPod> pods = new(_part.Families.SelectMany(static family => family.Pods), ReferenceEqualityComparer.Instance);
        pods.UnionWith(_entries);
        Dictionary<string, NodeLoad> own = [];
        foreach (var pod in pods) own[pod.NodeName!] = own.GetValueOrDefault(pod.NodeName!) + NodeLoad.Of(pod.Spec);
        Dictionary<string, int> others = new(study.NodesByZone);
        foreach (var node in _nodes) others[node.ZoneKey]--;
        var simulated = _nodes.Select(static node => node.Spec.Name).ToHashSet();
        var template = new ClusterTemplate(
            [.. _nodes.Select(node => own.TryGetValue(node.Spec.Name, out var load) ? node with { Load = node.Load - load } : node)], study.Networks, new Dictionary<string, int>())
        {
            OthersByZone = others,
            OthersLostByZone = _loss.Nodes.Where(name => !simulated.Contains(name)).CountBy(name => study.Room.Find(name)!.ZoneKey).ToDictionary(),
        };
        var snapshot = study.Snapshot with
        {
            Pods = [.. pods],
            Workloads = [.. _part.Families.Where(static family => family.Kind != "DaemonSet").Select(static family => family.Workload).OfType<Workload>()],
            Jobs = [],
            VolumeClaims = [.. _part.Families.SelectMany(static family => family.Claims).Distinct()],
            Autoscalers = [],
            Services = Services,
            DisruptionBudgets = [],
            IngressPaths = Paths,
        };
        return new ClusterSimulation(snapshot, study.Options.Simulation with { Seed = NodeLossStudy.Mix(seed) }, template, loads: null);
    }

    private static void AddKeys(Family family, HashSet<string> keys)
    {
        keys.UnionWith(family.Spec.NodeSelector.Keys);
        foreach (var term in FamilyIndex.Terms(family)) keys.UnionWith(term.Requirements.Select(static it => it.Key));
        keys.UnionWith(family.Spec.Affinity.RequiredAntiPods.Select(static term => term.TopologyKey));
        keys.UnionWith(family.Spec.TopologySpread.Where(static rule => rule.IsRequired).Select(static rule => rule.TopologyKey));
    }

    /// <summary>Writes a part down without names: two parts with one text are the same but for their names.</summary>
    private sealed class Signer(LossPart part, LossScene scene, PredictionStudy study, string[] keys)
    {
        private readonly StringBuilder _text = new();
        private readonly Dictionary<Family, int> _numbers = [];

        public ReducedLoss Sign(NodeTemplate[] nodes)
        {
            var hasRules = part.Families.Any(static family => family.Rules.Count > 0);
            Family[] families = [.. part.Families.OrderBy(Describe, StringComparer.Ordinal)];
            foreach (var family in families) _numbers.Add(family, _numbers.Count);
            foreach (var family in families)
            {
                _text.Append(Describe(family));
                foreach (var (rule, targets) in family.Rules) _text.Append(" [").Append(rule).Append(':').AppendJoin(',', Numbers(targets)).Append(']');
                _text.Append('\n');
            }

            ServiceSpec[] services = [.. part.Services.OrderBy(DescribeService, StringComparer.Ordinal)];
            foreach (var service in services) _text.Append(DescribeService(service)).Append('\n');
            IngressPath[] paths = [.. services.SelectMany(study.PathsTo)];
            IReadOnlyList<ClusterPod> entries = paths.Length == 0 ? [] : scene.Entries;
            if (paths.Length > 0) _text.Append(CultureInfo.InvariantCulture, $"entries {study.EntryNodes.Count}\n");
            _text.Append(scene.ZoneText).Append('\n');
            AppendPods(nodes, hasRules, entries);
            return new ReducedLoss(
                part, scene.Loss, [.. families.Where(family => part.Moving.Contains(family))], services, paths, [.. nodes.Distinct()], entries, _text.ToString());
        }

        private string Describe(Family family) => $"{family.Description},{scene.LostPods.GetValueOrDefault(family)}";

        private IEnumerable<int> Numbers(IEnumerable<Family> families) => families.Select(family => _numbers.TryGetValue(family, out var number) ? number : -1).Order();

        private string DescribeService(ServiceSpec service) => $"service {string.Join(',', Numbers(study.Families.Behind(service)))} {study.PathsTo(service).Count}";

        /// <summary>Which pods are where. Without rules about other pods it makes no difference which of those that stay are together.</summary>
        private void AppendPods(NodeTemplate[] nodes, bool hasRules, IReadOnlyList<ClusterPod> entries)
        {
            Dictionary<string, List<string>> byNode = [];
            foreach (var family in part.Families)
            {
                foreach (var pod in family.Pods)
                {
                    var node = hasRules || scene.Lost.Contains(pod.NodeName!) ? pod.NodeName! : "";
                    Add(node, string.Create(CultureInfo.InvariantCulture, $"{_numbers[family]}{(pod.Ready ? '+' : '-')}{(pod.PodIP is null ? "?" : "")}"));
                }
            }

            foreach (var pod in entries) Add(pod.NodeName!, "entry");
            List<string> lines = [];
            foreach (var (name, pods) in byNode)
            {
                pods.Sort(StringComparer.Ordinal);
                var node = name.Length == 0 ? null : study.Room.Find(name)!;
                var mark = node is null ? "" : $"{(scene.Lost.Contains(name) ? scene.ZoneNumber(node) : "")}|{NodeRoom.SortOf(node.Spec, keys)}|{node.Spec.Unschedulable}{string.Join(',', node.Spec.Taints)}";
                lines.Add($"{mark}|{string.Join(' ', pods)}");
            }

            lines.Sort(StringComparer.Ordinal);
            _text.AppendJoin('\n', lines);

            void Add(string node, string pod)
            {
                if (!byNode.TryGetValue(node, out var pods)) byNode.Add(node, pods = []);
                pods.Add(pod);
            }
        }
    }
}
