using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Time;
using k8s;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

/// <summary>Lists in protobuf, through the client that reads them.</summary>
public sealed class ProtobufAnswerTests : IDisposable
{
    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly KubernetesCluster _cluster;

    public ProtobufAnswerTests()
    {
        _cluster = new KubernetesCluster("aks", new KubernetesClientConfiguration { Host = "https://api.example.com:6443/" }, _clock, new PassThroughHandler(_server));
        _server.Answer(200, """{"kind":"Namespace","metadata":{"name":"kube-system","uid":"U"}}""");
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Protobuf_is_asked_for_first_and_pages_follow_each_other()
    {
        var accept = "";
        _server.Do((request, _) =>
        {
            accept = request.Headers.Accept.ToString();
            return Answer(Pods("b+/=", "n/b"));
        });
        _server.Do((_, _) => Answer(Pods("", "n/a", "m/z")));

        var pods = await Run(() => _cluster.GetPodsAsync(null, null, default));

        Assert.Equal("application/vnd.kubernetes.protobuf, application/json", accept);
        Assert.Equal(["m/z", "n/a", "n/b"], pods.Select(pod => pod.ToString()));
        Assert.Equal("GET /api/v1/pods?limit=1000&continue=b%2B%2F%3D", _server.Requests[^1]);
    }

    [Fact]
    public async Task Pages_that_have_become_too_old_are_read_again_in_one_piece()
    {
        _server.Do((_, _) => Answer(Pods("next", "n/gone")));
        _server.Do((_, _) => Answer(Status(410, "Expired", "The provided continue parameter is too old"), HttpStatusCode.Gone));
        _server.Do((_, _) => Answer(Pods("", "n/a")));

        var pods = await Run(() => _cluster.GetPodsAsync(null, null, default));

        Assert.Equal("n/a", Assert.Single(pods).ToString());
        Assert.Equal("GET /api/v1/pods", _server.Requests[^1]);
    }

    [Fact]
    public async Task A_page_whose_connection_breaks_is_read_again_and_nothing_twice()
    {
        var page = Pods("", "n/a", "n/b");
        _server.Do((_, _) => Answer(page, content: new StreamContent(new BreakingStream(page[..^20]))));
        _server.Do((_, _) => Answer(page));

        Assert.Equal(2, (await Run(() => _cluster.GetPodsAsync(null, null, default))).Count);
    }

    [Fact]
    public async Task A_refusal_in_protobuf_is_explained_as_one_in_json()
    {
        _server.Do((_, _) => Answer(Status(403, "Forbidden", "pods is forbidden: User \"u\" cannot list resource \"pods\""), HttpStatusCode.Forbidden));

        var error = await Assert.ThrowsAsync<ChaosException>(() => Run(() => _cluster.GetPodsAsync(null, null, default)));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("cannot list resource", error.Message, StringComparison.Ordinal);
    }

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20));

    private static Task<HttpResponseMessage> Answer(byte[] body, HttpStatusCode status = HttpStatusCode.OK, HttpContent? content = null)
    {
        var answer = new HttpResponseMessage(status) { Content = content ?? new ByteArrayContent(body) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.kubernetes.protobuf");
        return Task.FromResult(answer);
    }

    private static byte[] Pods(string next, params string[] pods) => ProtobufWriter.Write(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PodList",
        ["metadata"] = new JsonObject { ["continue"] = next },
        ["items"] = new JsonArray([.. pods.Select(pod => pod.Split('/'))
            .Select(pod => new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = pod[0], ["name"] = pod[1] } })]),
    });

    private static byte[] Status(int code, string reason, string message) => ProtobufWriter.Write(new JsonObject
    {
        ["apiVersion"] = "meta/v1",
        ["kind"] = "Status",
        ["status"] = "Failure",
        ["reason"] = reason,
        ["message"] = message,
        ["code"] = code,
    });

    /// <summary>A body whose connection breaks when it should go on.</summary>
    private sealed class BreakingStream(byte[] body) : MemoryStream(body, writable: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw new IOException("The connection was reset.");
    }
}
