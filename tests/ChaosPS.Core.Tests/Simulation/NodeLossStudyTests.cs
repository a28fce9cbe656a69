using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Simulation;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Simulation;

public sealed partial class NodeLossStudyTests
{
    /// <summary>Twelve nodes in three zones with some thirty Deployments of different shape.</summary>
    private static ClusterSnapshot Snapshot(int seed)
    {
        var chance = new Random(seed);
        var cluster = TestCluster.WithNodes(12, i => $"westeurope-{(i % 3) + 1}");
        for (var i = 0; i < 30; i++)
        {
            var name = $"app{i}";
            var nodes = Enumerable.Range(0, 12).OrderBy(_ => chance.Next()).Take(1 + chance.Next(4)).Select(node => $"node{node}").ToArray();
            cluster.AddDeployment(name, nodes, workload => workload with
            {
                PodSpec = TestCluster.Spec(50 + (50 * chance.Next(4))) with
                {
                    Affinity = (i % 5) switch
                    {
                        0 => SchedulingTests.ApartOnHostname(name),
                        1 => SchedulingTests.ApartOnHostname($"app{i + 1}"),
                        _ => Affinity.None,
                    },
                },
            });
        }

        return cluster.Simulate(0).Snapshot;
    }

    [Property(MaxTest = 20)]
    public void What_is_left_out_weighs_on_its_nodes_as_before(int seed)
    {
        var snapshot = Snapshot(seed);
        var whole = new ClusterSimulation(snapshot, new SimulationOptions());
        var part = new NodeLossStudy(snapshot).Begin(["node3"], new SimulationOptions());
        Assert.Equal(whole.Nodes.Select(node => node.Load), part.Nodes.Select(node => node.Load));
        Assert.True(part.Pods.Count() < whole.Pods.Count());
        Assert.Equal(
            whole.Node("node3").Pods.Select(pod => pod.Name).Order(),
            part.Node("node3").Pods.Select(pod => pod.Name).Order());
    }

    /// <summary>Change for change, at the same times: what is left out makes no difference at all.</summary>
    [Property(MaxTest = 20)]
    public void A_loss_in_a_part_goes_exactly_as_in_the_whole(int seed)
    {
        var snapshot = Snapshot(seed);
        var part = new NodeLossStudy(snapshot).Begin(["node3"], new SimulationOptions { Seed = seed });
        var whole = new ClusterSimulation(snapshot, part.Options);
        Assert.True(part.Pods.Count() < whole.Pods.Count());
        var (expected, actual) = (Lose(whole), Lose(part));
        var at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(at == expected.Count && at == actual.Count, $"seed {seed}, line {at}: {expected.ElementAtOrDefault(at)} | {actual.ElementAtOrDefault(at)}");

        static List<string> Lose(ClusterSimulation simulation)
        {
            var history = simulation.Record();
            simulation.Begin(simulation.Node("node3"), PowerAction.PowerOff);
            simulation.Run(500);
            simulation.Begin(simulation.Node("node3"), PowerAction.Start);
            simulation.Run(100);

            // The number of a change counts what was loaded, too.
            return [.. history.Select(line => ResourceVersion().Replace(line, ""))];
        }
    }

    [Fact]
    public async Task One_study_serves_many_simulations_at_once()
    {
        var study = new NodeLossStudy(Snapshot(1));
        var alone = Lose(study, 1);
        var histories = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Lose(study, 1))));
        Assert.All(histories, history => Assert.Equal(alone, history));
        Assert.NotEqual(alone, Lose(study, 2));
    }

    [Fact]
    public void Runs_with_consecutive_seeds_spread_over_all_that_can_happen()
    {
        var study = new NodeLossStudy(Snapshot(1));
        int[] quarters = [0, 0, 0, 0];
        for (var seed = 0; seed < 80; seed++)
        {
            var simulation = study.Begin(["node1"], new SimulationOptions { Seed = seed });
            var node = simulation.Node("node1");
            simulation.Begin(node, PowerAction.PowerOff);
            var seconds = (simulation.RunUntil(() => !node.Ready) - TestCluster.Start).TotalSeconds;
            Assert.InRange(seconds, 40, 55.1);
            quarters[Math.Min(3, (int)((seconds - 40) / 3.75))]++;
        }

        Assert.All(quarters, count => Assert.True(count > 0, string.Join(' ', quarters)));
    }

    [GeneratedRegex(" rv=[0-9]+")]
    private static partial Regex ResourceVersion();

    private static List<string> Lose(NodeLossStudy study, int seed)
    {
        var simulation = study.Begin(["node1"], new SimulationOptions { Seed = seed });
        var history = simulation.Record();
        simulation.Begin(simulation.Node("node1"), PowerAction.PowerOff);
        simulation.Run(450);
        return history;
    }
}
