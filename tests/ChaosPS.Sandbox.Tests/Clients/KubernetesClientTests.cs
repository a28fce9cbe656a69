using System.Net;
using ChaosPS.Sandboxes;
using ChaosPS.Time;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace ChaosPS.Sandbox.Tests.Clients;

/// <summary>The real Kubernetes client against the sandbox, through its own pipeline.</summary>
public sealed class KubernetesClientTests : IDisposable
{
    private readonly ChaosSandbox _sandbox = SandboxFactory.Create("contactsapp", 1);
    private readonly k8s.Kubernetes _client;

    public KubernetesClientTests() =>
        _client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = _sandbox.KubernetesUri.ToString() }, new Bridge(_sandbox.Handler));

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task It_lists_nodes_pods_and_workloads()
    {
        var nodes = await _client.CoreV1.ListNodeAsync();
        Assert.Equal(3, nodes.Items.Count);
        Assert.All(nodes.Items, node => Assert.Equal("True", node.Status.Conditions.Single(condition => condition.Type == "Ready").Status));
        var pods = await _client.CoreV1.ListNamespacedPodAsync("contactsapp", labelSelector: "service=searchapi");
        Assert.All(pods.Items, pod => Assert.Equal("aks-nodepool1-36421985-vmss000000", pod.Spec.NodeName));
        Assert.Equal(9, (await _client.AppsV1.ListDeploymentForAllNamespacesAsync()).Items.Count);
        Assert.Single((await _client.AppsV1.ListDaemonSetForAllNamespacesAsync()).Items);
        Assert.Equal(4, Assert.Single((await _client.NetworkingV1.ListIngressForAllNamespacesAsync()).Items).Spec.Rules[0].Http.Paths.Count);
        Assert.Equal(10, (await _client.DiscoveryV1.ListEndpointSliceForAllNamespacesAsync()).Items.Count);
        Assert.Equal(3, (await _client.CoordinationV1.ListNamespacedLeaseAsync("kube-node-lease")).Items.Count);
        Assert.NotEmpty((await _client.CoreV1.ReadNamespaceAsync("kube-system")).Uid());
        Assert.Equal("32", (await _client.Version.GetCodeAsync()).Minor);
    }

    [Fact]
    public async Task It_scales_and_patches()
    {
        var scale = await _client.AppsV1.ReadNamespacedDeploymentScaleAsync("frontend-deploy", "contactsapp");
        scale.Spec.Replicas = 2;
        await _client.AppsV1.ReplaceNamespacedDeploymentScaleAsync(scale, "frontend-deploy", "contactsapp");
        await _client.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch("""{"metadata":{"labels":{"tier":"web"}}}""", V1Patch.PatchType.StrategicMergePatch), "frontend-deploy", "contactsapp");
        Step(TimeSpan.FromSeconds(20));
        var deployment = await _client.AppsV1.ReadNamespacedDeploymentAsync("frontend-deploy", "contactsapp");
        Assert.Equal((2, "web"), (deployment.Status.ReadyReplicas ?? 0, deployment.Labels()["tier"]));
    }

    [Fact]
    public async Task A_replace_with_what_was_read_changes_nothing()
    {
        foreach (var read in (await _client.AppsV1.ListNamespacedDeploymentAsync("contactsapp")).Items)
        {
            var replaced = await _client.AppsV1.ReplaceNamespacedDeploymentAsync(read, read.Name(), "contactsapp");
            Assert.Equal((read.Generation(), read.Name()), (replaced.Generation(), replaced.Name()));
        }

        var node = await _client.CoreV1.ReadNodeAsync("aks-nodepool1-36421985-vmss000000");
        node.Spec.Unschedulable = true;
        Assert.True((await _client.CoreV1.ReplaceNodeAsync(node, node.Name())).Spec.Unschedulable);
        Step(TimeSpan.FromSeconds(60));
        Assert.Contains((await _client.CoreV1.ListNamespacedPodAsync("contactsapp")).Items, pod => pod.Name() == "ca-deploy-7d6855964c-sn7wm");
    }

    [Fact]
    public async Task A_change_after_another_rolls_out_only_what_it_changes()
    {
        var deployment = await _client.AppsV1.ReadNamespacedDeploymentAsync("ca-deploy", "contactsapp");
        deployment.Spec.Template.Spec.Containers[0].Env = [new V1EnvVar { Name = "LEVEL", Value = "debug" }];
        await _client.AppsV1.ReplaceNamespacedDeploymentAsync(deployment, "ca-deploy", "contactsapp");
        Step(TimeSpan.FromSeconds(60));
        var pods = await Pods();

        deployment = await _client.AppsV1.ReadNamespacedDeploymentAsync("ca-deploy", "contactsapp");
        deployment.Spec.Replicas = 2;
        await _client.AppsV1.ReplaceNamespacedDeploymentAsync(deployment, "ca-deploy", "contactsapp");
        Step(TimeSpan.FromSeconds(60));
        var grown = await Pods();
        Assert.Equal(2, grown.Count);
        Assert.Contains(pods.Single(), grown);

        async Task<List<string>> Pods() =>
            [.. (await _client.CoreV1.ListNamespacedPodAsync("contactsapp", labelSelector: "service=contactsapi")).Items.Select(pod => pod.Name())];
    }

    [Fact]
    public async Task It_makes_watches_applies_and_deletes()
    {
        await _client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "samples" } });
        var list = await _client.CoreV1.ListNamespacedConfigMapAsync("samples");
        var map = await _client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a" }, Data = new Dictionary<string, string> { ["x"] = "1" } }, "samples");
        map.Data["x"] = "2";
        await _client.CoreV1.ReplaceNamespacedConfigMapAsync(map, "a", "samples");
        map.Metadata = new V1ObjectMeta { Name = "a" };
        map.Data["x"] = "3";
        await _client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch(map, V1Patch.PatchType.ApplyPatch), "a", "samples", fieldManager: "me", force: true);
        await _client.CoreV1.DeleteNamespacedConfigMapAsync("a", "samples");

        var seen = new List<string>();
        await foreach (var (type, item) in _client.CoreV1.WatchListNamespacedConfigMapAsync("samples", resourceVersion: list.ResourceVersion()))
        {
            seen.Add($"{type} {item.Data["x"]}");
            if (type == WatchEventType.Deleted) break;
        }

        Assert.Equal(["Added 1", "Modified 2", "Modified 3", "Deleted 3"], seen);
    }

    [Fact]
    public async Task It_understands_the_refusals()
    {
        var error = await Assert.ThrowsAsync<HttpOperationException>(() => _client.CoreV1.ReadNamespacedPodAsync("nosuch", "contactsapp"));
        Assert.Equal(HttpStatusCode.NotFound, error.Response.StatusCode);
        Assert.Equal("NotFound", KubernetesJson.Deserialize<V1Status>(error.Response.Content).Reason);
    }

    private void Step(TimeSpan duration) => ((VirtualClock)_sandbox.Clock).Advance(duration);

    /// <summary>Where the client would put its own transport.</summary>
    private sealed class Bridge(HttpMessageHandler sandbox) : DelegatingHandler
    {
        private readonly HttpMessageInvoker _sandbox = new(sandbox, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _sandbox.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _sandbox.Dispose();
            base.Dispose(disposing);
        }
    }
}
