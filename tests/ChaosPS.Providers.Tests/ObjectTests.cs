using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests;

/// <summary>Objects of any kind, through the real client against the sandbox.</summary>
public sealed class ObjectTests
{
    private const string Space = "contactsapp";

    private static readonly ApiResource s_policies = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);
    private static readonly ApiResource s_pods = new("", "v1", "Pod", "pods", true);
    private static readonly ObjectReference s_policy = new(s_policies, Space, "quiet");

    private readonly ChaosConnection _connection = new Composition().Connect(SandboxFactory.Create("contactsapp", seed: 7));

    private ICluster Cluster => _connection.Cluster;

    [Fact]
    public Task An_object_is_made_found_changed_replaced_and_deleted() => Run(async () =>
    {
        Assert.Null(await Cluster.FindObjectAsync(s_policy, default));
        var made = await Cluster.CreateObjectAsync(s_policies, Space, Policy(), dryRun: false, default);
        Assert.NotEmpty(made.GetProperty("metadata").GetProperty("uid").GetString()!);

        await Cluster.PatchObjectAsync(s_policy, new ObjectPatch(PatchKind.Merge, Labels("b")), dryRun: false, default);
        Assert.Equal("b", Label(await Cluster.FindObjectAsync(s_policy, default)));

        var replaced = Policy();
        replaced["metadata"]!["labels"] = new JsonObject { ["a"] = "c" };
        await Cluster.ReplaceObjectAsync(s_policy, replaced, dryRun: false, default);
        Assert.Equal("c", Label(await Cluster.FindObjectAsync(s_policy, default)));

        await Cluster.DeleteObjectAsync(s_policy, new ObjectDeletion(), dryRun: false, default);
        Assert.Null(await Cluster.FindObjectAsync(s_policy, default));
    });

    [Fact]
    public Task A_dry_run_says_what_would_come_of_it_and_changes_nothing() => Run(async () =>
    {
        await Cluster.CreateObjectAsync(s_policies, Space, Policy(), dryRun: true, default);
        Assert.Null(await Cluster.FindObjectAsync(s_policy, default));
        await Cluster.CreateObjectAsync(s_policies, Space, Policy(), dryRun: false, default);

        var would = await Cluster.PatchObjectAsync(s_policy, new ObjectPatch(PatchKind.Strategic, Labels("b")), dryRun: true, default);
        await Cluster.DeleteObjectAsync(s_policy, new ObjectDeletion(), dryRun: true, default);

        Assert.Equal("b", Label(would));
        Assert.Null(Label(await Cluster.FindObjectAsync(s_policy, default)));
    });

    [Fact]
    public Task Another_object_of_the_same_name_is_not_deleted() => Run(async () =>
    {
        await Cluster.CreateObjectAsync(s_policies, Space, Policy(), dryRun: false, default);

        var error = await Assert.ThrowsAsync<ChaosException>(
            () => Cluster.DeleteObjectAsync(s_policy, new ObjectDeletion(Uid: "11111111-1111-1111-1111-111111111111"), dryRun: false, default));

        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.NotNull(await Cluster.FindObjectAsync(s_policy, default));
    });

    [Fact]
    public Task A_list_is_selected_by_labels_and_fields_and_cut_off() => Run(async () =>
    {
        var all = await Names(new ObjectQuery(LabelSelector: "application=scmcontacts"));
        var one = await Names(ObjectQuery.Named(all[0]));
        var two = await Names(new ObjectQuery(LabelSelector: "application=scmcontacts", Limit: 2));

        Assert.Equal(10, all.Count);
        Assert.Equal([all[0]], one);
        Assert.Equal(2, two.Count);
    });

    [Fact]
    public Task A_wrong_selector_is_refused_before_it_is_sent() => Run(async () =>
        Assert.Equal("LabelSelectorInvalid", (await Assert.ThrowsAsync<ChaosException>(() => Names(new ObjectQuery("a=(")))).ErrorId));

    [Fact]
    public Task A_command_runs_in_a_container_and_time_passes_with_it() => Run(async () =>
    {
        var (name, container) = await FirstPodAsync();
        var begun = _connection.Time.GetUtcNow();

        var result = await Cluster.RunInPodAsync(Space, name, container, ["sh", "-c", "echo begins; sleep 7; echo is over; nothing"], TimeSpan.FromSeconds(60), default);

        Assert.Equal(new PodCommandResult(127, "begins\nis over\n", "exec: \"nothing\": executable file not found in $PATH\n"), result);
        Assert.Equal(TimeSpan.FromSeconds(7), _connection.Time.GetUtcNow() - begun);
    });

    [Fact]
    public Task A_command_that_takes_too_long_is_given_up_at_its_time() => Run(async () =>
    {
        var (name, container) = await FirstPodAsync();
        var begun = _connection.Time.GetUtcNow();

        var error = await Assert.ThrowsAsync<ChaosException>(() => Cluster.RunInPodAsync(Space, name, container, ["sleep", "1h"], TimeSpan.FromSeconds(5), default));

        Assert.Equal("PodCommandTimeout", error.ErrorId);
        Assert.Equal(TimeSpan.FromSeconds(5), _connection.Time.GetUtcNow() - begun);
    });

    [Fact]
    public Task A_container_that_is_not_there_is_refused_in_the_servers_words() => Run(async () =>
    {
        var (name, _) = await FirstPodAsync();

        var log = await Assert.ThrowsAsync<ChaosException>(() => Cluster.ReadPodLogAsync(Space, name, new PodLogQuery("nobody"), default));
        var command = await Assert.ThrowsAsync<ChaosException>(() => Cluster.RunInPodAsync(Space, name, "nobody", ["true"], TimeSpan.FromSeconds(5), default));

        Assert.Contains($"container nobody is not valid for pod {name}", log.Message, StringComparison.Ordinal);
        Assert.Contains($"container nobody is not valid for pod {name}", command.Message, StringComparison.Ordinal);
    });

    private async Task<(string Name, string Container)> FirstPodAsync()
    {
        var pod = (await Cluster.GetPodsAsync(Space, null, default))[0];
        return (pod.Name, pod.Spec.Containers[0].Name);
    }

    private async Task<IReadOnlyList<string>> Names(ObjectQuery query)
    {
        var list = await Cluster.ListObjectsAsync(s_pods, Space, query, default);
        return [.. list.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
    }

    private static JsonObject Policy() => new()
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "NetworkPolicy",
        ["metadata"] = new JsonObject { ["name"] = "quiet" },
        ["spec"] = new JsonObject { ["podSelector"] = new JsonObject(), ["policyTypes"] = new JsonArray("Ingress") },
    };

    private static JsonObject Labels(string value) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["a"] = value } } };

    private static string? Label(JsonElement? item) =>
        (string?)JsonSerializer.SerializeToNode(item)!["metadata"]!["labels"]?["a"];

    private Task Run(Func<Task> work) => _connection.Time.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(30));
}
