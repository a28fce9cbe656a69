using System.Net;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Failures;

namespace ChaosPS.Providers.Tests.Kubernetes;

/// <summary>What a real API server (v1.32.13) answers, and the errors that come of it.</summary>
public sealed class ApiFailureTests
{
    private static readonly ApiCall s_list = new("list", "", "v1", "pods", "contactsapp");
    private static readonly ApiCall s_get = new("get", "", "v1", "pods", "contactsapp", "nosuch");
    private static readonly ApiCall s_create = new("create", "", "v1", "pods", "contactsapp");
    private static readonly ApiCall s_evict = new("create", "", "v1", "pods", "contactsapp", "api-1", "eviction");

    private static ChaosException Explain(ApiCall call, int status, string body) =>
        new ApiFailure("aks", "https://api:6443", null).Explain(call, (HttpStatusCode)status, ApiStatus.Read(body, "phrase"));

    private static ChaosException Replay(ApiCall call, string recording) => Explain(
        call, int.Parse(recording.Split('-').First(static part => part.Length == 3 && part.All(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture), FakeServer.Recorded(recording));

    public static TheoryData<string, string> Recordings => new()
    {
        { "alreadyexists-409-post", "ClusterObjectExists" },
        { "anonymous-403", "ClusterAnonymous" },
        { "badfield-400", "ClusterRequestInvalid" },
        { "badrequest-400-json", "ClusterRequestInvalid" },
        { "badrequest-400-mismatch", "ClusterRequestInvalid" },
        { "badrv-500", "ClusterServerFailed" },
        { "badselector-400", "ClusterRequestInvalid" },
        { "conflict-409-put", "ClusterConflict" },
        { "continue-410", "ClusterListExpired" },
        { "delete-precondition-409", "ClusterConflict" },
        { "eviction-400-name-mismatch", "ClusterRequestInvalid" },
        { "eviction-404", "ClusterObjectNotFound" },
        { "forbidden-403", "ClusterForbidden" },
        { "forbidden-403-clusterscope", "ClusterForbidden" },
        { "forbidden-403-delete", "ClusterForbidden" },
        { "forbidden-403-nonresource", "ClusterForbidden" },
        { "futurerv-504", "ClusterServerFailed" },
        { "invalid-422", "ClusterRequestInvalid" },
        { "list-410-exact", "ClusterListExpired" },
        { "method-405", "ClusterRequestInvalid" },
        { "metrics-404", "ClusterResourceUnknown" },
        { "notacceptable-406", "ClusterRequestInvalid" },
        { "path-404", "ClusterResourceUnknown" },
        { "path2-404", "ClusterResourceUnknown" },
        { "pod-404", "ClusterObjectNotFound" },
        { "unauthorized-401", "ClusterAuthenticationFailed" },
        { "unsupported-415", "ClusterRequestInvalid" },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_recorded_refusal_has_its_error_with_what_where_why_and_what_next(string recording, string id)
    {
        var error = Replay(s_get, recording);

        Assert.Equal(id, error.ErrorId);
        Assert.Contains("get pods 'nosuch' in namespace 'contactsapp'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'aks'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"kind\"", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction!);
    }

    [Fact]
    public void All_recordings_of_refusals_are_replayed() => Assert.Empty(
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Recordings"))
            .Select(Path.GetFileNameWithoutExtension)
            .Where(static name => name!.Split('-').Any(static part => part.Length == 3 && part[0] is '4' or '5' && part.All(char.IsAsciiDigit)))
            .Except(Recordings.Select(static row => (string)row[0]))
            .Except(["eviction-429", "eviction2-429", "eviction-dryrun-429", "eviction-429-pdb-still-processed", "eviction-500-two-pdbs"]));

    [Theory]
    [InlineData("eviction-429", "The disruption budget api needs 1 healthy pods and has 1 currently")]
    [InlineData("eviction2-429", "The disruption budget api needs 2 healthy pods and has 2 currently")]
    [InlineData("eviction-dryrun-429", "The disruption budget api needs 1 healthy pods and has 1 currently")]
    [InlineData("eviction-429-pdb-still-processed", "The disruption budget fe1 is still being processed by the server")]
    public void An_eviction_that_a_budget_refuses_names_the_budget(string recording, string cause)
    {
        var error = Replay(s_evict, recording);

        Assert.Equal("EvictionRefused", error.ErrorId);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_of_two_budgets_can_never_be_evicted() => Assert.Equal("EvictionImpossible", Replay(s_evict, "eviction-500-two-pdbs").ErrorId);

    [Fact]
    public void A_Status_says_when_to_come_again() => Assert.Equal(
        TimeSpan.FromSeconds(10), ApiStatus.Read(FakeServer.Recorded("eviction-429-pdb-still-processed"), null).RetryAfter);

    [Fact]
    public void What_is_wrong_with_an_object_is_told_field_by_field()
    {
        var error = Replay(s_create, "invalid-422");

        Assert.Contains("metadata.name: Invalid value: \"Bad_Name\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("; spec.containers[0].image: Required value.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forbidden-403", "Role in namespace 'contactsapp'", """{apiGroups: [""], resources: ["pods"], verbs: ["list"]}""", "create role chaosps-list-pods -n contactsapp --verb=list --resource=pods", "--user=viewer")]
    [InlineData("forbidden-403-clusterscope", "a ClusterRole with", """{apiGroups: [""], resources: ["nodes"], verbs: ["list"]}""", "create clusterrole chaosps-list-nodes --verb=list --resource=nodes", "--user=viewer")]
    [InlineData("forbidden-403-nonresource", "a ClusterRole with", """{nonResourceURLs: ["/metrics"], verbs: ["get"]}""", "create clusterrole chaosps-get-metrics --verb=get --non-resource-url=/metrics", "--user=viewer")]
    public void A_missing_right_names_the_rule_and_the_commands_that_give_it(string recording, string role, string rule, string make, string give)
    {
        var remedy = Replay(s_list, recording).RecommendedAction;

        Assert.Contains(role, remedy, StringComparison.Ordinal);
        Assert.Contains(rule, remedy, StringComparison.Ordinal);
        Assert.Contains(make, remedy, StringComparison.Ordinal);
        Assert.Contains(give, remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_right_is_the_one_that_the_server_misses_and_a_service_account_gets_it()
    {
        var remedy = Explain(s_list, 403, """
            {"kind":"Status","message":"deployments.apps \"web\" is forbidden: User \"system:serviceaccount:ops:chaos\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"","reason":"Forbidden"}
            """).RecommendedAction;

        Assert.Contains("""{apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"]}""", remedy, StringComparison.Ordinal);
        Assert.Contains("--verb=patch --resource=deployments.apps/scale", remedy, StringComparison.Ordinal);
        Assert.Contains("--serviceaccount=ops:chaos", remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_403_without_words_names_the_right_that_the_call_needs() => Assert.Contains(
        """{apiGroups: [""], resources: ["pods"], verbs: ["list"]}""", Explain(s_list, 403, "Forbidden").RecommendedAction, StringComparison.Ordinal);

    [Theory]
    [InlineData(403, "pods \\\"a\\\" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=5, limited: pods=5")]
    [InlineData(403, "pods \\\"a\\\" is forbidden: violates PodSecurity \\\"restricted:latest\\\": privileged")]
    [InlineData(400, "admission webhook \\\"policy.example.com\\\" denied the request: no")]
    [InlineData(422, "deployments.apps \\\"a\\\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no")]
    public void A_rule_of_the_cluster_that_no_role_helps_against_is_told_apart(int status, string message) => Assert.Equal(
        "ClusterAdmissionDenied", Explain(s_create, status, "{\"kind\":\"Status\",\"message\":\"" + message + "\"}").ErrorId);

    [Theory]
    [InlineData(302, "ApiAnswerInvalid")]
    [InlineData(407, "ClusterProxyFailed")]
    [InlineData(413, "ClusterRequestTooLarge")]
    [InlineData(429, "ClusterTooManyRequests")]
    [InlineData(502, "ClusterServerFailed")]
    [InlineData(503, "ClusterServerFailed")]
    public void What_a_proxy_answers_has_its_error_too(int status, string id)
    {
        var error = Explain(s_list, status, "<html>\nmore");

        Assert.Equal(id, error.ErrorId);
        Assert.DoesNotContain("more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"Status\"}")]
    [InlineData("{\"kind\":\"Status\",\"details\":[],\"message\":3}")]
    [InlineData("{\"kind\":\"Status\",\"details\":{\"causes\":[1,null]}}")]
    public void A_body_that_says_nothing_leaves_the_phrase(string body) => Assert.Equal("phrase", ApiStatus.Read(body, "phrase").Message);
}
