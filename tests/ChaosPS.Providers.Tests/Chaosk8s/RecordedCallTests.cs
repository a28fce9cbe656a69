using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>
/// The calls of each activity beside those that chaosk8s 0.39.0 made, recorded at a fake API server. What changes something must be the same: verb, path,
/// kind of patch and body. What only reads may be more here, for what is there is read before it is changed, and asked for in a dry run.
/// </summary>
public sealed class RecordedCallTests
{
    private const int RecordedLength = 250;

    /// <summary>What is not the same, and why.</summary>
    private static readonly Dictionary<string, string> s_differences = new()
    {
        ["chaosmesh.network.actions.add_latency"] = "metadata.ns is no field; an empty target is all pods, and is left out",
        ["chaosmesh.network.actions.corrupt_packets"] = "as add_latency",
        ["chaosmesh.network.actions.duplicate_packets"] = "as add_latency",
        ["chaosmesh.network.actions.reorder_packets"] = "as add_latency",
        ["chaosmesh.network.actions.set_bandwidth"] = "as add_latency; the action is bandwidth, not bandwdith",
        ["chaosmesh.network.actions.set_loss"] = "as add_latency",
        ["chaosmesh.stress.actions.stress_cpu"] = "metadata.ns is no field; StressChaos has no direction, and takes no containerNames of null",
        ["chaosmesh.stress.actions.stress_memory"] = "as stress_cpu; fields that are not given are left out",
        ["crd.actions.apply_from_json"] = "the object is sent, not a text of it",
        ["crd.actions.apply_from_yaml"] = "the object is sent, not a text of it",
        ["crd.actions.patch_cluster_custom_object"] = "a mapping is a merge patch: custom resources have no strategic one",
        ["crd.actions.patch_custom_object"] = "a mapping is a merge patch: custom resources have no strategic one",
        ["crd.actions.replace_cluster_custom_object"] = "works: the argument force is not passed on",
        ["crd.actions.replace_custom_object"] = "works: the argument force is not passed on",
        ["deployment.actions.rollout_deployment"] = "works: the recorder gave no name",
        ["networking.actions.create_network_policy"] = "refused: the recorder's policy has no name, so nobody could remove it again",
        ["node.actions.create_node"] = "apiVersion and kind are sent too",
        ["node.actions.cordon_node"] = "a merge patch that carries the resource version",
        ["node.actions.uncordon_node"] = "a node that is open already is left alone",
        ["node.actions.drain_nodes"] = "cordons by a merge patch; evicts on condition that it is the same pod",
    };

    /// <summary>The recorder's arguments, by name.</summary>
    private static readonly JsonObject s_arguments = JsonNode.Parse("""
        {"name": "web", "replicas": 1, "spec_path": "spec.json", "label_selector": "app=web", "spec": {"spec": {}}, "group": "g.io", "version": "v1",
         "plural": "things", "workers": 1, "load": 10, "rate": "1mbps", "limit": 100, "buffer": 100, "cmd": "ls -l", "container_name": "c",
         "meta": {"name": "n1"}, "pattern": "x", "label_selectors": {"app": "web"}, "conditions": [{"type": "Ready", "status": "True"}],
         "resource": {"apiVersion": "g.io/v1", "kind": "Thing", "metadata": {"name": "web"}}}
        """)!.AsObject();

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonObject s_recorded = JsonNode.Parse(FakeServer.Recorded("chaosk8s-calls"))!.AsObject();

    public static TheoryData<string> Names { get; } = [.. s_recorded.Select(static entry => NameOf(entry.Key)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_activity_of_chaosk8s_was_recorded() => Assert.Equal(s_recorded.Select(static entry => NameOf(entry.Key)).Order(StringComparer.Ordinal), ActivityCases.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_changes_are_those_that_were_recorded_or_the_difference_has_a_reason(string name)
    {
        var recorded = s_recorded.First(entry => NameOf(entry.Key) == name).Value!["calls"]!.AsArray().Select(static call => (string)call!).ToArray();
        var calls = await CallsAsync(name);

        string[] expected = [.. recorded.Where(static call => !call.StartsWith("GET ", StringComparison.Ordinal))];
        string[] made = [.. calls.Where(static call => call.Method != "GET" && !call.Query.Contains("dryRun", StringComparison.Ordinal)).Select(Written)];
        var same = expected.Length == made.Length && expected.Zip(made).All(static pair => IsSame(pair.First, pair.Second));
        Assert.True(
            same != s_differences.ContainsKey(name),
            $"{(same ? "no longer differs" : "differs")}\nrecorded:\n{string.Join('\n', expected)}\nmade:\n{string.Join('\n', made)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_probe_reads_is_what_was_recorded(string name)
    {
        if (!name.Contains("probes.", StringComparison.Ordinal)) return;
        var recorded = s_recorded.First(entry => NameOf(entry.Key) == name).Value!["calls"]!.AsArray().Select(static call => (string)call!).ToArray();
        var calls = await CallsAsync(name);

        // A state that is waited for is looked at every second here, and watched there.
        string[] made = [.. calls.Where(static call => call.Method == "GET").Select(static call => Read(call.Path, call.Query))];
        Assert.All(recorded, call =>
        {
            var (path, query) = call["GET ".Length..].Split('?') is [var before, var after] ? (before, Uri.UnescapeDataString(after)) : (call["GET ".Length..], "");
            Assert.Contains(Read(path, query), made);
        });
    }

    private static string NameOf(string recorded) => recorded["chaosk8s.".Length..].Replace(':', '.');

    private static async Task<IReadOnlyList<(string Method, string Path, string Query, string Type, string Body)>> CallsAsync(string name)
    {
        var activity = ActivityCatalogue.All.Single(activity => activity.ToString() == $"chaosk8s.{name}");
        var isCreation = !activity.Function.StartsWith("remove_", StringComparison.Ordinal) && new[] { "create_", "apply_", "deny_", "allow_", "start_", "add_", "set_", "_packets", "stress_" }.Any(part => activity.Function.Contains(part, StringComparison.Ordinal));
        using var api = new RecordingApi(isThere: !isCreation);
        using var world = new ActivityWorld(api);
        world.File("spec.json", """{"apiVersion": "v1", "kind": "X", "metadata": {"name": "web"}, "spec": {}}""");
        var arguments = activity.Arguments.Where(argument => s_arguments.ContainsKey(argument.Name) && IsGiven(activity, argument));
        var given = $"{{{string.Join(',', arguments.Select(argument => $"\"{argument.Name}\":{Value(argument, name)}"))}}}";
        await world.RunAsync([new Act(name, given)], allowIrreversible: true);
        return api.Calls;
    }

    /// <summary>The recorder gave labels where an activity takes a name or labels, and little of what need not be given.</summary>
    private static bool IsGiven(NativeActivity activity, ActivityArgument argument) => argument.Name switch
    {
        "name" => argument.Required || activity.Module.StartsWith("chaosk8s.node.", StringComparison.Ordinal)
            || activity.Arguments.All(static other => other.Name != "label_selector"),
        "workers" or "limit" => argument.Required,
        "container_name" => !activity.Module.StartsWith("chaosk8s.chaosmesh", StringComparison.Ordinal),
        "spec_path" => activity.Function != "create_namespace",
        _ => true,
    };

    private static string Value(ActivityArgument argument, string name) =>
        argument.Name == "resource" && name.Contains("apply_from", StringComparison.Ordinal) ? JsonSerializer.Serialize(s_arguments["resource"]!.ToJsonString())
        : s_arguments[argument.Name]!.ToJsonString();

    private static string Written((string Method, string Path, string Query, string Type, string Body) call)
    {
        var text = new StringBuilder($"{call.Method} {call.Path}");
        if (call.Method == "PATCH") text.Append($" [{call.Type}]");
        if (call.Method is not "DELETE") text.Append($" body: {Spaced(JsonNode.Parse(call.Body)!)}");
        return text.ToString();
    }

    /// <summary>JSON as Python writes it.</summary>
    private static string Spaced(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(", ", members.Select(static member => $"\"{member.Key}\": {Spaced(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(Spaced))}]",
        _ => JsonSerializer.Serialize(node, s_plain),
    };

    /// <summary>The recorder cut bodies off.</summary>
    private static bool IsSame(string recorded, string made) => recorded == made
        || (recorded.Contains(" body: ", StringComparison.Ordinal) && recorded.Length >= RecordedLength && made.StartsWith(recorded, StringComparison.Ordinal));

    private static string Read(string path, string query) => $"{path}?{string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Where(static part => !part.StartsWith("limit=", StringComparison.Ordinal) && !part.StartsWith("watch=", StringComparison.Ordinal))
        .Select(static part => part.ToLowerInvariant()).Order(StringComparer.Ordinal))}";
}
