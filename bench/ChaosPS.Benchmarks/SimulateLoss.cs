using BenchmarkDotNet.Attributes;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Benchmarks;

/// <summary>
/// A loss of one node in clusters of different size, thirty pods a node, simulated until its pods run elsewhere (seven minutes): as a part of
/// a study, which is how predictions do it, and after loading the whole cluster.
/// </summary>
[MemoryDiagnoser]
public class SimulateLoss
{
    private const int PodsPerNode = 30;
    private const int Replicas = 10;

    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly ClusterIdentity s_identity = new("bench", "https://bench.invalid", "bench");

    private ClusterSnapshot _snapshot = null!;
    private NodeLossStudy _study = null!;
    private int _seed;

    [Params(30, 500, 5000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = MakeSnapshot(Nodes);
        _study = new NodeLossStudy(_snapshot);
    }

    [Benchmark(Baseline = true)]
    public int InStudy() => Lose(_study.Begin(["node1"], new SimulationOptions { Seed = _seed++ }));

    [Benchmark]
    public int InWhole() => Lose(new ClusterSimulation(_snapshot, new SimulationOptions { Seed = _seed++ }));

    [Benchmark]
    public NodeLossStudy LoadStudy() => new(_snapshot);

    private static int Lose(ClusterSimulation simulation)
    {
        simulation.Begin(simulation.FindNode("node1")!, PowerAction.PowerOff);
        simulation.AdvanceTo(s_start.AddMinutes(7));
        return simulation.Events.Count;
    }

    private static ClusterSnapshot MakeSnapshot(int count)
    {
        List<ClusterNode> nodes = [];
        List<Workload> workloads = [];
        List<ClusterPod> pods = [];
        List<ServiceSpec> services = [];
        for (var i = 0; i < count; i++) nodes.Add(MakeNode(i));
        for (var i = 0; i < count * PodsPerNode / Replicas; i++)
        {
            var workload = MakeWorkload($"app{i}", $"team{i % 100}");
            workloads.Add(workload);
            services.Add(new ServiceSpec(workload.Name, workload.Namespace, workload.Selector, 80));
            for (var replica = 0; replica < Replicas; replica++) pods.Add(MakePod(workload, replica, $"node{((i * Replicas) + replica) % count}"));
        }

        return new ClusterSnapshot
        {
            Cluster = s_identity,
            TakenAt = s_start,
            Version = "v1.32.9",
            Nodes = nodes,
            Workloads = workloads,
            Pods = pods,
            Services = services,
        };
    }

    private static ClusterNode MakeNode(int number) => new()
    {
        Name = $"node{number}",
        Cluster = s_identity,
        Ready = true,
        PowerState = PowerState.Running,
        Labels = new Dictionary<string, string>
        {
            ["kubernetes.io/hostname"] = $"node{number}",
            ["topology.kubernetes.io/region"] = "westeurope",
            ["topology.kubernetes.io/zone"] = $"westeurope-{(number % 3) + 1}",
        },
        Allocatable = new ResourceQuantities(7820, 28L << 30),
        MaxPods = 110,
    };

    private static Workload MakeWorkload(string name, string team) => new()
    {
        Kind = "Deployment",
        Name = name,
        Namespace = team,
        Cluster = s_identity,
        Replicas = Replicas,
        Generation = 1,
        ObservedGeneration = 1,
        Selector = LabelSelector.FromLabels([new("app", name)]),
        PodLabels = new Dictionary<string, string> { ["app"] = name },
        PodSpec = new PodSpec { Containers = [new ContainerSpec("c", "demo:1", new ResourceQuantities(100, 256L << 20), HasReadinessProbe: true)] },
    };

    private static ClusterPod MakePod(Workload workload, int replica, string node) => new()
    {
        Name = $"{workload.Name}-7d9c5b6f4-{replica:00000}",
        Namespace = workload.Namespace,
        Cluster = s_identity,
        Phase = "Running",
        Ready = true,
        ReadyContainers = 1,
        NodeName = node,
        CreationTimestamp = s_start.AddHours(-4),
        Labels = new Dictionary<string, string>(workload.PodLabels) { ["pod-template-hash"] = "7d9c5b6f4" },
        OwnerKind = "ReplicaSet",
        OwnerName = $"{workload.Name}-7d9c5b6f4",
        Spec = workload.PodSpec,
    };
}
