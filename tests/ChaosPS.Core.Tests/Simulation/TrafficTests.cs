using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class TrafficTests
{
    /// <summary>Shares of the outcomes of many requests at one moment.</summary>
    private static (double Ok, double Unavailable, double Hanging) Ask(ClusterSimulation simulation, string path)
    {
        const int Requests = 600;
        var (ok, unavailable, hanging) = (0, 0, 0);
        for (var i = 0; i < Requests; i++)
        {
            var outcome = simulation.Route(path);
            if (outcome.Hangs) hanging++;
            else if (outcome.StatusCode == 200) ok++;
            else if (outcome.StatusCode == 503) unavailable++;
            else Assert.Fail($"{outcome.StatusCode} {outcome.Reason}");
        }

        return (ok / (double)Requests, unavailable / (double)Requests, hanging / (double)Requests);
    }

    [Fact]
    public void A_service_with_all_pods_on_the_dead_node_hangs_then_is_unavailable_then_comes_back_after_the_eviction()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("search", ["node0", "node0"]).Simulate(seed);
            simulation.Run(17);
            Assert.Equal((1, 0, 0), Ask(simulation, "/search/contacts"));
            var node = simulation.Node("node0");
            simulation.Begin(node, PowerAction.PowerOff);
            Assert.Equal((0, 0, 1), Ask(simulation, "/search/contacts"));
            simulation.Run(30);
            Assert.Equal((0, 0, 1), Ask(simulation, "/search/contacts"));
            simulation.RunUntil(() => !node.Ready);
            Assert.Equal((0, 0, 1), Ask(simulation, "/search/contacts"));
            simulation.Run(2.1);
            Assert.Equal((0, 1, 0), Ask(simulation, "/search/contacts"));
            simulation.Run(295);
            Assert.Equal((0, 1, 0), Ask(simulation, "/search/contacts"));
            simulation.Run(20);
            Assert.Equal((1, 0, 0), Ask(simulation, "/search/contacts"));
        }
    }

    [Fact]
    public void With_one_of_two_pods_dead_half_of_the_requests_hang_until_the_proxies_know()
    {
        var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(3);
        simulation.Run(17);
        var node = simulation.Node("node0");
        simulation.Begin(node, PowerAction.PowerOff);

        // One of three requests is lost at the load balancer, and half of the others at the Service.
        Assert.InRange(Ask(simulation, "/api").Hanging, 0.6, 0.73);
        simulation.Run(10.5);
        Assert.InRange(Ask(simulation, "/api").Hanging, 0.43, 0.57);
        simulation.RunUntil(() => !node.Ready);
        simulation.Run(2.1);
        Assert.Equal((1, 0, 0), Ask(simulation, "/api"));
    }

    [Fact]
    public void The_load_balancer_leaves_a_dead_node_out_after_5_to_10_seconds_and_takes_it_back()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node1"]).Simulate(seed);
            simulation.Run(seed);
            var stopped = simulation.Now;
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            while (Ask(simulation, "/api").Hanging > 0) simulation.Run(0.1);
            Assert.InRange((simulation.Now - stopped).TotalSeconds, 5, 10.1);

            simulation.Run(60);
            simulation.Begin(simulation.Node("node0"), PowerAction.Start);
            simulation.Run(60);
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            Assert.InRange(Ask(simulation, "/api").Hanging, 0.2, 0.45);
        }
    }

    [Fact]
    public void Paths_are_matched_by_whole_elements_and_the_longest_wins()
    {
        var simulation = TestCluster.WithNodes(1)
            .AddDeployment("api", ["node0"]).AddDeployment("api/search", ["node0"]).AddDeployment("", ["node0"]).Simulate(1);
        Assert.Equal("api", simulation.Route("/api").Service!.Name);
        Assert.Equal("api", simulation.Route("/api/").Service!.Name);
        Assert.Equal("api", simulation.Route("/api/contacts?name=x").Service!.Name);
        Assert.Equal("api/search", simulation.Route("/api/search/contacts").Service!.Name);
        Assert.Equal("", simulation.Route("/apis").Service!.Name);
        Assert.Equal("", simulation.Route("/").Service!.Name);
    }

    [Fact]
    public void An_unknown_path_is_404_and_no_node_at_all_hangs()
    {
        var simulation = TestCluster.WithNodes(1).AddDeployment("api", ["node0"]).Simulate(1);
        Assert.Equal(404, simulation.Route("/other").StatusCode);
        simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
        simulation.Run(20);
        Assert.True(simulation.Route("/api").Hangs);
    }

    [Fact]
    public void Scaled_to_nothing_a_service_is_unavailable()
    {
        var simulation = TestCluster.WithNodes(1).AddDeployment("api", ["node0"]).Simulate(1);
        simulation.Apply(simulation.Deployment("api").Spec with { Replicas = 0 });
        simulation.Run(5);
        Assert.Equal((0, 1, 0), Ask(simulation, "/api"));
        Assert.Empty(simulation.Services[0].Endpoints);
    }

    [Fact]
    public void Endpoints_tell_ready_serving_and_terminating_apart()
    {
        var simulation = TestCluster.WithNodes(2).AddDeployment("api", ["node0", "node1"]).Simulate(1);
        var service = simulation.Services[0];
        Assert.All(service.Endpoints, endpoint => Assert.True(endpoint is { Ready: true, Serving: true, Terminating: false }));
        var pod = simulation.PodsOf("api")[0];
        simulation.DeletePod(pod);
        simulation.Run(0.1);
        Assert.True(service.Endpoints.Single(endpoint => endpoint.Pod == pod) is { Ready: false, Serving: true, Terminating: true });
        Assert.Contains(pod, service.Backends);
        simulation.Run(2.1);
        Assert.DoesNotContain(pod, service.Backends);
    }

    [Fact]
    public void Asking_changes_nothing_in_the_history()
    {
        var histories = new[] { 0, 500 }.Select(requests =>
        {
            var simulation = TestCluster.WithNodes(3).AddDeployment("api", ["node0", "node1"]).Simulate(11);
            var history = simulation.Record();
            simulation.Begin(simulation.Node("node0"), PowerAction.PowerOff);
            for (var i = 0; i < requests; i++) simulation.Route("/api");
            simulation.Run(600);
            return history;
        }).ToList();
        Assert.Equal(histories[0], histories[1]);
    }
}
