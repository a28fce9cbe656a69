using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using static ChaosPS.Sandbox.Tests.Kubernetes.KubernetesReadTests;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class WatchTests
{
    private const string Pods = "api/v1/namespaces/contactsapp/pods";
    private const string Maps = "api/v1/namespaces/default/configmaps";
    private const string Pod = "ca-deploy-7d6855964c-sn7wm";
    private const string Deployment = "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy";
    private const string Merge = "application/merge-patch+json";

    [Fact]
    public async Task A_watch_begins_with_what_is_there_and_goes_on_with_what_happens()
    {
        using var client = new SandboxClient();
        using var watch = await Watching.Begin(client, $"{Pods}?watch=true&labelSelector=service%3Dcontactsapi");
        Assert.Equal([$"ADDED {Pod}"], await watch.Next(1));

        await client.Kubernetes("DELETE", $"{Pods}/{Pod}");
        var terminating = await watch.Next();
        Assert.Equal("MODIFIED", (string)terminating!["type"]!);
        Assert.Equal(30, (int)terminating["object"]!["metadata"]!["deletionGracePeriodSeconds"]!);
    }

    [Fact]
    public async Task A_final_delete_is_seen_as_recorded_with_the_time_moved_back_and_then_gone()
    {
        using var client = new SandboxClient();
        var version = await Version(client, Pods);
        await client.Kubernetes("DELETE", $"{Pods}/{Pod}");
        client.Clock.Advance(TimeSpan.FromSeconds(10));
        using var watch = await Watching.Begin(client, $"{Pods}?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3D{Pod}");

        var events = new List<JsonObject>();
        do events.Add((await watch.Next())!);
        while ((string)events[^1]["type"]! != "DELETED");
        var graces = events.Select(item => (int)item["object"]!["metadata"]!["deletionGracePeriodSeconds"]!);
        Assert.Equal(new[] { 30, 30, 0, 0 }, graces);
        var times = events.Select(item => (string)item["object"]!["metadata"]!["deletionTimestamp"]!).ToArray();
        Assert.True(string.CompareOrdinal(times[2], times[1]) < 0);
        var versions = events.Select(item => long.Parse((string)item["object"]!["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(versions.Order().Distinct(), versions);
    }

    [Fact]
    public async Task Nothing_between_a_list_and_its_watch_is_missed()
    {
        using var client = new SandboxClient();
        var version = await Version(client, Maps);
        await client.Kubernetes("POST", Maps, """{"metadata":{"name":"a"}}""");
        await client.Kubernetes("PATCH", $"{Maps}/a", """{"data":{"x":"1"}}""", Merge);
        await client.Kubernetes("DELETE", $"{Maps}/a");
        using var watch = await Watching.Begin(client, $"{Maps}?watch=1&resourceVersion={version}");
        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a"], await watch.Next(3));
    }

    [Fact]
    public async Task An_object_comes_into_the_sight_of_a_selector_and_leaves_it()
    {
        using var client = new SandboxClient();
        var version = await Version(client, Maps);
        using var watch = await Watching.Begin(client, $"{Maps}?watch=1&resourceVersion={version}&labelSelector=tier%3Dweb");
        await client.Kubernetes("POST", Maps, """{"metadata":{"name":"a"}}""");
        foreach (var (at, tier) in new[] { "web", "web", "back" }.Index())
        {
            await client.Kubernetes("PATCH", $"{Maps}/a", $$$$"""{"metadata":{"labels":{"tier":"{{{{tier}}}}"}},"data":{"at":"{{{{at}}}}"}}""", Merge);
        }

        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a"], await watch.Next(3));
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark_as_recorded()
    {
        using var client = new SandboxClient();
        using var watch = await Watching.Begin(
            client, $"{Pods}?watch=true&labelSelector=service%3Dcontactsapi&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        Assert.Equal([$"ADDED {Pod}"], await watch.Next(1));
        var bookmark = (await watch.Next())!;
        Assert.Equal(("BOOKMARK", "Pod"), ((string)bookmark["type"]!, (string)bookmark["object"]!["kind"]!));
        Assert.Equal("true", (string)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!);
    }

    [Fact]
    public async Task Bookmarks_come_every_minute_to_who_wants_them()
    {
        using var client = new SandboxClient();
        using var watch = await Watching.Begin(client, $"{Maps}?watch=true&allowWatchBookmarks=true&resourceVersion={await Version(client, Maps)}");
        var next = watch.Next();
        while (!next.IsCompleted)
        {
            // Something has to happen anywhere in the cluster for a watch to wake up.
            client.Clock.Advance(TimeSpan.FromSeconds(30));
            await client.Kubernetes("POST", "api/v1/namespaces", """{"metadata":{"generateName":"n-"}}""");
            await Task.Yield();
        }

        Assert.Equal("BOOKMARK", (string)(await next)!["type"]!);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        using var client = new SandboxClient();
        using var watch = await Watching.Begin(client, $"{Maps}?watch=true&timeoutSeconds=5");
        var next = watch.Next();
        while (!next.IsCompleted)
        {
            client.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Null(await next);
    }

    [Fact]
    public async Task A_rollout_is_seen_step_by_step()
    {
        using var client = new SandboxClient();
        var version = await Version(client, "apis/apps/v1/namespaces/contactsapp/deployments");
        using var watch = await Watching.Begin(client, $"apis/apps/v1/namespaces/contactsapp/deployments?watch=true&resourceVersion={version}");
        await client.Kubernetes("PATCH", Deployment, """{"spec":{"replicas":3}}""", Merge);
        client.Clock.Advance(TimeSpan.FromSeconds(20));
        JsonNode status;
        do status = (await watch.Next())!["object"]!["status"]!;
        while ((int?)status["availableReplicas"] != 3);
        Assert.Equal(2, (int)status["observedGeneration"]!);
    }

    [Theory]
    [InlineData("api/v1/pods", "too old resource version: 1 (")]
    [InlineData("api/v1/events", "The resourceVersion for the provided watch is too old.")]
    public async Task A_watch_from_too_long_ago_ends_with_an_error(string path, string message)
    {
        using var client = new SandboxClient();
        using var watch = await Watching.Begin(client, $"{path}?watch=true&resourceVersion=1");
        var refusal = (await watch.Next())!;
        Assert.Equal(("ERROR", 410, "Expired"), ((string)refusal["type"]!, (int)refusal["object"]!["code"]!, (string)refusal["object"]!["reason"]!));
        Assert.StartsWith(message, (string)refusal["object"]!["message"]!, StringComparison.Ordinal);
        Assert.Null(await watch.Next());
    }

    [Fact]
    public async Task The_history_is_bounded_and_says_so()
    {
        using var client = new SandboxClient();
        await client.Kubernetes("POST", Maps, """{"metadata":{"name":"a"}}""");
        var version = await Version(client, Maps);
        for (var i = 0; i < 2 * ChangeHistory.Capacity; i++)
        {
            await client.Kubernetes("PATCH", $"{Maps}/a", $$$$"""{"data":{"x":"{{{{i}}}}"}}""", Merge);
        }

        using var old = await Watching.Begin(client, $"{Maps}?watch=true&resourceVersion={version}");
        Assert.Equal("ERROR", (string)(await old.Next())!["type"]!);
        using var recent = await Watching.Begin(client, $"{Maps}?watch=true&resourceVersion={long.Parse(await Version(client, Maps), System.Globalization.CultureInfo.InvariantCulture) - 10}");
        Assert.Equal(Enumerable.Repeat("MODIFIED a", 10), await recent.Next(10));
    }

    [Fact]
    public async Task Versions_that_make_no_sense_are_refused_as_recorded()
    {
        using var client = new SandboxClient();
        AssertStatus(Recorded.Read("badrv-500"), await client.Kubernetes("GET", "api/v1/pods?resourceVersion=abc"));
        var future = Recorded.Read("futurerv-504");
        future["message"] = ((string)future["message"]!).Replace("718", await Version(client, Pods), StringComparison.Ordinal);
        var answer = await client.Kubernetes("GET", "api/v1/pods?resourceVersion=99999999");
        AssertStatus(future, answer);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        AssertStatus(Recorded.Read("list-410-exact"), await client.Kubernetes("GET", "api/v1/pods?resourceVersion=1&resourceVersionMatch=Exact"));
        Assert.Equal(HttpStatusCode.OK, (await client.Kubernetes("GET", "api/v1/pods?resourceVersion=0")).Status);
    }

    private static async Task<string> Version(SandboxClient client, string path) => (string)(await client.Kubernetes("GET", path)).Json["metadata"]!["resourceVersion"]!;
}
