using System.Net;
using System.Text;

namespace ChaosPS.Providers.Tests;

/// <summary>Answers requests from a script and remembers them.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _script = [];

    public List<string> Requests { get; } = [];

    public List<string> Bodies { get; } = [];

    public static string Recorded(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", name + ".json"));

    public FakeServer Answer(int status, string body = "", params (string Name, string Value)[] headers) => Do((_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return Task.FromResult(response);
    });

    public FakeServer AnswerRecorded(int status, string name, params (string Name, string Value)[] headers) => Answer(status, Recorded(name), headers);

    public FakeServer Throw(Exception exception) => Do((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public FakeServer Do(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> step)
    {
        _script.Enqueue(step);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        Assert.True(_script.Count > 0, $"Unexpected request: {Requests[^1]}");
        var response = await _script.Dequeue()(request, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
