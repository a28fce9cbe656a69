using ChaosPS.Clusters;
using ChaosPS.Simulation;
using ChaosPS.Simulation.Scheduling;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>
/// Scores whose values are published: in the scheduler's own tests (least and balanced allocation, taints), and in the formulas of its
/// documentation (https://kubernetes.io/docs/reference/scheduling/config/, scheduling/framework).
/// </summary>
public sealed class ScoreTests
{
    private const string Hostname = "kubernetes.io/hostname";
    private const string Zone = "topology.kubernetes.io/zone";

    private static readonly ClusterIdentity s_identity = new("test", "https://test.invalid", "test");
    private static readonly LabelSelector s_foo = LabelSelector.FromLabels([new("foo", "")]);

    private readonly ClusterState _state = new(new EventQueue(TestCluster.Start), new SimulationOptions());

    private SimulatedNode AddNode(string name, string? zone = null, long cpu = 4000, long memory = 10000, params Taint[] taints)
    {
        Dictionary<string, string> labels = new() { [Hostname] = name };
        if (zone is not null) labels[Zone] = zone;
        var spec = new ClusterNode
        {
            Name = name,
            Cluster = s_identity,
            Ready = true,
            Labels = labels,
            Taints = taints,
            Allocatable = new ResourceQuantities(cpu, memory),
            MaxPods = 110,
        };
        var node = new SimulatedNode(spec, name);
        _state.Add(node);
        return node;
    }

    private SimulatedPod AddPods(SimulatedNode node, int count, PodSpec? spec = null)
    {
        SimulatedPod? pod = null;
        for (var i = 0; i < count; i++)
        {
            pod = MakePod(spec ?? Spec(0, 0), $"p{_state.PodCount}");
            pod.NodeName = node.Name;
            _state.Add(pod);
        }

        return pod!;
    }

    private static SimulatedPod MakePod(PodSpec spec, string name = "new", string label = "foo") =>
        new("default", name, name, TestCluster.Start, spec) { Labels = new Dictionary<string, string> { [label] = "" }, Tolerations = spec.Tolerations };

    private static PodSpec Spec(long cpu, long memory) =>
        new() { Containers = [new ContainerSpec("c", "i", new ResourceQuantities(cpu, memory), HasReadinessProbe: false)] };

    private static PodSpec Spread(params TopologySpread[] rules) => Spec(0, 0) with { TopologySpread = rules };

    private long[] Score(SimulatedPod pod, Func<SchedulingCycle, INodeScore> make, params SimulatedNode[] nodes)
    {
        var scores = new long[nodes.Length];
        make(new SchedulingCycle(_state, pod)).Score(nodes, scores);
        return scores;
    }

    private string[] Feasible(SimulatedPod pod)
    {
        var filters = NodeFilters.Make(new SchedulingCycle(_state, pod));
        return [.. _state.Nodes.Where(node => filters.All(filter => filter.Check(node) is null)).Select(node => node.Name)];
    }

    [Fact]
    public void Least_allocated_of_two_nodes_of_different_size()
    {
        SimulatedNode[] nodes = [AddNode("a", cpu: 4000, memory: 10000), AddNode("b", cpu: 6000, memory: 10000)];
        Assert.Equal([37, 50], Score(MakePod(Spec(3000, 5000)), cycle => new LeastAllocatedScore(cycle), nodes));
    }

    [Fact]
    public void Least_allocated_counts_what_is_there_and_gives_nothing_for_too_little_room()
    {
        SimulatedNode[] nodes = [AddNode("a", cpu: 10000, memory: 20000), AddNode("b", cpu: 10000, memory: 20000), AddNode("c", cpu: 1000, memory: 20000)];
        AddPods(nodes[0], 1, Spec(3000, 5000));
        Assert.Equal([45, 72, 37], Score(MakePod(Spec(3000, 5000)), cycle => new LeastAllocatedScore(cycle), nodes));
    }

    [Fact]
    public void Balanced_allocation_of_two_nodes_of_different_size()
    {
        SimulatedNode[] nodes = [AddNode("a", cpu: 4000, memory: 10000), AddNode("b", cpu: 6000, memory: 10000)];
        Assert.Equal([87, 100], Score(MakePod(Spec(3000, 5000)), cycle => new BalancedAllocationScore(cycle), nodes));
        Assert.Equal([0, 0], Score(MakePod(Spec(0, 0)), cycle => new BalancedAllocationScore(cycle), nodes));
    }

    [Fact]
    public void Balanced_allocation_of_1_36_counts_what_the_pod_changes()
    {
        var state = new ClusterState(new EventQueue(TestCluster.Start), new SimulationOptions { KubernetesMinor = 36 });
        SimulatedNode[] nodes = [AddNode("a", cpu: 4000, memory: 10000), AddNode("b", cpu: 6000, memory: 10000)];
        var scores = new long[2];

        // Without the pod both are empty and balanced, 100; with it 87 and 100: 50 + (50 + 87 - 100) / 2 and 50 + 50 / 2.
        new BalancedAllocationScore(new SchedulingCycle(state, MakePod(Spec(3000, 5000)))).Score(nodes, scores);
        Assert.Equal([68, 75], scores);
    }

    /// <summary>By the plugin's formula: sizes weighted with the share of nodes that have the image, between 23 MiB and 1000 MiB a container.</summary>
    [Fact]
    public void Image_locality_of_two_nodes_of_which_one_has_the_larger_image()
    {
        const long MiB = 1L << 20;
        var state = new ClusterState(new EventQueue(TestCluster.Start), new SimulationOptions())
        {
            ImageSpread = new Dictionary<string, int> { ["demo/40:latest"] = 1, ["demo/250:latest"] = 1, ["demo/300:latest"] = 1 },
        };
        SimulatedNode[] nodes =
        [
            Add("a", ("demo/40:latest", 40 * MiB), ("demo/300:latest", 300 * MiB)),
            Add("b", ("demo/250:latest", 250 * MiB)),
        ];

        // Two containers. On a (40 + 300) / 2 MiB are there, on b nothing: 100 * (170 - 23) / (2000 - 23) and 0; then 100 * (125 - 23) / (1000 - 23).
        var pod = MakePod(new PodSpec { Containers = [new ContainerSpec("c", "demo/40", default, false), new ContainerSpec("d", "demo/300", default, false)] });
        var scores = new long[2];
        new ImageLocalityScore(new SchedulingCycle(state, pod)).Score(nodes, scores);
        Assert.Equal([7, 0], scores);
        var large = MakePod(new PodSpec { Containers = [new ContainerSpec("c", "demo/250", default, false)] });
        new ImageLocalityScore(new SchedulingCycle(state, large)).Score(nodes, scores);
        Assert.Equal([0, 10], scores);

        SimulatedNode Add(string name, params (string Name, long Size)[] images)
        {
            var node = new SimulatedNode(
                new ClusterNode { Name = name, Cluster = s_identity, Images = images.ToDictionary(image => image.Name, image => image.Size) }, name);
            state.Add(node);
            return node;
        }
    }

    [Fact]
    public void Taints_that_are_better_avoided()
    {
        Taint[] taints = [new("a", "", TaintEffect.PreferNoSchedule), new("b", "", TaintEffect.PreferNoSchedule)];
        SimulatedNode[] nodes = [AddNode("a"), AddNode("b", taints: taints[..1]), AddNode("c", taints: taints)];
        Assert.Equal([100, 50, 0], Score(MakePod(Spec(0, 0)), cycle => new TaintTolerationScore(cycle), nodes));
    }

    [Fact]
    public void Spread_over_nodes()
    {
        SimulatedNode[] nodes = [AddNode("a"), AddNode("b"), AddNode("c"), AddNode("d")];
        AddPods(nodes[0], 2);
        AddPods(nodes[1], 1);
        AddPods(nodes[3], 3);

        // Raw: pods times ln(4 + 2), rounded: 4, 2, 0, 5.
        var pod = MakePod(Spread(new TopologySpread(Hostname, 1, s_foo, IsRequired: false)));
        Assert.Equal([20, 60, 100, 0], Score(pod, cycle => new TopologySpreadScore(cycle), nodes));
    }

    [Fact]
    public void Spread_over_zones_and_nodes()
    {
        SimulatedNode[] nodes = [AddNode("a", "1"), AddNode("b", "1"), AddNode("x", "2"), AddNode("y", "2")];
        AddPods(nodes[0], 1);
        AddPods(nodes[1], 1);
        AddPods(nodes[2], 1);

        // Zones: 2 and 1 times ln(2 + 2); nodes: 1, 1, 1, 0 times ln(4 + 2): 4.56, 4.56, 3.18, 1.39, rounded 5, 5, 3, 1.
        var pod = MakePod(Spread(new TopologySpread(Zone, 1, s_foo, false), new TopologySpread(Hostname, 1, s_foo, false)));
        Assert.Equal([20, 20, 60, 100], Score(pod, cycle => new TopologySpreadScore(cycle), nodes));
    }

    [Fact]
    public void A_node_without_the_label_is_the_worst_for_declared_spread()
    {
        SimulatedNode[] nodes = [AddNode("a", "1"), AddNode("b")];
        AddPods(nodes[0], 1);
        var pod = MakePod(Spread(new TopologySpread(Zone, 1, s_foo, false)));
        Assert.Equal([100, 0], Score(pod, cycle => new TopologySpreadScore(cycle), nodes));
    }

    [Fact]
    public void Preferred_affinity_stretches_from_least_to_most()
    {
        SimulatedNode[] nodes = [AddNode("a", "1"), AddNode("b", "2"), AddNode("c", "3")];
        AddPods(nodes[0], 2);
        AddPods(nodes[1], 1);
        var near = Spec(0, 0) with { Affinity = new Affinity { PreferredPods = [new PodAffinityTerm(s_foo, Zone, [], 5)] } };
        var apart = Spec(0, 0) with { Affinity = new Affinity { PreferredAntiPods = [new PodAffinityTerm(s_foo, Zone, [], 5)] } };
        Assert.Equal([100, 50, 0], Score(MakePod(near), cycle => new InterPodAffinityScore(cycle), nodes));
        Assert.Equal([0, 50, 100], Score(MakePod(apart), cycle => new InterPodAffinityScore(cycle), nodes));
    }

    // The examples of https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ .
    private SimulatedNode[] DocumentedCluster()
    {
        SimulatedNode[] nodes = [AddNode("node1", "zoneA"), AddNode("node2", "zoneA"), AddNode("node3", "zoneB"), AddNode("node4", "zoneB")];
        AddPods(nodes[0], 1);
        AddPods(nodes[1], 1);
        AddPods(nodes[2], 1);
        return nodes;
    }

    [Fact]
    public void One_documented_constraint_leaves_the_emptier_zone()
    {
        DocumentedCluster();
        Assert.Equal(["node3", "node4"], Feasible(MakePod(Spread(new TopologySpread(Zone, 1, s_foo, true)))));
    }

    [Fact]
    public void Two_documented_constraints_leave_one_node()
    {
        DocumentedCluster();
        Assert.Equal(["node4"], Feasible(MakePod(Spread(new TopologySpread(Zone, 1, s_foo, true), new TopologySpread(Hostname, 1, s_foo, true)))));
    }

    [Fact]
    public void Conflicting_documented_constraints_leave_none()
    {
        SimulatedNode[] nodes = [AddNode("node1", "zoneA"), AddNode("node2", "zoneA"), AddNode("node3", "zoneB")];
        AddPods(nodes[0], 2);
        AddPods(nodes[1], 1);
        AddPods(nodes[2], 2);
        Assert.Empty(Feasible(MakePod(Spread(new TopologySpread(Zone, 1, s_foo, true), new TopologySpread(Hostname, 1, s_foo, true)))));
    }

    [Fact]
    public void A_documented_constraint_with_node_affinity_leaves_the_third_zone_out()
    {
        DocumentedCluster();
        AddNode("node5", "zoneC");
        var pod = Spread(new TopologySpread(Zone, 1, s_foo, true)) with
        {
            Affinity = new Affinity { RequiredNodes = [new NodeAffinityTerm([new LabelRequirement(Zone, SelectorOperator.NotIn, ["zoneC"])], [])] },
        };
        Assert.Equal(["node3", "node4"], Feasible(MakePod(pod)));
    }

    [Fact]
    public void With_fewer_domains_than_wanted_the_emptiest_counts_as_empty()
    {
        SimulatedNode[] nodes = [AddNode("a", "1"), AddNode("b", "2")];
        AddPods(nodes[0], 2);
        AddPods(nodes[1], 2);
        var rule = new TopologySpread(Zone, 2, s_foo, true);
        Assert.Equal(["a", "b"], Feasible(MakePod(Spread(rule))));
        Assert.Empty(Feasible(MakePod(Spread(rule with { MinDomains = 3 }))));
    }

    [Fact]
    public void A_volume_keeps_its_pod_in_its_zone()
    {
        AddNode("a", "1");
        AddNode("b", "2");
        _state.Add(new SimulatedVolumeClaim(
            new VolumeClaim
            {
                Name = "data",
                Namespace = "default",
                Cluster = s_identity,
                VolumeName = "pv",
                NodeAffinity = [new NodeAffinityTerm([new LabelRequirement(Zone, SelectorOperator.In, ["2", "3"])], [])],
            },
            "uid", TestCluster.Start));
        Assert.Equal(["b"], Feasible(MakePod(Spec(0, 0) with { Claims = ["data"] })));
    }
}
