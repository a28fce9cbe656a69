using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Builds small clusters in the shape of AKS, with an ingress controller on each node.</summary>
internal sealed class TestCluster
{
    public const string Namespace = "contactsapp";

    private static readonly ClusterIdentity s_identity = new("test", "https://test.invalid", "test");

    private readonly List<ClusterNode> _nodes = [];
    private readonly List<Workload> _workloads = [];
    private readonly List<ClusterPod> _pods = [];
    private readonly List<ServiceSpec> _services = [];
    private readonly List<IngressPath> _paths = [];
    private readonly List<VolumeClaim> _claims = [];

    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public static TestCluster WithNodes(int count, Func<int, string>? zone = null, int milliCpu = 3860, int maxPods = 250)
    {
        var cluster = new TestCluster();
        for (var i = 0; i < count; i++) cluster.AddNode($"node{i}", zone?.Invoke(i) ?? "westeurope-1", milliCpu, maxPods);
        return cluster;
    }

    public TestCluster AddNode(string name, string zone, int milliCpu, int maxPods)
    {
        _nodes.Add(new ClusterNode
        {
            Name = name,
            Cluster = s_identity,
            Ready = true,
            CreationTimestamp = Start.AddDays(-1),
            InternalIP = $"10.224.0.{_nodes.Count + 4}",
            Zone = zone,
            ResourceId = $"/subscriptions/s/resourceGroups/MC_rg/providers/Microsoft.Compute/virtualMachineScaleSets/vmss/virtualMachines/{_nodes.Count}",
            PowerState = PowerState.Running,
            Labels = new Dictionary<string, string>
            {
                ["kubernetes.io/hostname"] = name,
                ["topology.kubernetes.io/region"] = "westeurope",
                ["topology.kubernetes.io/zone"] = zone,
            },
            Allocatable = new ResourceQuantities(milliCpu, 12L << 30),
            MaxPods = maxPods,
        });
        _pods.Add(new ClusterPod
        {
            Name = $"ingress-{name}",
            Namespace = "ingress-nginx",
            Cluster = s_identity,
            Phase = "Running",
            Ready = true,
            ReadyContainers = 1,
            NodeName = name,
            PodIP = $"10.244.{_nodes.Count - 1}.2",
            CreationTimestamp = Start.AddHours(-5),
            Labels = new Dictionary<string, string>
            {
                ["app.kubernetes.io/name"] = "ingress-nginx",
                ["app.kubernetes.io/component"] = "controller",
            },
            OwnerKind = "DaemonSet",
            OwnerName = "ingress",
            Spec = Spec(),
        });
        return this;
    }

    /// <summary>A Deployment whose pods stand on these nodes, with a Service and the path /name.</summary>
    public TestCluster AddDeployment(string name, string[] nodes, Func<Workload, Workload>? configure = null)
    {
        var workload = MakeWorkload(name, nodes.Length);
        workload = configure?.Invoke(workload) ?? workload;
        _workloads.Add(workload);
        for (var i = 0; i < nodes.Length; i++)
        {
            _pods.Add(new ClusterPod
            {
                Name = $"{name}-7d9c5b6f4-{(char)('b' + i)}xx{(char)('b' + i)}z",
                Namespace = Namespace,
                Cluster = s_identity,
                Phase = "Running",
                Ready = true,
                ReadyContainers = 1,
                NodeName = nodes[i],
                PodIP = $"10.244.{_nodes.FindIndex(node => node.Name == nodes[i])}.{_pods.Count + 10}",
                CreationTimestamp = Start.AddHours(-4),
                Labels = new Dictionary<string, string>(workload.PodLabels) { ["pod-template-hash"] = "7d9c5b6f4" },
                OwnerKind = "ReplicaSet",
                OwnerName = $"{name}-7d9c5b6f4",
                Spec = workload.PodSpec,
            });
        }

        _services.Add(new ServiceSpec(name, Namespace, LabelSelector.FromLabels(workload.PodLabels), 80));
        _paths.Add(new IngressPath("ingress", Namespace, $"/{name}", name, new Uri($"http://test.invalid/{name}")));
        return this;
    }

    /// <summary>A StatefulSet whose pods stand on these nodes, each with a disk of its own in the zone of its node where <paramref name="claim"/> is given.</summary>
    public TestCluster AddStatefulSet(string name, string[] nodes, string? claim = null, Func<Workload, Workload>? configure = null)
    {
        var workload = MakeWorkload(name, nodes.Length) with { Kind = "StatefulSet", ClaimTemplates = claim is null ? [] : [claim] };
        workload = configure?.Invoke(workload) ?? workload;
        _workloads.Add(workload);
        foreach (var (i, node) in nodes.Index())
        {
            string[] claims = claim is null ? [] : [$"{claim}-{name}-{i}"];
            _claims.AddRange(claims.Select(it => MakeClaim(it, _nodes.Find(other => other.Name == node)!.Zone)));
            _pods.Add(new ClusterPod
            {
                Name = $"{name}-{i}",
                Namespace = Namespace,
                Cluster = s_identity,
                Phase = "Running",
                Ready = true,
                ReadyContainers = 1,
                NodeName = node,
                PodIP = $"10.244.{_nodes.FindIndex(other => other.Name == node)}.{_pods.Count + 10}",
                CreationTimestamp = Start.AddHours(-4),
                Labels = new Dictionary<string, string>(workload.PodLabels) { ["controller-revision-hash"] = $"{name}-7d9c5b6f4" },
                OwnerKind = "StatefulSet",
                OwnerName = name,
                Spec = workload.PodSpec with { Claims = claims },
            });
        }

        _services.Add(new ServiceSpec(name, Namespace, LabelSelector.FromLabels(workload.PodLabels), 80));
        return this;
    }

    /// <summary>A claim that is bound to a disk, which only nodes of its zone can use.</summary>
    public static VolumeClaim MakeClaim(string name, string? zone) => new()
    {
        Name = name,
        Namespace = Namespace,
        Cluster = s_identity,
        VolumeName = $"pv-{name}",
        NodeAffinity = zone is null ? [] : [new NodeAffinityTerm([new LabelRequirement("topology.kubernetes.io/zone", SelectorOperator.In, [zone])], [])],
    };

    public static Workload MakeWorkload(string name, int replicas) => new()
    {
        Kind = "Deployment",
        Name = name,
        Namespace = Namespace,
        Cluster = s_identity,
        Replicas = replicas,
        Generation = 1,
        ObservedGeneration = 1,
        Selector = LabelSelector.FromLabels([new("service", name)]),
        PodLabels = new Dictionary<string, string> { ["service"] = name },
        PodSpec = Spec(),
    };

    public static PodSpec Spec(int milliCpu = 50) =>
        new() { Containers = [new ContainerSpec("c", "demo:1", new ResourceQuantities(milliCpu, 64L << 20), HasReadinessProbe: true)] };

    /// <summary>The DaemonSet that the ingress controllers belong to.</summary>
    public TestCluster AddIngressDaemonSet()
    {
        _workloads.Add(MakeWorkload("ingress", _nodes.Count) with { Kind = "DaemonSet", Namespace = "ingress-nginx" });
        return this;
    }

    public ClusterSimulation Simulate(int seed, Func<SimulationOptions, SimulationOptions>? configure = null)
    {
        var options = new SimulationOptions { Seed = seed };
        return new ClusterSimulation(TakeSnapshot(), configure?.Invoke(options) ?? options);
    }

    public ClusterSnapshot TakeSnapshot() => new()
    {
        Cluster = s_identity,
        TakenAt = Start,
        Version = "v1.32.9",
        Nodes = [.. _nodes],
        Workloads = [.. _workloads],
        Pods = [.. _pods],
        Services = [.. _services],
        IngressPaths = [.. _paths],
        VolumeClaims = [.. _claims],
    };
}
