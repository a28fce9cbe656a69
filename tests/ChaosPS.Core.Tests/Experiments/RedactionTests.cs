using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Tests.Experiments;

/// <summary>Secrets are taken out by value, in whatever way somebody has written them, and before anything is cut.</summary>
public sealed class RedactionTests : IDisposable
{
    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("plain-secret")]
    [InlineData("-----BEGIN KEY-----\nMIIplanted\n-----END KEY-----\n")]
    [InlineData("back\\slash-secret")]
    [InlineData("it's-secret")]
    [InlineData("it's \"secret\"")]
    [InlineData("sécret<&>")]
    public void A_secret_is_found_however_it_is_written(string secret)
    {
        var redactor = Redactor(secret);
        string[] written =
        [
            secret, $"a {secret} b", PythonValue.Repr($"a {secret} b"), PythonValue.Repr(new object?[] { $"'\" {secret}" }), JsonSerializer.Serialize($"a {secret}"),
            new JsonObject { ["a"] = secret }.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
            Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)),
            System.Web.HttpUtility.UrlEncode(secret), WebUtility.HtmlEncode($"a {secret} b"),
            System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(secret)),
        ];

        foreach (var text in written)
        {
            var redacted = redactor.Redact(text);
            Assert.Contains("***", redacted, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", redacted, StringComparison.Ordinal);
            Assert.DoesNotContain("MIIplanted", redacted, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_shown_of_an_output_is_cut_after_its_secrets_were_taken_out()
    {
        var secret = "planted-" + new string('x', 500);
        _world.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"your token: {secret}") };

        var run = await _world.RunAsync($$$"""
            {"title": "t", "description": "d", "secrets": {"app": {"token": "{{{secret}}}"}},
             "steady-state-hypothesis": {"title": "h", "probes": [
               {"type": "probe", "name": "p", "tolerance": {"type": "regex", "pattern": "^no ${token}", "target": "body"}, "provider": {"type": "http", "url": "http://app.invalid/"}}]},
             "method": [], "rollbacks": []}
            """);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Equal("body 'your token: ***'", run.Activities[0].Got);
        Assert.DoesNotContain("planted", run.Journal.ToJsonString() + run.Reason + string.Join('\n', _world.Log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_becomes_of_a_change_is_written_without_secrets()
    {
        using var recovery = await RecoveryLog.CreateAsync(_world.StateDirectory, "t", _world.Connection, default);
        var changes = new ChangeSet(_world.Connection, recovery, NullLog.Instance) { Redact = Redactor("planted-secret").Redact };
        var change = changes.Intend(new ReplicaIntent("Deployment", "shop", "web", "", 1, 3, Held: false));
        changes.Note(change, ChangeState.Failed, "the server does not like planted-secret");
        _world.Cluster.Workloads.Add(new Workload
        {
            Kind = "Deployment",
            Namespace = "shop",
            Name = "web",
            Cluster = Fakes.FakeCluster.Identity,
            Replicas = 4,
            PodSpec = new PodSpec { Containers = [] },
        });

        await _world.Clock.RunAsync(() => changes.UndoAsync(includeHeld: false, default));

        Assert.DoesNotContain("planted", recovery.Text, StringComparison.Ordinal);
        Assert.Contains("does not like ***", recovery.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_run_in_a_pod_is_written_without_secrets()
    {
        using var pod = JsonDocument.Parse("""
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "shop", "uid": "u-1", "labels": {"app": "web"}},
             "spec": {"containers": [{"name": "c"}]}, "status": {"phase": "Running"}}
            """);
        _world.Cluster.Pods.Add(KubernetesReader.ReadPod(pod.RootElement, Fakes.FakeCluster.Identity, _world.Clock.GetUtcNow()));

        var run = await _world.RunAsync("""
            {"title": "t", "description": "d", "secrets": {"app": {"token": "planted-secret"}},
             "method": [{"type": "action", "name": "a", "provider": {"type": "python", "module": "chaosk8s.pod.actions", "func": "exec_in_pods",
               "arguments": {"cmd": "login ${token}", "ns": "shop", "label_selector": "app=web"}}}], "rollbacks": []}
            """, new RunOptions { AllowIrreversible = true });

        Assert.Equal(["run web/c: login planted-secret"], _world.Cluster.Changes);
        var log = await File.ReadAllTextAsync(Path.Combine(_world.StateDirectory, "runs", run.RunId, "recovery.jsonl"));
        Assert.Contains("login ***", log, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", log + run.Journal.ToJsonString() + string.Join(' ', run.UndoSteps), StringComparison.Ordinal);
    }

    private static Redactor Redactor(string secret)
    {
        var experiment = ExperimentReader.Read(
            JsonSerializer.Serialize(new { title = "t", description = "d", secrets = new { app = new { token = secret } }, method = Array.Empty<int>() }), "e.json", JsonDocuments.Instance);
        return new Redactor(experiment.Everything, ConfigurationReading.Read(experiment, EnvironmentVariables.For(null), null, new FindingList("e.json")));
    }
}
