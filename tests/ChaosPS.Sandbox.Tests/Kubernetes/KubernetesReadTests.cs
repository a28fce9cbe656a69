using System.Net;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class KubernetesReadTests
{
    private const string Node0 = "aks-nodepool1-36421985-vmss000000";

    [Theory]
    [InlineData("api/v1/nodes", "node", "/spec/taints /spec/taints/effect /spec/taints/key /spec/taints/timeAdded")]
    [InlineData("api/v1/namespaces/contactsapp/pods", "pod", "/spec/containers/readinessProbe/tcpSocket /spec/containers/readinessProbe/tcpSocket/port")]
    [InlineData("api/v1/namespaces/ingress-nginx/pods", "daemon-pod", "")]
    [InlineData("apis/apps/v1/replicasets", "replicaset", "")]
    [InlineData("apis/discovery.k8s.io/v1/namespaces/contactsapp/endpointslices", "endpointslice", "")]
    [InlineData("apis/coordination.k8s.io/v1/leases", "lease", "")]
    [InlineData("api/v1/namespaces", "namespace", "")]
    public async Task Items_have_the_shape_of_recorded_ones(string path, string recorded, string ours)
    {
        using var client = new SandboxClient();
        var item = (await client.Kubernetes("GET", path)).Items[0];
        var missing = Recorded.Shape(Recorded.Read(recorded)).Except(Recorded.Shape(item));
        var added = Recorded.Shape(item).Except(Recorded.Shape(Recorded.Read(recorded))).Except(ours.Split(' '));
        Assert.Equal((recorded, "", ""), (recorded, string.Join(' ', missing.Where(IsOfEveryObject)), string.Join(' ', added.Where(IsOfEveryObject))));
    }

    [Fact]
    public async Task A_deployment_and_its_scale_have_the_shape_of_recorded_ones()
    {
        using var client = new SandboxClient();
        var deployment = (await client.Kubernetes("GET", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy")).Json;
        Assert.Equal(
            Recorded.Shape(Recorded.Read("deployment")).Where(IsOfEveryObject), Recorded.Shape(deployment).Where(IsOfEveryObject));
        var scale = (await client.Kubernetes("GET", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy/scale")).Json;
        Assert.Equal(Recorded.Shape(Recorded.Read("scale")), Recorded.Shape(scale));
        Assert.Equal("application=scmcontacts,service=contactsapi", (string)scale["status"]!["selector"]!);
    }

    [Theory]
    [InlineData("api/v1/namespaces/contactsapp/pods/nosuch", "pod-404")]
    [InlineData("api/v1/nosuch", "path-404")]
    [InlineData("api/v1/pods?fieldSelector=spec.foo%3Dbar", "badfield-400")]
    public async Task Reading_is_refused_as_recorded(string path, string recorded)
    {
        using var client = new SandboxClient();
        var answer = await client.Kubernetes("GET", path);
        AssertStatus(Recorded.Read(recorded), answer);
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("apis/nosuch.io/v1/things")]
    [InlineData("apis/apps/v2/deployments")]
    public async Task A_path_of_no_group_is_plain_text(string path)
    {
        using var client = new SandboxClient();
        var answer = await client.Kubernetes("GET", path);
        Assert.Equal((HttpStatusCode.NotFound, "404 page not found\n", "text/plain"), (answer.Status, answer.Body, answer.ContentType));
    }

    [Theory]
    [InlineData("POST", "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm")]
    [InlineData("PUT", "api/v1/nodes")]
    [InlineData("DELETE", "api/v1/namespaces")]
    [InlineData("DELETE", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy/scale")]
    [InlineData("POST", "version")]
    public async Task A_method_that_the_resource_lacks_is_refused_as_recorded(string method, string path)
    {
        using var client = new SandboxClient();
        AssertStatus(Recorded.Read("method-405"), await client.Kubernetes(method, path, "{}"));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_that_is_served_gets_406()
    {
        using var client = new SandboxClient();
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.Kubernetes("GET", "api/v1/nodes", accept: "application/cbor")).Status);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.Kubernetes("GET", "api/v1/nodes?watch=1", accept: "application/vnd.kubernetes.protobuf")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", "api/v1/nodes", accept: "application/vnd.kubernetes.protobuf,application/json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", "api/v1/nodes", accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", "api/v1/nodes", accept: "*/*")).Status);
    }

    [Theory]
    [InlineData("api/v1/pods?fieldSelector=spec.nodeName%3D" + Node0, 3)]
    [InlineData("api/v1/namespaces/contactsapp/pods?fieldSelector=spec.nodeName%3D" + Node0, 2)]
    [InlineData("api/v1/pods?fieldSelector=spec.nodeName!%3D" + Node0 + ",status.phase%3D%3DRunning", 10)]
    [InlineData("api/v1/pods?fieldSelector=metadata.name%3Dca-deploy-7d6855964c-sn7wm", 1)]
    [InlineData("api/v1/pods?fieldSelector=status.phase%3DPending", 0)]
    [InlineData("api/v1/pods?labelSelector=service%20in%20(searchapi,frontend)", 3)]
    [InlineData("api/v1/nodes?labelSelector=kubernetes.azure.com/mode%3Dsystem,topology.kubernetes.io/zone!%3Dwesteurope-1", 2)]
    [InlineData("api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse", 3)]
    [InlineData("apis/apps/v1/deployments?labelSelector=application%3Dscmcontacts", 9)]
    [InlineData("apis/apps/v1/statefulsets", 0)]
    [InlineData("apis/apps/v1/daemonsets", 1)]
    [InlineData("api/v1/namespaces/contactsapp/services", 9)]
    public async Task Selectors_choose(string path, int count)
    {
        using var client = new SandboxClient();
        Assert.Equal(count, (await client.Kubernetes("GET", path)).Items.Count);
    }

    [Fact]
    public async Task A_bad_label_selector_is_a_bad_request()
    {
        using var client = new SandboxClient();
        var answer = await client.Kubernetes("GET", "api/v1/pods?labelSelector=%3D%3Dx");
        Assert.Equal((HttpStatusCode.BadRequest, "BadRequest"), (answer.Status, (string)answer.Json["reason"]!));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap()
    {
        using var client = new SandboxClient();
        var all = (await client.Kubernetes("GET", "api/v1/pods")).Items.Select(Name).ToArray();
        var read = new List<string>();
        string? token = null;
        do
        {
            var page = await client.Kubernetes("GET", $"api/v1/pods?limit=5{(token is null ? "" : $"&continue={token}")}");
            read.AddRange(page.Items.Select(Name));
            token = (string?)page.Json["metadata"]!["continue"];
            Assert.Equal(all.Length - read.Count, (int?)page.Json["metadata"]!["remainingItemCount"] ?? 0);
        }
        while (token is not null);
        Assert.Equal(all, read);
    }

    [Fact]
    public async Task A_page_of_a_state_that_etcd_has_forgotten_is_gone_but_the_list_can_go_on()
    {
        using var client = new SandboxClient();
        var token = (string)(await client.Kubernetes("GET", "api/v1/pods?limit=5")).Json["metadata"]!["continue"]!;
        await client.Kubernetes("DELETE", "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm");
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", $"api/v1/pods?limit=5&continue={token}")).Status);
        client.Clock.Advance(TimeSpan.FromMinutes(6));
        var gone = await client.Kubernetes("GET", $"api/v1/pods?limit=5&continue={token}");
        var fresh = (string)gone.Json["metadata"]!["continue"]!;
        var expected = Recorded.Read("continue-410");
        expected["metadata"]!["continue"] = fresh;
        AssertStatus(expected, gone);
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", $"api/v1/pods?limit=5&continue={fresh}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.Kubernetes("GET", "api/v1/pods?limit=5&continue=nonsense")).Status);
    }

    [Fact]
    public async Task Discovery_names_what_is_served()
    {
        using var client = new SandboxClient();
        Assert.Equal(Recorded.Shape(Recorded.Read("version")), Recorded.Shape((await client.Kubernetes("GET", "version")).Json));
        Assert.Equal("ok", (await client.Kubernetes("GET", "readyz")).Body);
        var groups = (await client.Kubernetes("GET", "apis")).Json["groups"]!.AsArray().Select(group => (string)group!["preferredVersion"]!["groupVersion"]!);
        foreach (var root in groups.Select(version => $"apis/{version}").Prepend("api/v1"))
        {
            foreach (var resource in (await client.Kubernetes("GET", root)).Json["resources"]!.AsArray().Where(resource => !((string)resource!["name"]!).Contains('/', StringComparison.Ordinal)))
            {
                var isReadable = resource!["verbs"]!.AsArray().Any(verb => (string)verb! == "list");
                var expected = isReadable ? HttpStatusCode.OK : HttpStatusCode.MethodNotAllowed;
                Assert.Equal(expected, (await client.Kubernetes("GET", $"{root}/{resource["name"]}")).Status);
            }
        }
    }

    [Fact]
    public async Task Objects_stand_alone_with_their_kind()
    {
        using var client = new SandboxClient();
        foreach (var path in new[]
        {
            $"api/v1/nodes/{Node0}", "api/v1/namespaces/kube-system", "api/v1/namespaces/contactsapp/pods/ca-deploy-7d6855964c-sn7wm",
            "apis/apps/v1/namespaces/contactsapp/replicasets/ca-deploy-7d6855964c", "api/v1/namespaces/contactsapp/services/frontend",
            $"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{Node0}", "apis/networking.k8s.io/v1/namespaces/contactsapp/ingresses/contactsapp",
        })
        {
            var item = (await client.Kubernetes("GET", path)).Json;
            Assert.Equal(path.Split('/')[^1], (string)item["metadata"]!["name"]!);
            Assert.NotNull(item["kind"]);
            Assert.NotNull(item["apiVersion"]);
        }
    }

    internal static void AssertStatus(JsonObject recorded, SandboxClient.Answer answer)
    {
        Assert.Equal((int)recorded["code"]!, (int)answer.Status);
        Assert.True(JsonNode.DeepEquals(recorded, answer.Json), $"expected {recorded.ToJsonString()}, got {answer.Body}");
    }

    /// <summary>Leaves out what an object has only because of how it was made: by apply, with limits, one or several at once.</summary>
    private static bool IsOfEveryObject(string path) =>
        path is not "/metadata/annotations" && !path.Contains("probe", StringComparison.OrdinalIgnoreCase) && !path.StartsWith("/spec/volumes", StringComparison.Ordinal)
        && !path.Contains("volumeMounts", StringComparison.Ordinal) && !path.Contains("/resources/", StringComparison.Ordinal) && !path.Contains("/ports", StringComparison.Ordinal)
        && !path.StartsWith("/spec/nodeSelector", StringComparison.Ordinal);

    private static string Name(JsonNode? item) => (string)item!["metadata"]!["name"]!;
}
