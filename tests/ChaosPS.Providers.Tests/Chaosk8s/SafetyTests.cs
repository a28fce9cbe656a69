using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>What activities of chaosk8s refuse, and what a run leaves.</summary>
public sealed class SafetyTests : IDisposable
{
    private const string S = ActivityWorld.Space;
    private const string Front = "frontend-deploy";

    private readonly ActivityWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("deployment.actions.delete_deployment", $$"""{"ns":"{{S}}"}""", "SelectionMissing")]
    [InlineData("deployment.actions.delete_deployment", $$"""{"ns":"{{S}}","name":"","label_selector":""}""", "SelectionMissing")]
    [InlineData("statefulset.actions.remove_statefulset", "{}", "SelectionMissing")]
    [InlineData("daemonset.actions.delete_daemon_set", "{}", "SelectionMissing")]
    [InlineData("replicaset.actions.delete_replica_set", $$"""{"ns":"{{S}}"}""", "SelectionMissing")]
    [InlineData("pod.actions.delete_pods", $$"""{"ns":"{{S}}"}""", "SelectionMissing")]
    [InlineData("pod.actions.terminate_pods", "{}", "SelectionMissing")]
    [InlineData("pod.actions.terminate_pods", """{"all":true}""", "SelectionMissing")]
    [InlineData("pod.actions.terminate_pods", $$"""{"ns":"{{S}}","label_selector":""}""", "SelectionMissing")]
    [InlineData("pod.actions.terminate_pods", $$"""{"ns":"{{S}}","name_pattern":""}""", "SelectionMissing")]
    [InlineData("node.actions.cordon_node", "{}", "SelectionMissing")]
    [InlineData("node.actions.uncordon_node", """{"name":""}""", "SelectionMissing")]
    [InlineData("node.actions.drain_nodes", """{"label_selector":""}""", "SelectionMissing")]
    [InlineData("node.actions.delete_nodes", "{}", "SelectionMissing")]
    [InlineData("chaosmesh.network.actions.set_loss", """{"name":"f","loss":"10"}""", "SelectionMissing")]
    [InlineData("node.actions.drain_nodes", """{"pod_label_selector":"a=b"}""", "ArgumentInvalid")]
    [InlineData("pod.actions.terminate_pods", $$"""{"ns":"{{S}}","label_selector":"a=b","qty":0}""", "ArgumentInvalid")]
    [InlineData("pod.actions.terminate_pods", $$"""{"ns":"{{S}}","label_selector":"a=b","mode":"some"}""", "ArgumentInvalid")]
    [InlineData("deployment.actions.delete_deployment", $$"""{"ns":"{{S}}","name":"nobody"}""", "NothingMatched")]
    [InlineData("deployment.actions.scale_deployment", $$"""{"ns":"{{S}}","name":"nobody","replicas":1}""", "NothingMatched")]
    [InlineData("pod.actions.terminate_pods", $$"""{"ns":"{{S}}","label_selector":"a=b"}""", "NothingMatched")]
    [InlineData("node.actions.cordon_node", """{"name":"nobody"}""", "NothingMatched")]
    [InlineData("service.actions.delete_service", """{"name":"nobody"}""", "NothingMatched")]
    [InlineData("namespace.actions.delete_namespace", $$"""{"name":"{{S}}"}""", "IrreversibleNotAllowed")]
    [InlineData("pod.actions.exec_in_pods", $$"""{"cmd":["ls"],"ns":"{{S}}"}""", "IrreversibleNotAllowed")]
    [InlineData("node.actions.delete_nodes", """{"rand":true}""", "IrreversibleNotAllowed")]
    [InlineData("deployment.actions.create_deployment", """{"spec_path":"nothing.yaml"}""", "FileNotFound")]
    [InlineData("deployment.actions.create_deployment", """{"spec_path":"nothing.txt"}""", "SpecFileInvalid")]
    [InlineData("crd.actions.apply_from_json", """{"resource":"{\"apiVersion\":\"g.io/v1\",\"kind\":\"Nobody\",\"metadata\":{\"name\":\"x\"}}"}""", "KindUnknown")]
    public async Task What_would_take_everything_or_nothing_is_refused_before_anything_is_touched(string function, string arguments, string error)
    {
        var run = await _world.RunAsync([new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}","replicas":3}"""), new(function, arguments)]);

        Assert.Equal((RunOutcome.NotStarted, error), (run.Outcome, run.ErrorId));
        Assert.Empty(run.Activities);
        Assert.Equal(1, (int)(await DeploymentAsync())!["spec"]!["replicas"]!);
    }

    [Theory]
    [InlineData("serves", RunOutcome.Passed)]
    [InlineData("panic", RunOutcome.NotStarted)]
    public async Task A_probes_logs_are_searched_by_its_tolerance(string pattern, RunOutcome expected)
    {
        var run = await _world.RunAsync([], more: $$"""
            {"steady-state-hypothesis": {"title": "h", "probes": [{"type": "probe", "name": "logs",
              "provider": {"type": "python", "module": "chaosk8s.pod.probes", "func": "read_pod_logs",
                "arguments": {"label_selector": "service=searchapi", "ns": "{{S}}"} },
              "tolerance": {"type": "probe", "name": "search", "provider": {"type": "python", "module": "chaosk8s.pod.probes",
                "func": "should_be_found_in_logs", "arguments": {"pattern": "{{pattern}}"} } } }]} }
            """);

        Assert.Equal(expected, run.Outcome);
    }

    [Fact]
    public async Task The_namespace_alone_means_its_first_pod()
    {
        var run = await _world.RunAsync([new("pod.actions.terminate_pods", $$"""{"ns":"{{S}}"}""")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.StartsWith("ca-deploy-", (string?)Assert.Single(run.Activities[0].Output!.AsArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_were_killed_are_not_killed_again()
    {
        var kill = new Act("pod.actions.terminate_pods", $$"""{"label_selector":"service=searchapi","ns":"{{S}}"}""");

        var run = await _world.RunAsync([kill, kill]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.NotEqual((string?)run.Activities[0].Output![0], (string?)run.Activities[1].Output![0]);
    }

    [Fact]
    public async Task A_change_without_rollback_is_put_back()
    {
        var run = await _world.RunAsync([new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}","replicas":"4"}""")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(1, (int)(await DeploymentAsync())!["spec"]!["replicas"]!);
        Assert.Contains($"Deployment {S}/{Front} is back at 1 replicas.", run.UndoSteps);
    }

    [Fact]
    public async Task What_a_rollback_sets_stays()
    {
        Act To(int replicas) => new("deployment.actions.scale_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}","replicas":{{replicas}} }""");

        var run = await _world.RunAsync([To(0)], [To(2)]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(2, (int)(await DeploymentAsync())!["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task A_rollback_takes_away_what_the_method_made_and_what_is_gone_already_is_no_failure()
    {
        var remove = new Act("networking.actions.remove_deny_all_ingress", $$"""{"ns":"{{S}}"}""");

        var run = await _world.RunAsync([new("networking.actions.deny_all_ingress", $$"""{"ns":"{{S}}"}""")], [remove, remove]);

        Assert.Equal((RunOutcome.Passed, 3), (run.Outcome, run.Activities.Count(static activity => activity.Status == ActivityStatus.Succeeded)));
        Assert.Null(await _world.FindAsync("networking.k8s.io", "NetworkPolicy", "networkpolicies", S, "chaostoolkit-deny-all-ingress"));
    }

    [Fact]
    public async Task What_the_method_deletes_a_rollback_can_make()
    {
        _world.File("front.json", (await DeploymentAsync())!.AsObject() is var copy && copy.Remove("status") && Strip(copy) ? copy.ToJsonString() : "");

        var run = await _world.RunAsync(
            [new("deployment.actions.delete_deployment", $$"""{"name":"{{Front}}","ns":"{{S}}"}""")],
            [new("deployment.actions.create_deployment", $$"""{"spec_path":"front.json","ns":"{{S}}"}""")]);

        Assert.True(run.Outcome == RunOutcome.Passed, run.Reason);
        Assert.NotNull(await DeploymentAsync());
    }

    [Fact]
    public async Task What_somebody_else_has_changed_since_is_left_alone()
    {
        var reference = new ObjectReference(new ApiResource("networking.k8s.io", "v1", "Ingress", "ingresses", true), S, S);
        var patch = new ObjectPatch(PatchKind.Merge, JsonNode.Parse("""{"spec":{"ingressClassName":"theirs"}}""")!);
        var time = _world.Connection.Time;

        await time.RunAsync(async () =>
        {
            var other = time.RunAsync(async () =>
            {
                await time.DelayAsync(TimeSpan.FromSeconds(10), default);
                await _world.Connection.Cluster.PatchObjectAsync(reference, patch, dryRun: false, default);
            });
            var run = _world.RunAsync([new("networking.actions.update_ingress", $$"""{"name":"{{S}}","ns":"{{S}}","spec":{"spec":{"ingressClassName":"ours"} } }""") { Pause = 20 }]);
            await time.WhenAllAsync([other, run]);
            Assert.Contains("changed by somebody else", string.Join(' ', (await run).UndoSteps), StringComparison.Ordinal);
        });

        Assert.Equal("theirs", (string?)(await _world.FindAsync("networking.k8s.io", "Ingress", "ingresses", S, S))!["spec"]!["ingressClassName"]);
    }

    [Fact]
    public async Task A_protected_namespace_is_not_touched()
    {
        var reference = new ObjectReference(new ApiResource("", "v1", "Namespace", "namespaces", false), null, S);
        var patch = new ObjectPatch(PatchKind.Merge, JsonNode.Parse("""{"metadata":{"labels":{"chaosps.dev/protected":"true"}}}""")!);
        await _world.Connection.Time.RunAsync(() => _world.Connection.Cluster.PatchObjectAsync(reference, patch, dryRun: false, default));

        var run = await _world.RunAsync([new("service.actions.delete_service", $$"""{"name":"frontend","ns":"{{S}}"}""")]);

        Assert.Equal((RunOutcome.NotStarted, "NamespaceProtected"), (run.Outcome, run.ErrorId));
    }

    [Fact]
    public async Task An_action_in_the_hypothesis_does_nothing()
    {
        var run = await _world.RunAsync([], more: $$"""
            {"steady-state-hypothesis": {"title": "h", "probes": [{"type": "probe", "name": "p", "tolerance": true, "provider": {
              "type": "python", "module": "chaosk8s.service.actions", "func": "delete_service", "arguments": {"name": "frontend", "ns": "{{S}}"} } }]} }
            """);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains("changes something", run.Reason, StringComparison.Ordinal);
        Assert.NotNull(await _world.FindAsync("", "Service", "services", S, "frontend"));
    }

    [Theory]
    [InlineData("KUBERNETES_CONTEXT", "contactsapp", false)]
    [InlineData("KUBERNETES_CONTEXT", "production", true)]
    [InlineData("KUBERNETES_HOST", "https://production.example", true)]
    public async Task Secrets_that_name_another_cluster_are_refused_on_a_real_one(string key, string value, bool isRefused)
    {
        var experiment = ExperimentReader.Read(
            $$"""
            {"title": "t", "description": "d", "secrets": {"k8s": {"{{key}}": "{{value}}"} }, "method": [{"type": "probe", "name": "p", "provider": {
              "type": "python", "module": "chaosk8s.node.probes", "func": "get_nodes", "secrets": ["k8s"]} }]}
            """,
            "e.json", new Composition().Documents);
        var real = new ChaosConnection
        {
            Name = "contactsapp",
            Server = "https://contactsapp.example",
            Kind = ConnectionKind.Cluster,
            Cluster = _world.Connection.Cluster,
            Power = _world.Connection.Power,
            Http = _world.Connection.Http,
            Time = _world.Connection.Time,
        };
        var folder = Path.GetDirectoryName(_world.File("x", ""))!;

        var run = await ExperimentRunner.RunAsync(experiment, real, new RunOptions { StatePath = folder }, _world, default);

        Assert.Equal(isRefused ? "OtherClusterNamed" : null, run.ErrorId);
    }

    [Theory]
    [InlineData("{\"replicas\":\"many\",\"name\":\"a\"}", "WrongType")]
    [InlineData("{\"replicas\":1}", "MissingArgument")]
    [InlineData("{\"replicas\":1,\"name\":\"a\",\"namespace\":\"b\"}", "UnknownArgument")]
    public async Task Wrong_arguments_are_found_before_the_run(string arguments, string code)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync([new("deployment.actions.scale_deployment", arguments)]));

        Assert.Contains(code, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deprecated_name_is_warned_of()
    {
        await _world.RunAsync([new("probes.all_microservices_healthy", $$"""{"ns":"{{S}}"}""")]);

        Assert.Contains(_world.Warnings, static warning => warning.Contains("chaosk8s.pod.probes.all_pods_healthy", StringComparison.Ordinal));
    }

    private Task<JsonNode?> DeploymentAsync() => _world.FindAsync("apps", "Deployment", "deployments", S, Front);

    private static bool Strip(JsonObject copy)
    {
        foreach (var field in (string[])["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"]) copy["metadata"]!.AsObject().Remove(field);
        return true;
    }
}
