using System.Globalization;
using ChaosPS.Errors;

namespace ChaosPS.Sandbox.Tests;

public class ContactsAppTests
{
    private const string Vmss = "aks-nodepool1-36421985-vmss";

    /// <summary>What the workshop prints for <c>kubectl get pods -n contactsapp -o wide</c>.</summary>
    private static readonly string[] s_listing =
    [
        "ca-deploy-7d6855964c-sn7wm                       1/1 Running 0 3d19h 10.244.7.18  00000a",
        "frontend-deploy-5d85979b7b-m4cjx                 1/1 Running 0 16d   10.244.6.6   000009",
        "mssql-deployment-5998699cd8-9rpx5                1/1 Running 0 16d   10.244.6.13  000009",
        "resources-deploy-7f5f968587-ql2bg                1/1 Running 0 3d19h 10.244.7.19  00000a",
        "resources-function-deploy-58744cb66-tlvrh        1/1 Running 0 3d19h 10.244.7.16  00000a",
        "search-deploy-88bd76564-6s9dh                    1/1 Running 0 3d19h 10.244.2.223 000000",
        "search-deploy-88bd76564-744xn                    1/1 Running 0 3d19h 10.244.2.222 000000",
        "search-function-deploy-84b4b6bc84-sdxdr          1/1 Running 0 3d19h 10.244.7.17  00000a",
        "textanalytics-function-deploy-6bc56f6b8c-jxqsk   1/1 Running 0 3d19h 10.244.7.20  00000a",
        "visitreports-deploy-5fc8bf9cf5-gfv9r             1/1 Running 1 16d   10.244.6.8   000009",
    ];

    [Fact]
    public async Task The_pods_are_those_of_the_workshop_s_listing()
    {
        using var client = new SandboxClient();
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods")).Items.Select(pod => string.Join(' ',
            pod!["metadata"]!["name"],
            $"{pod["status"]!["containerStatuses"]!.AsArray().Count(container => (bool)container!["ready"]!)}/{pod["spec"]!["containers"]!.AsArray().Count}",
            pod["status"]!["phase"],
            pod["status"]!["containerStatuses"]!.AsArray().Sum(container => (int)container!["restartCount"]!),
            Age(client, (string)pod["metadata"]!["creationTimestamp"]!),
            pod["status"]!["podIP"],
            ((string)pod["spec"]!["nodeName"]!)[Vmss.Length..]));
        Assert.Equal(s_listing.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))), pods);
    }

    [Fact]
    public async Task The_nodes_are_those_of_the_workshop_with_kubernetes_1_32()
    {
        using var client = new SandboxClient();
        var nodes = (await client.Kubernetes("GET", "api/v1/nodes")).Items;
        Assert.Equal([$"{Vmss}000000", $"{Vmss}000009", $"{Vmss}00000a"], nodes.Select(node => (string)node!["metadata"]!["name"]!));
        Assert.Equal(["27d", "16d", "16d"], nodes.Select(node => Age(client, (string)node!["metadata"]!["creationTimestamp"]!)));
        Assert.Equal(["0", "9", "10"], nodes.Select(node => ((string)node!["spec"]!["providerID"]!).Split('/')[^1]));
        Assert.All(nodes, node =>
        {
            Assert.StartsWith("v1.32.", (string)node!["status"]!["nodeInfo"]!["kubeletVersion"]!, StringComparison.Ordinal);
            Assert.Equal("True", (string)node["status"]!["conditions"]!.AsArray().Single(condition => (string)condition!["type"]! == "Ready")!["status"]!);
            Assert.Equal((string)node["metadata"]!["name"]!, (string)node["metadata"]!["labels"]!["kubernetes.io/hostname"]!);
        });
        Assert.Equal(["westeurope-1", "westeurope-2", "westeurope-3"], nodes.Select(node => (string)node!["metadata"]!["labels"]!["topology.kubernetes.io/zone"]!));
    }

    [Fact]
    public async Task Every_pod_of_the_application_carries_its_labels_requests_and_a_readiness_probe()
    {
        using var client = new SandboxClient();
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/contactsapp/pods?labelSelector=application%3Dscmcontacts")).Items;
        Assert.Equal(10, pods.Count);
        Assert.All(pods, pod =>
        {
            var container = pod!["spec"]!["containers"]![0]!;
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.NotNull(container["readinessProbe"]);
            Assert.NotNull(pod["metadata"]!["labels"]!["service"]);
        });
    }

    [Fact]
    public async Task An_ingress_controller_runs_on_every_node_in_a_namespace_of_its_own()
    {
        using var client = new SandboxClient();
        var pods = (await client.Kubernetes("GET", "api/v1/namespaces/ingress-nginx/pods")).Items;
        Assert.Equal([$"{Vmss}000000", $"{Vmss}000009", $"{Vmss}00000a"], pods.Select(pod => (string)pod!["spec"]!["nodeName"]!).Order());
    }

    [Fact]
    public async Task The_ingress_publishes_four_paths()
    {
        using var client = new SandboxClient();
        var ingress = Assert.Single((await client.Kubernetes("GET", "apis/networking.k8s.io/v1/ingresses")).Items);
        var paths = ingress!["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray().Select(path => $"{path!["path"]} {path["backend"]!["service"]!["name"]}");
        Assert.Equal(
            ["/api/contacts/ contactsapi", "/ frontend", "/api/search/contacts searchapi", "/api/visitreports/reports visitreportsapi"], paths);
    }

    [Fact]
    public void The_environment_is_what_the_workshop_s_experiment_reads()
    {
        var environment = SandboxFactory.Create("contactsapp", 1).Environment;
        Assert.Equal("MC_contactsapp-rg_contactsapp_westeurope", environment["AZURE_CLUSTER_RESOURCE_GROUP"]);
        Assert.Equal(Vmss, environment["AZURE_CLUSTER_VMSS_NAME"]);
        Assert.Equal($"{Vmss}_0", environment["AZURE_CLUSTER_VMSS_INSTANCE0"]);
        Assert.Equal($"{Vmss}_10", environment["AZURE_CLUSTER_VMSS_INSTANCE2"]);
        Assert.Equal("contactsapp.sandbox", environment["APP_ENDPOINT"]);
        Assert.Contains("AZURE_SUBSCRIPTION_ID", environment.Keys);
    }

    [Fact]
    public void An_unknown_sandbox_is_an_error_that_names_those_that_there_are()
    {
        var error = Assert.Throws<ChaosException>(() => SandboxFactory.Create("contacts", 1));
        Assert.Equal("SandboxNotFound", error.ErrorId);
        Assert.Contains("contactsapp", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_leaves_the_sandbox()
    {
        using var client = new SandboxClient();
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.Send("GET", new Uri("https://example.org/"), null, "", null));
        Assert.Contains("example.org", error.Message, StringComparison.Ordinal);
        Assert.Contains("management.contactsapp.sandbox", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_seed_gives_one_cluster_down_to_its_ids()
    {
        Assert.Equal(await Dump(7), await Dump(7));
        Assert.NotEqual(await Dump(7), await Dump(8));

        static async Task<string> Dump(int seed)
        {
            using var client = new SandboxClient(seed);
            return (await client.Kubernetes("GET", "api/v1/pods")).Body + (await client.Kubernetes("GET", "api/v1/nodes")).Body;
        }
    }

    /// <summary>kubectl's AGE for times of more than a day.</summary>
    private static string Age(SandboxClient client, string created)
    {
        var age = client.Sandbox.Now - DateTimeOffset.Parse(created, CultureInfo.InvariantCulture);
        return age.Days < 10 ? $"{age.Days}d{age.Hours}h" : $"{age.Days}d";
    }
}
