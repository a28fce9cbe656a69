using System.Net;
using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Tests.Kubernetes.KubernetesReadTests;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class EvictionTests
{
    private const string Pods = "api/v1/namespaces/samples/pods";
    private const string Budgets = "apis/policy/v1/namespaces/samples/poddisruptionbudgets";

    [Fact]
    public async Task An_eviction_is_granted_and_refused_as_recorded()
    {
        using var client = await WithApi(replicas: 2);
        await client.Kubernetes("POST", Budgets, Budget("api"));
        var processed = await Evict(client, (await PodsOf(client))[0]);
        AssertStatus(Recorded.ReadReplacing("eviction-429-pdb-still-processed", ("fe1", "api")), processed);
        Assert.Equal("10", processed.Headers["Retry-After"]);

        client.Clock.Advance(TimeSpan.FromSeconds(1));
        var pods = await PodsOf(client);
        var granted = await Evict(client, pods[0]);
        Assert.Equal(HttpStatusCode.Created, granted.Status);
        Assert.True(JsonNode.DeepEquals(Recorded.Read("eviction-201"), granted.Json), granted.Body);

        // While it terminates, evicting it again is fine; the other pod has to stay.
        Assert.Equal(HttpStatusCode.Created, (await Evict(client, pods[0])).Status);
        client.Clock.Advance(TimeSpan.FromSeconds(0.1));
        foreach (var query in new[] { "", "?dryRun=All" })
        {
            var refused = await Evict(client, pods[1], query);
            AssertStatus(Recorded.Read("eviction-429"), refused);
            Assert.False(refused.Headers.ContainsKey("Retry-After"));
        }
    }

    [Fact]
    public async Task An_eviction_that_makes_no_sense_is_refused_as_recorded()
    {
        using var client = await WithApi(replicas: 1);
        var pod = (await PodsOf(client))[0];
        AssertStatus(Recorded.Read("eviction-404"), await Evict(client, "nosuch"));
        AssertStatus(
            Recorded.Read("eviction-400-name-mismatch"),
            await client.Kubernetes("POST", $"{Pods}/{pod}/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"other"}}"""));
        foreach (var name in new[] { "one", "two" }) await client.Kubernetes("POST", Budgets, Budget(name));
        client.Clock.Advance(TimeSpan.FromSeconds(1));
        AssertStatus(Recorded.Read("eviction-500-two-pdbs"), await Evict(client, pod));
    }

    [Fact]
    public async Task A_budget_has_the_recorded_shape_and_counts()
    {
        using var client = await WithApi(replicas: 1);
        await client.Kubernetes("POST", Budgets, Budget("api"));
        client.Clock.Advance(TimeSpan.FromSeconds(1));
        var budget = (await client.Kubernetes("GET", Budgets)).Items[0]!;
        var recorded = Recorded.Read("pdbs")["items"]![0]!;
        Assert.Equal(Recorded.Shape(recorded), Recorded.Shape(budget).Append("/metadata/annotations").Order(StringComparer.Ordinal));
        Assert.Equal(
            """{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1,"conditions":[{"type":"DisruptionAllowed","status":"False","observedGeneration":1,"reason":"InsufficientPods","message":""}]}""",
            WithoutTimes(budget["status"]!));
    }

    private static string WithoutTimes(JsonNode status)
    {
        status["conditions"]![0]!.AsObject().Remove("lastTransitionTime");
        return status.ToJsonString();
    }

    private static string Budget(string name) =>
        $$$$$"""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"{{{{{name}}}}}"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"service":"api"}}}}""";

    private static async Task<SandboxClient> WithApi(int replicas)
    {
        var client = new SandboxClient();
        await client.Kubernetes("POST", "api/v1/namespaces", """{"metadata":{"name":"samples"}}""");
        await client.Kubernetes("POST", "apis/apps/v1/namespaces/samples/deployments", $$$$$"""
            {"metadata":{"name":"api"},"spec":{"replicas":{{{{{replicas}}}}},"selector":{"matchLabels":{"service":"api"}},
            "template":{"metadata":{"labels":{"service":"api"}},"spec":{"containers":[{"name":"c","image":"demo/api:1"}]}}}}
            """);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        return client;
    }

    private static Task<SandboxClient.Answer> Evict(SandboxClient client, string pod, string query = "") =>
        client.Kubernetes("POST", $"{Pods}/{pod}/eviction{query}", $$$$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{{{{pod}}}}}","namespace":"samples"}}""");

    private static async Task<string[]> PodsOf(SandboxClient client) =>
        [.. (await client.Kubernetes("GET", Pods)).Items.Select(pod => (string)pod!["metadata"]!["name"]!)];
}
