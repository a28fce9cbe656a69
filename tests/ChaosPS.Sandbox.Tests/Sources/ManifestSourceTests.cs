using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Sources;

public sealed class ManifestSourceTests
{
    internal const string Shop = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              priorityClassName: high
              containers:
              - {name: web, image: "web:1", resources: {requests: {cpu: 0.5, memory: 128Mi}}, readinessProbe: {tcpSocket: {port: 80}}}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop}
        spec:
          replicas: 2
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers:
              - {name: db, image: "db:1", resources: {requests: {cpu: 2}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: shop}
        spec:
          rules:
          - host: shop.example
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
        ---
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: high}
        value: 1000
        """;

    [Fact]
    public void Everything_that_can_start_has_started_when_the_clock_starts()
    {
        var (source, simulation) = Begin(Shop, new SandboxOptions());

        Assert.Equal(SandboxFactory.Start, simulation.Now);
        Assert.Equal(["1", "2", "3"], source.ScaleSets.Single().Zones);
        Assert.Equal(["db", "db", "ingress-nginx-controller", "ingress-nginx-controller", "ingress-nginx-controller", "web", "web", "web"],
            simulation.Pods.Where(pod => pod.Ready).Select(pod => pod.OwnerKind == "ReplicaSet" ? pod.OwnerName!.Split('-')[0] : pod.OwnerName).Order());
        Assert.Equal(200, simulation.Route("/").StatusCode);
        Assert.Equal("shop.example", source.Environment["APP_ENDPOINT"]);
        Assert.All(simulation.Pods.Where(pod => pod.Labels.Values.Contains("web")), pod => Assert.Equal((1000, 500), (pod.Spec.Priority, pod.Spec.Requests.MilliCpu)));
    }

    [Fact]
    public void What_fits_nowhere_waits()
    {
        var (_, simulation) = Begin(Shop, new SandboxOptions { Nodes = 1, Zones = ["westeurope-2"], NodeSize = "Standard_B2s" });

        var waiting = Assert.Single(simulation.Pods, pod => pod.NodeName is null);
        Assert.Equal("db-0", waiting.Name);
    }

    [Fact]
    public void Nodes_are_of_the_size_and_in_the_zones_that_were_asked_for()
    {
        var (source, simulation) = Begin(Shop, new SandboxOptions { Nodes = 4, Zones = ["1", "northeurope-2"], NodeSize = "standard_e4s_v5" });

        Assert.Equal(["northeurope-1", "northeurope-2", "northeurope-1", "northeurope-2"], simulation.Nodes.Select(node => node.Spec.Zone));
        Assert.All(simulation.Nodes, node => Assert.Equal((3860, 250), (node.Spec.Allocatable.MilliCpu, node.Spec.MaxPods)));
        Assert.Equal("Standard_E4s_v5", source.ScaleSets.Single().VMSize);
        Assert.Equal("northeurope", source.ScaleSets.Single().ScaleSet.Location);
        Assert.EndsWith("vmss000003", simulation.Nodes.Last().Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Standard_D4_v3", "1", "NodeSizeUnknown", "Standard_D4s_v3")]
    [InlineData(null, "4", "NodeZoneInvalid", "its number is 1, 2 or 3")]
    public void A_size_or_zone_that_is_not_known_is_refused(string? size, string zone, string id, string message)
    {
        var error = Assert.Throws<ChaosException>(() => Begin(Shop, new SandboxOptions { Nodes = 1, Zones = [zone], NodeSize = size }));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_of_the_manifests_count_and_no_others()
    {
        const string Own = "\n---\napiVersion: v1\nkind: Node\nmetadata: {name: mine, labels: {node.kubernetes.io/instance-type: Standard_D8s_v5}}\n";
        var (source, simulation) = Begin(Shop + Own, new SandboxOptions());

        var node = Assert.Single(simulation.Nodes);
        Assert.Equal(("mine", 7820, true), (node.Name, node.Spec.Allocatable.MilliCpu, node.Ready));
        Assert.Empty(source.ScaleSets);
        Assert.Equal("NodesNotWanted", Assert.Throws<ChaosException>(() => Begin(Shop + Own, new SandboxOptions { Nodes = 2 })).ErrorId);
    }

    private static (SandboxSource Source, ClusterSimulation Simulation) Begin(string manifests, SandboxOptions options)
    {
        using var folder = new TextFolder(("all.yaml", manifests));
        var (source, ids) = SandboxSources.Open(folder.Path, options, SandboxFactory.Start, new YamlDocumentReader(), NullLog.Instance);
        Assert.Equal("shop", source.Name);
        return (source, new SandboxCluster(source, ids, new VirtualClock(source.StartsAt), new SimulationOptions { Seed = 1 }).Look(simulation => simulation));
    }
}
