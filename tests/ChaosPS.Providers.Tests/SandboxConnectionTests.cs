using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests;

/// <summary>The real clients against the sandbox, through their own pipelines.</summary>
public sealed class SandboxConnectionTests
{
    private const string Space = "contactsapp";

    private readonly ChaosConnection _connection = new Composition().Connect(SandboxFactory.Create("contactsapp", seed: 7));

    private Task<T> Run<T>(Func<ChaosConnection, Task<T>> work) => _connection.Time.RunAsync(() => work(_connection)).WaitAsync(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Nodes_have_their_machines()
    {
        var nodes = await Run(connection => connection.Cluster.GetNodesAsync(default));

        Assert.Equal(["0", "9", "10"], nodes.Select(node => node.InstanceId));
        Assert.All(nodes, node => Assert.True(node.Ready));
        Assert.All(nodes, node => Assert.Equal("contactsapp", node.Cluster.Name));
    }

    [Fact]
    public async Task The_application_has_ten_pods_nine_workloads_and_its_paths()
    {
        var pods = await Run(connection => connection.Cluster.GetPodsAsync(Space, "application=scmcontacts", default));
        var workloads = await Run(connection => connection.Cluster.GetWorkloadsAsync(Space, default));
        var paths = await Run(connection => connection.Cluster.GetIngressPathsAsync(Space, default));

        Assert.Equal(10, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("Running", true), (pod.Status, pod.Ready)));
        Assert.Equal(9, workloads.Count);
        Assert.All(workloads, workload => Assert.True(workload.RolledOut));
        Assert.Contains(paths, path => path.Path.StartsWith("/api/contacts", StringComparison.Ordinal) && path.Uri.Host == "contactsapp.sandbox");
    }

    [Fact]
    public async Task Scale_sets_are_found_by_the_workshops_filter()
    {
        var environment = _connection.Environment;
        var filter = $"where resourceGroup=~'{environment["AZURE_CLUSTER_RESOURCE_GROUP"]}' and name=~'{environment["AZURE_CLUSTER_VMSS_NAME"]}'";

        var set = Assert.Single(await Run(connection => connection.Power.FindScaleSetsAsync(filter, default)));
        var none = await Run(connection => connection.Power.FindScaleSetsAsync("where name =~ 'other'", default));
        var error = await Assert.ThrowsAsync<ChaosException>(() => Run(connection => connection.Power.FindScaleSetsAsync("summarize count()", default)));

        Assert.Equal("aks-nodepool1-36421985-vmss", set.Name);
        Assert.Empty(none);
        Assert.Equal("FilterInvalid", error.ErrorId);
    }

    [Fact]
    public async Task A_machine_is_powered_off_and_started_again()
    {
        var node = (await Run(connection => connection.Cluster.GetNodesAsync(default)))[0];
        var instance = await Run(connection => connection.Power.GetInstanceAsync(node, default));
        Assert.Equal(PowerState.Running, instance.PowerState);

        foreach (var (action, expected) in new[] { (PowerAction.PowerOff, PowerState.Stopped), (PowerAction.Start, PowerState.Running), (PowerAction.Deallocate, PowerState.Deallocated) })
        {
            await Run(async connection =>
            {
                var operation = await connection.Power.BeginAsync(instance, action, false, default);
                await operation.WaitAsync(default);
                return true;
            });
            Assert.Equal(expected, (await Run(connection => connection.Power.GetInstanceAsync(node, default))).PowerState);
        }
    }

    [Fact]
    public async Task Restarting_a_machine_that_is_off_is_refused_by_azure()
    {
        var node = (await Run(connection => connection.Cluster.GetNodesAsync(default)))[0];
        var instance = await Run(connection => connection.Power.GetInstanceAsync(node, default));
        await Run(async connection =>
        {
            await (await connection.Power.BeginAsync(instance, PowerAction.PowerOff, false, default)).WaitAsync(default);
            return true;
        });

        var error = await Assert.ThrowsAsync<ChaosException>(() => Run(connection => connection.Power.BeginAsync(instance, PowerAction.Restart, false, default)));

        Assert.Equal("AzureConflict", error.ErrorId);
    }

    [Fact]
    public async Task Replicas_and_anti_affinity_are_changed_and_a_dry_run_changes_nothing()
    {
        var search = (await Run(connection => connection.Cluster.GetWorkloadsAsync(Space, default))).Single(workload => workload.Name == "search-deploy");
        var term = new PodAffinityTerm(LabelSelector.Parse("service=searchapi"), "kubernetes.io/hostname", []);

        Assert.Equal(3, (await Run(connection => connection.Cluster.SetReplicasAsync(search, 3, true, default))).Replicas);
        Assert.Equal(2, (await Run(connection => connection.Cluster.GetWorkloadAsync(search, default)))?.Replicas);
        Assert.Equal(3, (await Run(connection => connection.Cluster.SetReplicasAsync(search, 3, false, default))).Replicas);

        await Run(connection => connection.Cluster.AddPodAntiAffinityAsync(search, term, true, default));
        Assert.Empty((await Run(connection => connection.Cluster.GetWorkloadAsync(search, default)))!.PodSpec.Affinity.RequiredAntiPods);
        var changed = await Run(connection => connection.Cluster.AddPodAntiAffinityAsync(search, term, false, default));
        var again = await Run(connection => connection.Cluster.AddPodAntiAffinityAsync(search, term, false, default));

        Assert.Equal("service=searchapi", Assert.Single(changed!.PodSpec.Affinity.RequiredAntiPods).Selector?.ToString());
        Assert.Null(again);
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await Run(connection => connection.Cluster.GetNodeAsync("nobody", default)));
        var search = (await Run(connection => connection.Cluster.GetWorkloadsAsync(Space, default)))[0];
        Assert.Null(await Run(connection => connection.Cluster.GetWorkloadAsync(search with { Name = "gone" }, default)));
    }

    [Fact]
    public async Task The_application_answers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://contactsapp.sandbox/");
        using var response = await Run(connection => connection.Http.SendAsync(request, default));

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
    }
}
