using ChaosPS.Clusters;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>What holds whatever happens: clusters and failures by chance, the seed in the message of a failure.</summary>
public sealed class RandomFailureTests
{
    private static readonly string[] s_services = ["app0", "app1", "app2", "db"];

    [Property(MaxTest = 40)]
    public void Whatever_fails_rules_hold_and_the_cluster_heals(int seed)
    {
        var chance = new Random(seed);
        var simulation = Build(seed, chance);
        List<string> broken = [];
        HashSet<SimulatedPod> bound = [.. simulation.Pods.Where(pod => pod.NodeName is not null)];
        simulation.Changed += change =>
        {
            if (change is { Target: SimulatedPod { NodeName: not null } pod, Type: ChangeType.Modified } && bound.Add(pod)) CheckPlace(simulation, pod, broken);
        };
        for (var step = 0; step < 60; step++)
        {
            Disturb(simulation, chance);
            simulation.Run(chance.NextDouble() * 60);
        }

        Assert.True(broken.Count == 0, $"seed {seed}: {string.Join("; ", broken)}");
        Repair(simulation);
        simulation.Run(1800);
        foreach (var workload in simulation.Deployments.Concat(simulation.OtherWorkloads))
        {
            Assert.True(
                (workload.Spec.Replicas, workload.Spec.Replicas, 0) == (workload.CurrentReplicas, workload.AvailableReplicas, workload.UnavailableReplicas),
                $"seed {seed}: {workload} wants {workload.Spec.Replicas}, has {workload.CurrentReplicas}, available {workload.AvailableReplicas}");
        }

        Assert.All(simulation.Nodes, node => Assert.True(node.Ready && node.Taints.Count == 0, $"seed {seed}: {node}"));
        Assert.DoesNotContain(simulation.Pods, pod => pod.Terminating);
    }

    /// <summary>One seed is one history, and whether time jumps or runs in small steps makes no difference.</summary>
    [Property(MaxTest = 10)]
    public void Whatever_fails_one_seed_is_one_history_and_jumping_is_running(int seed)
    {
        var jumping = Tell(seed, (simulation, time) => simulation.AdvanceTo(time));
        Assert.True(jumping.SequenceEqual(Tell(seed, (simulation, time) => simulation.AdvanceTo(time))), $"seed {seed}: the second run differs");
        var running = Tell(seed, (simulation, time) =>
        {
            while (simulation.Now < time) simulation.AdvanceTo(simulation.Now.AddSeconds(0.7) is var next && next < time ? next : time);
        });
        Assert.True(jumping.SequenceEqual(running), $"seed {seed}: small steps differ");
    }

    private static List<string> Tell(int seed, Action<ClusterSimulation, DateTimeOffset> advance)
    {
        var chance = new Random(seed);
        var simulation = Build(seed, chance);
        var history = simulation.Record();
        for (var step = 0; step < 20; step++)
        {
            Disturb(simulation, chance);
            advance(simulation, simulation.Now.AddSeconds(chance.NextDouble() * 60));
        }

        return history;
    }

    private static ClusterSimulation Build(int seed, Random chance)
    {
        var count = 3 + chance.Next(5);
        var cluster = TestCluster.WithNodes(count, i => $"westeurope-{(i % 3) + 1}").AddIngressDaemonSet();
        for (var i = 0; i < 3; i++)
        {
            var name = s_services[i];
            var nodes = Enumerable.Range(0, 1 + chance.Next(count)).Select(node => $"node{node}").ToArray();
            var rules = chance.Next(3);
            cluster.AddDeployment(name, nodes, workload => workload with
            {
                MaxUnavailable = "1",
                PodSpec = workload.PodSpec with
                {
                    Affinity = rules == 1 ? SchedulingTests.ApartOnHostname(name) : Affinity.None,
                    TopologySpread = rules == 2
                        ? [new TopologySpread("kubernetes.io/hostname", 2, LabelSelector.FromLabels([new("service", name)]), IsRequired: true) { HonorsTaints = true }]
                        : [],
                },
            });
        }

        var simulation = cluster.Simulate(seed, options => options with { ShutdownTaints = chance.Next(2) == 0 });
        simulation.Apply(TestCluster.MakeWorkload("db", 2) with { Kind = "StatefulSet", IsParallel = chance.Next(2) == 0 });
        simulation.Apply(new DisruptionBudget
        {
            Name = "app0",
            Namespace = TestCluster.Namespace,
            Cluster = new ClusterIdentity("test", "https://test.invalid", "test"),
            Selector = LabelSelector.FromLabels([new("service", "app0")]),
            MaxUnavailable = "1",
        });
        return simulation;
    }

    private static void Disturb(ClusterSimulation simulation, Random chance)
    {
        SimulatedNode[] nodes = [.. simulation.Nodes];
        SimulatedMachine[] machines = [.. simulation.Machines];
        SimulatedPod[] pods = [.. simulation.Pods];
        var machine = machines[chance.Next(machines.Length)];
        switch (chance.Next(11))
        {
            case 8 when nodes.Length > 0 && nodes[chance.Next(nodes.Length)] is var tainted:
                simulation.Apply(tainted.Spec with
                {
                    Unschedulable = tainted.Unschedulable,
                    Taints = tainted.Taints.Any(taint => taint.Key == "user")
                        ? [.. tainted.Taints.Where(taint => taint.Key != "user")]
                        : [.. tainted.Taints, new Taint("user", "", (TaintEffect)chance.Next(3))],
                });
                break;
            case 9 when simulation.Deployments[chance.Next(simulation.Deployments.Count)] is { Name: not "app0" } deployment:
                simulation.Apply(deployment.Spec with
                {
                    Replicas = 1 + chance.Next(simulation.Snapshot.Nodes.Count),
                    PodSpec = chance.Next(2) == 0 ? deployment.Spec.PodSpec : deployment.Spec.PodSpec with { TemplateMark = $"{chance.Next(100)}" },
                });
                break;
            case 10 when pods.Length > 0 && pods[chance.Next(pods.Length)] is { OwnerKind: "ReplicaSet" } moved:
                simulation.SetLabels(moved, new Dictionary<string, string> { ["service"] = "loose" });
                break;
            case 0 or 1:
                simulation.Begin(machine, PowerAction.PowerOff, skipShutdown: chance.Next(2) == 0);
                break;
            case 2 or 3:
                simulation.Begin(machine, PowerAction.Start);
                break;
            case 4 when nodes.Length > 0:
                simulation.SetUnschedulable(nodes[chance.Next(nodes.Length)], chance.Next(2) == 0);
                break;
            case 5 when pods.Length > 0:
                simulation.DeletePod(pods[chance.Next(pods.Length)], chance.Next(2) == 0 ? null : 0);
                break;
            case 6 when pods.Length > 0:
                Evict(simulation, pods[chance.Next(pods.Length)]);
                break;
            case 7 when nodes.Length > 0 && chance.Next(3) == 0 && nodes.FirstOrDefault(node => !node.Machine.IsOn) is { } dead:
                simulation.DeleteNode(dead);
                break;
        }
    }

    private static void Evict(ClusterSimulation simulation, SimulatedPod pod)
    {
        var budget = simulation.DisruptionBudgets[0];
        var isProtected = pod is { Ready: true, Terminating: false, Phase: "Running" } && budget.Spec.Selector!.Matches(pod.Labels) && budget.ObservedGeneration > 0;
        var allowed = budget.DisruptionsAllowed > 0;
        var outcome = simulation.Evict(pod);
        if (!isProtected) return;
        Assert.Equal(allowed, outcome.Evicted);

        // Counted anew, not as the budget counts: what is left is enough.
        if (!outcome.Evicted) return;
        var left = simulation.Pods.Count(it => it is { Ready: true, Terminating: false } && budget.Spec.Selector!.Matches(it.Labels) && !budget.DisruptedPods.ContainsKey(it.Name));
        Assert.True(left >= simulation.Deployment("app0").Spec.Replicas - 1, $"{left} left of {simulation.Deployment("app0").Spec.Replicas}");
    }

    private static void CheckPlace(ClusterSimulation simulation, SimulatedPod pod, List<string> broken)
    {
        var node = simulation.FindNode(pod.NodeName!)!;
        if (node.Unschedulable && pod.OwnerKind != "DaemonSet") broken.Add($"{pod} went to cordoned {node}");
        if (node.Requested.MilliCpu > node.Spec.Allocatable.MilliCpu) broken.Add($"{node} has too little CPU for {pod}");
        foreach (var taint in node.Taints)
        {
            if (taint.Effect != TaintEffect.PreferNoSchedule && !pod.Tolerations.Any(it => it.Tolerates(taint))) broken.Add($"{pod} went to {node} in spite of {taint}");
        }

        foreach (var rule in pod.Spec.TopologySpread.Where(rule => rule.IsRequired))
        {
            // Its own domains are the nodes that it may go to.
            var counts = simulation.Nodes
                .Where(it => it.Taints.All(taint => taint.Effect == TaintEffect.PreferNoSchedule || pod.Tolerations.Any(toleration => toleration.Tolerates(taint))))
                .ToDictionary(it => it.Name, it => it.Pods.Count(other => other.IsActive && other.Namespace == pod.Namespace && rule.Selector!.Matches(other.Labels)));
            if (counts[node.Name] - counts.Values.Min() > rule.MaxSkew) broken.Add($"{pod} went to {node}, which has {counts[node.Name]} of its kind already");
        }

        foreach (var term in pod.Spec.Affinity.RequiredAntiPods)
        {
            if (node.Pods.Any(other => other != pod && !other.IsTerminal && other.Namespace == pod.Namespace && term.Selector!.Matches(other.Labels)))
                broken.Add($"{pod} went to {node} beside another of its kind");
        }
    }

    private static void Repair(ClusterSimulation simulation)
    {
        foreach (var node in simulation.Nodes.ToArray())
            simulation.Apply(node.Spec with { Unschedulable = false, Taints = [.. node.Taints.Where(taint => taint.Key != "user")] });
        foreach (var loose in simulation.Pods.Where(pod => pod.Labels.GetValueOrDefault("service") == "loose").ToArray()) simulation.DeletePod(loose, 0);
        foreach (var machine in simulation.Machines.ToArray())
        {
            if (!machine.IsOn) simulation.Begin(machine, PowerAction.Start);
        }
    }
}
