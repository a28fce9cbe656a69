using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Time;
using k8s;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>What is sent to cordon, taint, evict and delete, and what becomes of a server's refusals.</summary>
public sealed class NodeAndPodChangeTests : IDisposable
{
    private static readonly ClusterIdentity s_identity = new("aks", "https://api.example.com:6443", "U");

    private static readonly ClusterNode s_node = new() { Name = "n1", Cluster = s_identity, Uid = "node-uid" };

    private static readonly ClusterPod s_pod = new()
    {
        Name = "api-1",
        Namespace = "samples",
        Cluster = s_identity,
        Uid = "pod-uid",
        Spec = new PodSpec { Containers = [] },
    };

    private static readonly Taint s_taint = new("chaosps", "test", TaintEffect.NoSchedule);

    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly KubernetesCluster _cluster;

    public NodeAndPodChangeTests() => _cluster = new KubernetesCluster(
        "aks", new KubernetesClientConfiguration { Host = "https://api.example.com:6443/", AccessToken = "token" }, _clock, new PassThroughHandler(_server));

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task A_cordon_is_sent_on_condition_that_the_node_is_as_it_was_read()
    {
        _server.Answer(200, Node()).Answer(200, Node(spec: "\"unschedulable\":true"));

        var cordoned = await Run(() => _cluster.SetUnschedulableAsync(s_node, true, dryRun: false, default));

        Assert.True(cordoned!.Unschedulable);
        Assert.Equal(["GET /api/v1/nodes/n1", "PATCH /api/v1/nodes/n1?fieldManager=chaosps"], _server.Requests);
        Assert.Equal("""{"metadata":{"resourceVersion":"7"},"spec":{"unschedulable":true}}""", _server.Bodies[1]);
    }

    [Fact]
    public async Task An_uncordoned_node_says_nothing_about_it()
    {
        _server.Answer(200, Node(spec: "\"unschedulable\":true")).Answer(200, Node());

        await Run(() => _cluster.SetUnschedulableAsync(s_node, false, dryRun: true, default));

        Assert.EndsWith("&dryRun=All", _server.Requests[1], StringComparison.Ordinal);
        Assert.Equal("""{"metadata":{"resourceVersion":"7"},"spec":{"unschedulable":null}}""", _server.Bodies[1]);
    }

    [Fact]
    public async Task What_is_as_wanted_is_not_sent()
    {
        _server.Answer(200, Node(spec: "\"unschedulable\":true")).Answer(200, Node())
            .Answer(200, Node(spec: """ "taints":[{"key":"chaosps","effect":"NoSchedule","value":"somebody's"}] """))
            .Answer(200, Node(spec: """ "taints":[{"key":"chaosps","effect":"NoSchedule","value":"somebody's"}] """));

        Assert.Null(await Run(() => _cluster.SetUnschedulableAsync(s_node, true, dryRun: false, default)));
        Assert.Null(await Run(() => _cluster.SetUnschedulableAsync(s_node, false, dryRun: false, default)));
        Assert.Null(await Run(() => _cluster.AddTaintAsync(s_node, s_taint, dryRun: false, default)));
        Assert.Null(await Run(() => _cluster.RemoveTaintAsync(s_node, s_taint, dryRun: false, default)));
        Assert.All(_server.Requests, static request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cordon_that_somebody_else_was_faster_with_changes_nothing()
    {
        _server.Answer(200, Node()).AnswerRecorded(409, "conflict-409-put").Answer(200, Node(spec: "\"unschedulable\":true", version: "8"));

        Assert.Null(await Run(() => _cluster.SetUnschedulableAsync(s_node, true, dryRun: false, default)));
    }

    [Fact]
    public async Task Another_node_of_the_same_name_is_left_alone()
    {
        _server.Answer(200, Node(uid: "another"));

        var exception = await Fails(() => _cluster.SetUnschedulableAsync(s_node, true, dryRun: false, default));

        Assert.Equal(ErrorKind.Conflict, exception.Kind);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Taints_of_others_stay_word_for_word()
    {
        const string Theirs = """{"key":"dedicated","effect":"NoExecute","timeAdded":"2026-11-22T11:00:00Z"}""";
        const string Ours = """{"key":"chaosps","effect":"NoSchedule","value":"test"}""";
        _server.Answer(200, Node(spec: $"\"taints\":[{Theirs}]")).Answer(200, Node(spec: $"\"taints\":[{Theirs},{Ours}]"))
            .Answer(200, Node(spec: $"\"taints\":[{Ours},{Theirs}]")).Answer(200, Node())
            .Answer(200, Node(spec: $"\"taints\":[{Ours}]")).Answer(200, Node());

        await Run(() => _cluster.AddTaintAsync(s_node, s_taint, dryRun: false, default));
        await Run(() => _cluster.RemoveTaintAsync(s_node, s_taint, dryRun: false, default));
        await Run(() => _cluster.RemoveTaintAsync(s_node, s_taint, dryRun: false, default));

        Assert.Equal($$$"""{"metadata":{"resourceVersion":"7"},"spec":{"taints":[{{{Theirs}}},{{{Ours}}}]}}""", _server.Bodies[1]);
        Assert.Equal($$$"""{"metadata":{"resourceVersion":"7"},"spec":{"taints":[{{{Theirs}}}]}}""", _server.Bodies[3]);
        Assert.Equal("""{"metadata":{"resourceVersion":"7"},"spec":{"taints":null}}""", _server.Bodies[5]);
    }

    [Fact]
    public async Task An_eviction_names_the_pod_by_its_uid_and_its_grace()
    {
        _server.AnswerRecorded(201, "eviction-201").AnswerRecorded(201, "eviction-201");

        await Do(() => _cluster.EvictPodAsync(s_pod, 5, dryRun: false, default));
        await Do(() => _cluster.EvictPodAsync(s_pod with { Uid = "" }, null, dryRun: true, default));

        Assert.Equal(
            ["POST /api/v1/namespaces/samples/pods/api-1/eviction?fieldManager=chaosps", "POST /api/v1/namespaces/samples/pods/api-1/eviction?fieldManager=chaosps&dryRun=All"],
            _server.Requests);
        const string Options = """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":5,"preconditions":{"uid":"pod-uid"}}""";
        Assert.Equal(
            $$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"api-1","namespace":"samples"},"deleteOptions":{{{Options}}}}""",
            _server.Bodies[0]);
        Assert.DoesNotContain("preconditions", _server.Bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_has_its_conditions_in_the_body_where_the_server_looks_for_them()
    {
        _server.Answer(200, "{}").Answer(200, "{}");

        await Do(() => _cluster.DeletePodAsync(s_pod, null, dryRun: false, default));
        await Do(() => _cluster.DeletePodAsync(s_pod, 0, dryRun: true, default));

        Assert.Equal("DELETE /api/v1/namespaces/samples/pods/api-1", _server.Requests[1]);
        Assert.Equal("""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"pod-uid"}}""", _server.Bodies[0]);
        Assert.Equal(
            """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"pod-uid"},"dryRun":["All"]}""", _server.Bodies[1]);
    }

    [Theory]
    [InlineData(429, "eviction-429", "EvictionRefused", ErrorKind.LimitExceeded, "The disruption budget api needs 1 healthy pods and has 1 currently.")]
    [InlineData(429, "eviction-429-pdb-still-processed", "EvictionRefused", ErrorKind.LimitExceeded, "fe1 is still being processed by the server.")]
    [InlineData(500, "eviction-500-two-pdbs", "EvictionImpossible", ErrorKind.Refused, "more than one PodDisruptionBudget")]
    [InlineData(404, "eviction-404", "ClusterObjectNotFound", ErrorKind.NotFound, "not found")]
    [InlineData(409, "delete-precondition-409", "ClusterConflict", ErrorKind.Conflict, "does not match the UID in record")]
    [InlineData(500, "badrv-500", "ClusterServerFailed", ErrorKind.OperationFailed, "500")]
    public async Task A_refused_eviction_says_what_stood_in_its_way(int status, string recording, string id, ErrorKind kind, string words)
    {
        _server.AnswerRecorded(status, recording);

        var exception = await Assert.ThrowsAsync<ChaosException>(() => Do(() => _cluster.EvictPodAsync(s_pod, null, dryRun: false, default)));

        Assert.Equal((id, kind), (exception.ErrorId, exception.Kind));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Mirror_pods_and_pods_with_local_data_are_told()
    {
        var pod = JsonDocument.Parse("""
            {"metadata":{"name":"p","annotations":{"kubernetes.io/config.mirror":"x"}},
             "spec":{"containers":[{"name":"c"}],"volumes":[{"name":"cache","emptyDir":{}}]}}
            """).RootElement;

        var read = KubernetesReader.ReadPod(pod, s_identity, default);

        Assert.True(read.IsMirror);
        Assert.True(read.HasLocalData);
    }

    private static string Node(string spec = "", string uid = "node-uid", string version = "7") =>
        $$$"""{"kind":"Node","metadata":{"name":"n1","uid":"{{{uid}}}","resourceVersion":"{{{version}}}"},"spec":{{{{spec}}}}}""";

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20));

    private Task<bool> Do(Func<Task> work) => Run(async () =>
    {
        await work();
        return true;
    });

    private Task<ChaosException> Fails<T>(Func<Task<T>> work) => Assert.ThrowsAsync<ChaosException>(() => Run(work));
}
