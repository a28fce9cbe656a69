using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Time;
using k8s;

namespace ChaosPS.Providers.Tests.Kubernetes;

public sealed class KubernetesClusterTests : IDisposable
{
    private const string Space = """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""";

    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly KubernetesCluster _cluster;

    public KubernetesClusterTests() => _cluster = new KubernetesCluster(
        "aks", new KubernetesClientConfiguration { Host = "https://api.example.com:6443/", AccessToken = "token" }, _clock, new PassThroughHandler(_server));

    public void Dispose() => _cluster.Dispose();

    private static Workload Frontend { get; } = new()
    {
        Kind = "Deployment",
        Name = "contactsapi",
        Namespace = "contactsapp",
        Cluster = new ClusterIdentity("aks", "https://api.example.com:6443", "U"),
        PodSpec = new PodSpec { Containers = [] },
    };

    private static PodAffinityTerm Term { get; } = new(LabelSelector.Parse("service=contactsapi"), "kubernetes.io/hostname", []);

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20));

    private Task<ChaosException> Fails<T>(Func<Task<T>> work) => Assert.ThrowsAsync<ChaosException>(() => Run(work));

    [Fact]
    public async Task The_identity_is_the_uid_of_kube_system_and_is_asked_for_once()
    {
        _server.Answer(200, Space).AnswerRecorded(200, "nodes-list").AnswerRecorded(200, "nodes-list");

        var nodes = await Run(() => _cluster.GetNodesAsync(default));
        await Run(() => _cluster.GetNodesAsync(default));

        Assert.Equal(3, nodes.Count);
        Assert.All(nodes, node => Assert.Equal(new ClusterIdentity("aks", "https://api.example.com:6443", "U"), node.Cluster));
        Assert.Equal(["GET /api/v1/namespaces/kube-system", "GET /api/v1/nodes?limit=1000", "GET /api/v1/nodes?limit=1000"], _server.Requests);
    }

    [Theory]
    [InlineData("https://api.example.com:6443", false, true)]
    [InlineData("https://api.example.com:6443", true, false)]
    [InlineData("https://localhost:6443", false, false)]
    [InlineData("https://127.0.0.1:6443", false, false)]
    [InlineData("https://[::1]:6443", false, false)]
    [InlineData("https://10.0.0.4", false, false)]
    [InlineData("http://api.example.com:8080", false, false)]
    public void Who_may_not_read_kube_system_knows_the_cluster_by_an_address_that_a_certificate_proves(string server, bool unverified, bool certain)
    {
        var identity = AddressIdentity.Of(new ClusterAccess { Name = "aks", Server = server, SkipTlsVerify = unverified });

        Assert.Equal((server, certain), (identity.Id, identity.IsCertain));
    }

    [Fact]
    public void Two_clusters_behind_one_address_are_told_apart_by_their_certificate_authorities()
    {
        ClusterIdentity[] identities = [Identify("CN=one"), Identify("CN=another")];

        Assert.All(identities, static identity => Assert.True(identity.IsCertain));
        Assert.StartsWith("https://127.0.0.1:6443 sha256:", identities[0].Id, StringComparison.Ordinal);
        Assert.NotEqual(identities[0].Id, identities[1].Id);

        static ClusterIdentity Identify(string authority)
        {
            using var key = ECDsa.Create();
            using var certificate = new CertificateRequest(authority, key, HashAlgorithmName.SHA256)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            return AddressIdentity.Of(new ClusterAccess { Name = "kind", Server = "https://127.0.0.1:6443", Authorities = [certificate] });
        }
    }

    [Fact]
    public async Task Who_may_not_read_kube_system_is_identified_by_the_server()
    {
        _server.AnswerRecorded(403, "forbidden-403");

        Assert.Equal("https://api.example.com:6443", (await Run(() => _cluster.GetIdentityAsync(default))).Id);
    }

    [Fact]
    public async Task The_librarys_credentials_are_sent()
    {
        string? authorization = null;
        _server.Do((request, _) =>
        {
            authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent(Space) });
        });

        await Run(() => _cluster.GetIdentityAsync(default));

        Assert.Equal("Bearer token", authorization);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page()
    {
        var last = """{"kind":"PodList","metadata":{},"items":[]}""";
        _server.Answer(200, Space).AnswerRecorded(200, "continue-page1").AnswerRecorded(200, "continue-page2").Answer(200, last);

        var pods = await Run(() => _cluster.GetPodsAsync("contactsapp", "app in (a,b),!old", default));

        Assert.Equal(["agent-9d4wt", "agent-nqvv2", "agent-zwffs", "bare"], pods.Select(pod => pod.Name));
        Assert.StartsWith("GET /api/v1/namespaces/contactsapp/pods?labelSelector=app%20in%20%28a%2Cb%29%2C%21old&limit=1000&continue=eyJ2", _server.Requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_that_have_become_too_old_are_read_again_in_one_piece()
    {
        _server.Answer(200, Space).AnswerRecorded(200, "continue-page1").AnswerRecorded(410, "continue-410")
            .Answer(200, """{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"a","namespace":"n"}}]}""");

        var pods = await Run(() => _cluster.GetPodsAsync(null, null, default));

        Assert.Equal("n/a", Assert.Single(pods).ToString());
        Assert.Equal("GET /api/v1/pods", _server.Requests[^1]);
    }

    [Fact]
    public async Task A_wrong_selector_is_refused_without_a_call()
    {
        Assert.Equal("LabelSelectorInvalid", (await Fails(() => _cluster.GetPodsAsync(null, "a=b c", default))).ErrorId);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(401, "unauthorized-401", "ClusterAuthenticationFailed", ErrorKind.AuthenticationFailed)]
    [InlineData(403, "forbidden-403", "ClusterForbidden", ErrorKind.PermissionDenied)]
    [InlineData(403, "anonymous-403", "ClusterAnonymous", ErrorKind.AuthenticationFailed)]
    [InlineData(404, "pod-404", "ClusterObjectNotFound", ErrorKind.NotFound)]
    [InlineData(404, "path-404", "ClusterResourceUnknown", ErrorKind.NotFound)]
    [InlineData(404, "path2-404", "ClusterResourceUnknown", ErrorKind.NotFound)]
    [InlineData(409, "conflict-409-put", "ClusterConflict", ErrorKind.Conflict)]
    [InlineData(409, "alreadyexists-409-post", "ClusterObjectExists", ErrorKind.Conflict)]
    [InlineData(422, "invalid-422", "ClusterRequestInvalid", ErrorKind.InvalidArgument)]
    [InlineData(429, "eviction-429-pdb-still-processed", "ClusterTooManyRequests", ErrorKind.LimitExceeded)]
    [InlineData(500, "badrv-500", "ClusterServerFailed", ErrorKind.OperationFailed)]
    [InlineData(504, "futurerv-504", "ClusterServerFailed", ErrorKind.OperationFailed)]
    public async Task A_recorded_refusal_of_a_change_becomes_its_error_at_once(int status, string recording, string id, ErrorKind kind)
    {
        _server.AnswerRecorded(status, recording);

        var error = await Fails(() => _cluster.SetReplicasAsync(Frontend, 2, false, default));

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains("patch deployments/scale 'contactsapi' in namespace 'contactsapp'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("{", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_right_names_the_rule_that_gives_it()
    {
        _server.AnswerRecorded(403, "forbidden-403");

        var error = await Fails(() => _cluster.SetReplicasAsync(Frontend, 2, false, default));

        Assert.Contains("User \"viewer\" cannot list resource \"pods\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Role in namespace 'contactsapp'", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("{apiGroups: [\"\"], resources: [\"pods\"], verbs: [\"list\"]}", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("kubectl create role chaosps-list-pods -n contactsapp --verb=list --resource=pods", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_waits_as_long_as_the_server_asks_and_tries_again()
    {
        _server.AnswerRecorded(429, "eviction-429-pdb-still-processed", ("Retry-After", "10")).Answer(503, "upstream connect error").Answer(200, Space);
        var start = _clock.GetUtcNow();

        await Run(() => _cluster.GetIdentityAsync(default));

        Assert.Equal(TimeSpan.FromSeconds(12), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_read_gives_up_after_four_attempts()
    {
        for (var attempt = 0; attempt < 4; attempt++) _server.Answer(503, "upstream connect error");

        var error = await Fails(() => _cluster.GetIdentityAsync(default));

        Assert.Equal("ClusterServerFailed", error.ErrorId);
        Assert.Contains("answered 503: upstream connect error", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_and_a_refused_one_is_not()
    {
        _server.Throw(new HttpRequestException(HttpRequestError.ResponseEnded, "ended")).Answer(200, Space);
        await Run(() => _cluster.GetIdentityAsync(default));

        _server.Throw(new HttpRequestException(HttpRequestError.ConnectionError, "outer", new IOException("Connection refused (api.example.com:6443)")));
        var error = await Fails(() => _cluster.GetNodesAsync(default));

        Assert.Equal(("ClusterUnreachable", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.Contains("https://api.example.com:6443 (cluster 'aks') cannot be reached: Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_after_a_minute_of_the_clock()
    {
        _server.Do(async (_, token) =>
        {
            await _clock.HangAsync(token);
            return new HttpResponseMessage();
        });
        var start = _clock.GetUtcNow();

        var error = await Fails(() => _cluster.GetIdentityAsync(default));

        Assert.Equal("ClusterTimeout", error.ErrorId);
        Assert.Contains("https://api.example.com:6443 (cluster 'aks') did not answer within 60 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(60), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Cancelling_ends_a_call()
    {
        using var source = new CancellationTokenSource();
        _server.Do(async (_, token) =>
        {
            await source.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new HttpResponseMessage();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(() => _cluster.GetIdentityAsync(source.Token)));
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("[]")]
    [InlineData("{\"items\":[{}]}")]
    public async Task An_answer_of_something_else_is_no_list(string body)
    {
        _server.Answer(200, Space).Answer(200, body);

        Assert.Equal("ApiAnswerInvalid", (await Fails(() => _cluster.GetNodesAsync(default))).ErrorId);
    }

    [Fact]
    public async Task A_single_object_that_is_not_there_is_null()
    {
        _server.Answer(200, Space).AnswerRecorded(404, "pod-404").AnswerRecorded(404, "pod-404");

        Assert.Null(await Run(() => _cluster.GetNodeAsync("x", default)));
        Assert.Null(await Run(() => _cluster.GetWorkloadAsync(Frontend, default)));
    }

    [Fact]
    public async Task Replicas_are_set_through_the_scale_subresource()
    {
        _server.AnswerRecorded(200, "patch-scale-merge").AnswerRecorded(200, "deployment");

        var changed = await Run(() => _cluster.SetReplicasAsync(Frontend, 2, false, default));

        Assert.Equal("contactsapi", changed.Name);
        Assert.Equal(
            ["PATCH /apis/apps/v1/namespaces/contactsapp/deployments/contactsapi/scale?fieldManager=chaosps", "GET /apis/apps/v1/namespaces/contactsapp/deployments/contactsapi"],
            _server.Requests);
        Assert.Equal("""{"spec":{"replicas":2}}""", _server.Bodies[0]);
    }

    [Fact]
    public async Task What_has_been_scaled_is_not_said_to_be_refused_because_it_may_not_be_read()
    {
        _server.AnswerRecorded(200, "patch-scale-merge").AnswerRecorded(403, "forbidden-403");

        Assert.Equal(2, (await Run(() => _cluster.SetReplicasAsync(Frontend, 2, false, default))).Replicas);
    }

    [Fact]
    public async Task A_dry_run_is_the_servers_and_reads_nothing_back()
    {
        _server.AnswerRecorded(200, "patch-scale-merge");

        Assert.Equal(7, (await Run(() => _cluster.SetReplicasAsync(Frontend, 7, true, default))).Replicas);
        Assert.EndsWith("&dryRun=All", Assert.Single(_server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_set_cannot_be_scaled() => Assert.Equal(
        "WorkloadKindNotSupported",
        (await Fails(() => _cluster.SetReplicasAsync(Frontend with { Kind = "DaemonSet" }, 2, false, default))).ErrorId);

    [Fact]
    public async Task Anti_affinity_is_added_with_the_version_that_was_read()
    {
        _server.AnswerRecorded(200, "deployment").AnswerRecorded(200, "deployment");

        await Run(() => _cluster.AddPodAntiAffinityAsync(Frontend, Term, false, default));

        var version = JsonElement.Parse(FakeServer.Recorded("deployment")).GetProperty("metadata").GetProperty("resourceVersion").GetString();
        Assert.Equal(
            "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"spec\":{\"template\":{\"spec\":{\"affinity\":{\"podAntiAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":"
            + """[{"labelSelector":{"matchLabels":{"service":"contactsapi"}},"topologyKey":"kubernetes.io/hostname"}]}}}}}}""",
            _server.Bodies[1]);
    }

    [Fact]
    public async Task Anti_affinity_keeps_what_is_there()
    {
        var existing = """{"labelSelector":{"matchLabels":{"service":"contactsapi"}},"matchLabelKeys":["pod-template-hash"],"topologyKey":"kubernetes.io/hostname"}""";
        _server.Answer(200, WithTerms(existing)).Answer(200, WithTerms(existing));

        await Run(() => _cluster.AddPodAntiAffinityAsync(Frontend, Term, false, default));

        Assert.Contains($"[{existing},", _server.Bodies[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"labelSelector":{"matchLabels":{"service":"contactsapi"}},"topologyKey":"kubernetes.io/hostname"}""")]
    [InlineData("""{"labelSelector":{"matchExpressions":[{"key":"service","operator":"In","values":["contactsapi"]}]},"topologyKey":"kubernetes.io/hostname"}""")]
    public async Task The_same_term_is_not_added_twice(string existing)
    {
        _server.Answer(200, WithTerms(existing));

        Assert.Null(await Run(() => _cluster.AddPodAntiAffinityAsync(Frontend, Term, false, default)));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_conflict_reads_the_workload_again()
    {
        _server.AnswerRecorded(200, "deployment").AnswerRecorded(409, "conflict-409-put").AnswerRecorded(200, "deployment").AnswerRecorded(200, "deployment");

        await Run(() => _cluster.AddPodAntiAffinityAsync(Frontend, Term, false, default));

        Assert.Equal(4, _server.Requests.Count);
    }

    [Theory]
    [InlineData("""{"podAntiAffinity":{"REQUIRED":[OURS]}}""", "")]
    [InlineData("""{"podAntiAffinity":{"REQUIRED":[OURS]},"nodeAffinity":{}}""", "/podAntiAffinity")]
    [InlineData("""{"podAntiAffinity":{"REQUIRED":[OURS],"preferredDuringSchedulingIgnoredDuringExecution":[]}}""", "/podAntiAffinity/REQUIRED")]
    [InlineData("""{"podAntiAffinity":{"REQUIRED":[{"topologyKey":"zone"},OURS]}}""", "/podAntiAffinity/REQUIRED/1")]
    public async Task Taking_a_term_out_leaves_nothing_empty_so_that_the_template_is_as_it_was(string affinity, string path)
    {
        string Written(string text) => text.Replace("REQUIRED", "requiredDuringSchedulingIgnoredDuringExecution", StringComparison.Ordinal)
            .Replace("OURS", """{"labelSelector":{"matchLabels":{"service":"contactsapi"}},"topologyKey":"kubernetes.io/hostname"}""", StringComparison.Ordinal);
        var workload = "{\"metadata\":{\"name\":\"contactsapi\",\"resourceVersion\":\"7\"},\"spec\":{\"template\":{\"spec\":{\"affinity\":" + Written(affinity) + "}}}}";
        _server.Answer(200, workload).Answer(200, workload);

        Assert.True(await Run(() => _cluster.RemovePodAntiAffinityAsync(Frontend, Term, default)));

        Assert.Equal(
            """[{"op":"replace","path":"/metadata/resourceVersion","value":"7"},{"op":"remove","path":"/spec/template/spec/affinity""" + Written(path) + "\"}]",
            _server.Bodies[1]);
    }

    private static string WithTerms(string terms) =>
        """{"metadata":{"name":"contactsapi","resourceVersion":"7"},"spec":{"template":{"spec":{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":["""
        + terms + "]}}}}}}";
}
