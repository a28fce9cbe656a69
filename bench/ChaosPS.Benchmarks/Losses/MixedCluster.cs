using ChaosPS.Clusters;

namespace ChaosPS.Benchmarks.Losses;

/// <summary>
/// A cluster of any size, thirty pods a node in three zones, with workloads of 1 to 10 replicas as clusters have them: some kept apart by rules, some spread evenly over
/// zones, StatefulSets with disks, and Services for all.
/// </summary>
internal static class MixedCluster
{
    private const int PodsPerNode = 30;
    private const string Hash = "7d9c5b6f4";
    private const string Zone = "topology.kubernetes.io/zone";

    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly ClusterIdentity s_identity = new("bench", "https://bench.invalid", "bench");
    private static readonly int[] s_replicas = [1, 2, 3, 5, 10, 10, 10, 10];

    /// <param name="count">How many nodes it has.</param>
    public static ClusterSnapshot Take(int count)
    {
        var chance = new Random(1);
        ClusterNode[] nodes = [.. Enumerable.Range(0, count).Select(MakeNode)];
        List<Workload> workloads = [];
        List<ClusterPod> pods = [];
        List<ServiceSpec> services = [];
        List<VolumeClaim> claims = [];
        List<IngressPath> paths = [];
        for (var number = 0; pods.Count < count * PodsPerNode; number++)
        {
            var workload = MakeWorkload(number, s_replicas[chance.Next(s_replicas.Length)]);
            workloads.Add(workload);
            services.Add(new ServiceSpec(workload.Name, workload.Namespace, workload.Selector, 80));
            if (number % 10 == 0) paths.Add(new IngressPath("web", workload.Namespace, $"/{workload.Name}", workload.Name, new Uri($"http://bench.invalid/{workload.Name}")));

            // Neighbours in the list are in different zones, and mostly far from each other.
            var first = chance.Next(count);
            var step = (3 * chance.Next(count / 3)) + 1;
            for (var replica = 0; replica < workload.Replicas; replica++)
            {
                var node = nodes[(first + (replica * step)) % count];
                var name = workload.Kind == "StatefulSet" ? $"{workload.Name}-{replica}" : $"{workload.Name}-{Hash}-{replica:00000}";
                pods.Add(MakePod(workload, name, node, $"10.{244 + (pods.Count >> 16)}.{(pods.Count >> 8) & 255}.{pods.Count & 255}"));
                if (workload.ClaimTemplates.Count == 0) continue;
                claims.Add(new VolumeClaim
                {
                    Name = $"data-{name}",
                    Namespace = workload.Namespace,
                    Cluster = s_identity,
                    VolumeName = $"pv-{workload.Name}-{replica}",
                    NodeAffinity = [new NodeAffinityTerm([new LabelRequirement(Zone, SelectorOperator.In, [node.Zone!])], [])],
                });
            }
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
            VolumeClaims = claims,
            IngressPaths = paths,
        };
    }

    private static ClusterNode MakeNode(int number) => new()
    {
        Name = $"node{number}",
        Cluster = s_identity,
        Ready = true,
        PowerState = PowerState.Running,
        Zone = $"westeurope-{(number % 3) + 1}",
        Labels = new Dictionary<string, string>
        {
            ["kubernetes.io/hostname"] = $"node{number}",
            ["topology.kubernetes.io/region"] = "westeurope",
            [Zone] = $"westeurope-{(number % 3) + 1}",
        },
        Allocatable = new ResourceQuantities(7820, 28L << 30),
        MaxPods = 110,
    };

    /// <summary>Of ten workloads two keep their pods on different nodes, one in different zones as evenly as it can, and one is a StatefulSet with disks.</summary>
    private static Workload MakeWorkload(int number, int replicas)
    {
        var name = $"app{number}";
        var labels = new Dictionary<string, string> { ["app"] = name };
        var selector = LabelSelector.FromLabels(labels);
        var spec = new PodSpec { Containers = [new ContainerSpec("c", "demo:1", new ResourceQuantities(100, 256L << 20), HasReadinessProbe: true)] };
        spec = (number % 10) switch
        {
            1 or 2 => spec with { Affinity = new Affinity { RequiredAntiPods = [new PodAffinityTerm(selector, "kubernetes.io/hostname", [])] } },
            3 => spec with { TopologySpread = [new TopologySpread(Zone, 1, selector, IsRequired: true) { HonorsTaints = true }] },
            _ => spec,
        };
        var isSet = number % 10 == 4;
        return new Workload
        {
            Kind = isSet ? "StatefulSet" : "Deployment",
            Name = name,
            Namespace = $"team{number / 20}",
            Cluster = s_identity,
            Replicas = replicas,
            Generation = 1,
            ObservedGeneration = 1,
            Selector = selector,
            PodLabels = labels,
            PodSpec = spec,
            ClaimTemplates = isSet ? ["data"] : [],
        };
    }

    private static ClusterPod MakePod(Workload workload, string name, ClusterNode node, string address)
    {
        var isSet = workload.Kind == "StatefulSet";
        return new ClusterPod
        {
            Name = name,
            Namespace = workload.Namespace,
            Cluster = s_identity,
            Phase = "Running",
            Ready = true,
            ReadyContainers = 1,
            NodeName = node.Name,
            PodIP = address,
            CreationTimestamp = s_start.AddHours(-4),
            Labels = new Dictionary<string, string>(workload.PodLabels) { [isSet ? "statefulset.kubernetes.io/pod-name" : "pod-template-hash"] = isSet ? name : Hash },
            OwnerKind = isSet ? "StatefulSet" : "ReplicaSet",
            OwnerName = isSet ? workload.Name : $"{workload.Name}-{Hash}",
            Spec = isSet ? workload.PodSpec with { Claims = [$"data-{name}"] } : workload.PodSpec,
        };
    }
}
