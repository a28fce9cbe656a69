using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Clients;

/// <summary>The sandbox as everything above it sees it: through the ports, made by the same composition as for a real cluster.</summary>
public class ConnectionTests
{
    private const string Node0 = "aks-nodepool1-36421985-vmss000000";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_powered_off_node_is_noticed_after_40_to_55_seconds(int seed)
    {
        var connection = Connect(seed);
        await connection.Time.RunAsync(async () =>
        {
            var instance = await Instance(connection, "0");
            var start = connection.Time.GetUtcNow();
            var operation = await connection.Power.BeginAsync(instance, PowerAction.PowerOff, skipShutdown: false, default);
            await operation.WaitAsync(default);
            Assert.Equal(PowerState.Stopped, (await Instance(connection, "0")).PowerState);
            while ((await Node(connection)).Ready) await connection.Time.DelayAsync(TimeSpan.FromMilliseconds(500), default);
            Assert.InRange(connection.Time.GetUtcNow() - start, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(55.5));

            // kubectl goes on showing 1/1 Running; only Ready is False.
            await connection.Time.DelayAsync(TimeSpan.FromSeconds(1), default);
            var pods = (await connection.Cluster.GetPodsAsync("contactsapp", "service=searchapi", default)).ToList();
            Assert.All(pods, pod => Assert.Equal(("Running", 1, 1, false), (pod.Status, pod.ReadyContainers, pod.Containers, pod.Ready)));
            Assert.Contains((await Node(connection)).Taints, taint => taint is { Key: "node.kubernetes.io/unreachable", Effect: TaintEffect.NoSchedule });
        });
    }

    [Fact]
    public async Task The_fix_of_the_workshop_spreads_the_application()
    {
        var connection = Connect(1);
        await connection.Time.RunAsync(async () =>
        {
            foreach (var workload in await connection.Cluster.GetWorkloadsAsync("contactsapp", default))
            {
                if (workload.Name == "mssql-deployment") continue;
                var scaled = await connection.Cluster.SetReplicasAsync(workload, 2, dryRun: false, default);
                var term = new PodAffinityTerm(LabelSelector.FromLabels([new("service", workload.PodLabels["service"])]), "kubernetes.io/hostname", []);
                await connection.Cluster.AddPodAntiAffinityAsync(scaled, term, dryRun: false, default);
            }

            await connection.Time.DelayAsync(TimeSpan.FromMinutes(2), default);
            foreach (var workload in await connection.Cluster.GetWorkloadsAsync("contactsapp", default))
            {
                if (workload.Name == "mssql-deployment") continue;
                Assert.True(workload.RolledOut, workload.Name);
                var pods = await connection.Cluster.GetPodsAsync("contactsapp", $"service={workload.PodLabels["service"]}", default);
                Assert.Equal((workload.Name, 2, 2), (workload.Name, pods.Count, pods.Select(pod => pod.NodeName).Distinct().Count()));
            }
        });
    }

    [Fact]
    public async Task The_identity_is_the_uid_of_kube_system()
    {
        var connection = Connect(3);
        var identity = await connection.Cluster.GetIdentityAsync(default);
        using var client = new SandboxClient(3);
        Assert.Equal((string)(await client.Kubernetes("GET", "api/v1/namespaces/kube-system")).Json["metadata"]!["uid"]!, identity.Id);
    }

    private static ChaosConnection Connect(int seed) => new Composition().Connect(SandboxFactory.Create("contactsapp", seed));

    private static async Task<ClusterNode> Node(ChaosConnection connection) => (await connection.Cluster.GetNodesAsync(default)).Single(node => node.Name == Node0);

    private static async Task<ScaleSetInstance> Instance(ChaosConnection connection, string id)
    {
        var scaleSet = Assert.Single(await connection.Power.FindScaleSetsAsync("where name=~'aks-nodepool1-36421985-vmss'", default));
        return (await connection.Power.GetInstancesAsync(scaleSet.ResourceId, default)).Single(instance => instance.InstanceId == id);
    }
}
