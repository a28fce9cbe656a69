using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Small clusters with workloads of all sorts: rules, volumes, replicas, tolerations, full and empty nodes.</summary>
internal static class RandomCluster
{
    public static ClusterSnapshot Take(Random chance)
    {
        var count = 5 + chance.Next(20);
        var cluster = TestCluster.WithNodes(count, i => $"westeurope-{(i % 3) + 1}", milliCpu: 600 + (300 * chance.Next(12)));
        var workloads = 4 + chance.Next(12);
        for (var i = 0; i < workloads; i++)
        {
            var name = $"app{i}";
            var nodes = Enumerable.Range(0, count).OrderBy(_ => chance.Next()).Take(1 + chance.Next(4)).Select(node => $"node{node}").ToArray();
            if (chance.Next(4) == 0) nodes = [.. nodes, nodes[0]];
            var shape = chance.Next(8);
            var seconds = chance.Next(4) == 0 ? 20 : (long?)null;
            cluster.AddDeployment(name, nodes, workload => workload with
            {
                PodSpec = TestCluster.Spec(50 + (50 * chance.Next(4))) with
                {
                    Affinity = shape switch
                    {
                        0 => SchedulingTests.ApartOnHostname(name),
                        1 => SchedulingTests.ApartOnHostname($"app{i + 1}"),
                        2 => new Affinity { RequiredAntiPods = [new PodAffinityTerm(LabelSelector.FromLabels([new("service", name)]), "topology.kubernetes.io/zone", [])] },
                        _ => Affinity.None,
                    },
                    TopologySpread = shape == 3
                        ? [new TopologySpread("topology.kubernetes.io/zone", 1, LabelSelector.FromLabels([new("service", name)]), IsRequired: true) { HonorsTaints = chance.Next(2) == 0 }]
                        : [],
                    NodeSelector = shape == 4
                        ? new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = "westeurope-1" }
                        : new Dictionary<string, string>(),
                    Tolerations = seconds is null ? [] : [new Toleration("node.kubernetes.io/unreachable", true, "", TaintEffect.NoExecute, seconds)],
                },
            });
        }

        return AsSets(cluster.TakeSnapshot(), chance);
    }

    /// <summary>Makes StatefulSets of some, one with disks.</summary>
    private static ClusterSnapshot AsSets(ClusterSnapshot snapshot, Random chance)
    {
        List<VolumeClaim> claims = [];
        List<ClusterPod> pods = [.. snapshot.Pods];
        List<Workload> workloads = [];
        foreach (var workload in snapshot.Workloads)
        {
            if (chance.Next(5) != 0)
            {
                workloads.Add(workload);
                continue;
            }

            var disks = chance.Next(2) == 0;
            workloads.Add(workload with { Kind = "StatefulSet", ClaimTemplates = disks ? ["data"] : [], IsParallel = chance.Next(2) == 0 });
            var ordinal = 0;
            for (var i = 0; i < pods.Count; i++)
            {
                if (pods[i].OwnerName is not { } owner || owner != $"{workload.Name}-7d9c5b6f4") continue;
                var name = $"{workload.Name}-{ordinal++}";
                pods[i] = pods[i] with
                {
                    Name = name,
                    OwnerKind = "StatefulSet",
                    OwnerName = workload.Name,
                    Labels = new Dictionary<string, string>(workload.PodLabels) { ["statefulset.kubernetes.io/pod-name"] = name },
                    Spec = disks ? pods[i].Spec with { Claims = [$"data-{name}"] } : pods[i].Spec,
                };
                if (!disks) continue;
                var zone = snapshot.Nodes.Single(node => node.Name == pods[i].NodeName).Labels["topology.kubernetes.io/zone"];
                claims.Add(new VolumeClaim
                {
                    Name = $"data-{name}",
                    Namespace = workload.Namespace,
                    Cluster = snapshot.Cluster,
                    VolumeName = $"pv-{name}",
                    NodeAffinity = [new NodeAffinityTerm([new LabelRequirement("topology.kubernetes.io/zone", SelectorOperator.In, [zone])], [])],
                });
            }
        }

        return snapshot with { Workloads = workloads, Pods = pods, VolumeClaims = claims };
    }
}
