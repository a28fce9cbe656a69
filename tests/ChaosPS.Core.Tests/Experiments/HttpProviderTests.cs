using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public sealed class HttpProviderTests : IDisposable
{
    /// <summary>The ids of the errors that Python's exceptions are here.</summary>
    private static readonly Dictionary<string, string> s_errors = new()
    {
        ["ActivityFailed"] = "HttpTimeout",
        ["InvalidHeader"] = "HttpHeaderInvalid",
        ["MissingSchema"] = "HttpUrlInvalid",
        ["JSONDecodeError"] = "HttpBodyInvalid",
    };

    private readonly ExperimentWorld _world = new();

    public static TheoryData<string> Cases => RecordedCase.Ids("http");

    public static TheoryData<string> Errors => RecordedCase.Ids("http", static recorded => recorded.IsError);

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_has_the_result_that_the_Chaos_Toolkit_got(string id)
    {
        var recorded = RecordedCase.Get(id);
        _world.Answer = Recorded;

        var run = await PlayAsync(recorded.Input.GetProperty("provider").GetRawText(), Block(recorded, "configuration"), Block(recorded, "secrets"));

        if (recorded.IsError)
        {
            Assert.Equal((ActivityStatus.Failed, s_errors[recorded.Error]), (run.Status, run.ErrorId));
            if (recorded.Error == "ActivityFailed") Assert.StartsWith(recorded.Message, run.Reason, StringComparison.Ordinal);
            return;
        }

        var expected = JsonNode.Parse(recorded.Expected.GetProperty("value").GetRawText())!;
        Assert.Equal(ActivityStatus.Succeeded, run.Status);
        Assert.Equal((long)expected["status"]!, (long)run.Output!["status"]!);
        Assert.Equal((string?)expected["Content-Type"], (string?)run.Output["headers"]!["Content-Type"]);
        Assert.Equal(WithoutSecrets(Comparable(expected["body"])), Comparable(run.Output["body"]));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_Python_exception_there_ends_the_method_as_there_and_the_journal_is_finished(string id)
    {
        var recorded = RecordedCase.Get(id);
        _world.Answer = Recorded;

        var run = await RunAsync(
            recorded.Input.GetProperty("provider").GetRawText(), Block(recorded, "configuration"), Block(recorded, "secrets"),
            new RunOptions { Compatibility = RunCompatibility.ChaosToolkit });

        var isCrash = recorded.Error != "ActivityFailed";
        Assert.Equal((isCrash ? 1 : 0, isCrash ? "aborted" : "completed"), (run.ExitCode, run.Status));
        Assert.Equal(s_errors[recorded.Error], (string?)run.Journal["run"]![0]!["error_id"]);
        Assert.Equal(isCrash ? s_errors[recorded.Error] : null, (string?)run.Journal["error_id"]);
        Assert.NotNull(run.Journal["end"]);
    }

    [Fact]
    public async Task A_timeout_of_two_numbers_limits_the_request_to_their_sum()
    {
        var run = await PlayAsync("""{"type": "http", "url": "http://x.invalid/hang", "timeout": [1, 2.5]}""");

        Assert.Equal(TimeSpan.FromSeconds(3.5), run.Duration);
        Assert.StartsWith("activity took too long to complete", run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_timeout_does_not_wait_for_ever()
    {
        var run = await PlayAsync("""{"type": "http", "url": "http://x.invalid/hang"}""");

        Assert.Equal(TimeSpan.FromSeconds(60), run.Duration);
    }

    [Fact]
    public async Task Connection_errors_are_tried_again_as_often_as_allowed()
    {
        _world.Answer = _ => _world.Requests.Count < 3 ? throw new HttpRequestException("reset") : new HttpResponseMessage(HttpStatusCode.OK);

        Assert.Equal(ActivityStatus.Succeeded, (await PlayAsync("""{"type": "http", "url": "http://x.invalid/", "max_retries": 2}""")).Status);
        Assert.Equal(3, _world.Requests.Count);
    }

    [Fact]
    public async Task Arguments_join_a_query_that_is_there_already()
    {
        await PlayAsync("""{"type": "http", "url": "http://x.invalid/a?b=1", "arguments": {"c": true, "d": null}}""");

        Assert.Equal(["GET /a?b=1&c=True"], _world.Requests);
    }

    [Theory]
    [InlineData("""{"v": [1, [2, 3], null]}""", "v=1&v=2&v=3")]
    [InlineData("""{"v": {"a": 1, "b": 2}, "w": [{"k": 0}]}""", "v=a&v=b&w=k")]
    [InlineData("""{"v": [], "w": {}, "x": "a b&c"}""", "x=a+b%26c")]
    [InlineData("""[["a", 1], ["a", 2]]""", "a=1&a=2")]
    public async Task A_query_is_made_of_lists_and_mappings_as_the_original_makes_it(string arguments, string query)
    {
        await PlayAsync($$"""{"type": "http", "url": "http://x.invalid/a", "arguments": {{arguments}}}""");

        Assert.Equal([$"GET /a?{query}"], _world.Requests);
    }

    [Theory]
    [InlineData("[1, 2]", "{}")]
    [InlineData("5", "{}")]
    [InlineData("\"${list}\"", """{"list": [1, 2]}""")]
    public async Task Arguments_that_are_no_query_are_not_left_out_in_silence(string arguments, string configuration)
    {
        var provider = $$"""{"type": "http", "url": "http://x.invalid/a", "arguments": {{arguments}}}""";
        if (configuration == "{}") Assert.Contains("WrongType", (await Assert.ThrowsAsync<ChaosPS.Errors.ChaosException>(() => PlayAsync(provider))).Message, StringComparison.Ordinal);

        var run = await RunAsync(provider, configuration, "{}", new RunOptions { SkipValidation = true, Compatibility = RunCompatibility.ChaosToolkit });

        Assert.Equal(("aborted", configuration == "{}" ? "ActivityInvalid" : "HttpArgumentsInvalid"), (run.Status, run.ErrorId));
        Assert.Empty(_world.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_what_can_be_kept()
    {
        _world.Answer = static _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) };

        var run = await PlayAsync("""{"type": "http", "url": "http://x.invalid/"}""");

        Assert.Equal((ActivityStatus.Failed, "OutputTooLarge"), (run.Status, run.ErrorId));
        Assert.Equal("the answer of http://x.invalid/ is larger than 16 MiB, and is read no further", run.Reason);
    }

    [Fact]
    public async Task An_answer_in_an_encoding_that_is_not_used_any_more_is_read_all_the_same()
    {
        _world.Answer = static _ =>
        {
            var content = new ByteArrayContent("well"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-7");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        };

        Assert.Equal("well", (string?)(await PlayAsync("""{"type": "http", "url": "http://x.invalid/"}""")).Output!["body"]);
    }

    private async Task<ActivityRun> PlayAsync(string provider, string configuration = "{}", string secrets = "{}")
    {
        return (await RunAsync(provider, configuration, secrets, new RunOptions())).Activities.Single();
    }

    private Task<ChaosRun> RunAsync(string provider, string configuration, string secrets, RunOptions options) =>
        _world.RunAsync(
            """{"title": "t", "description": "d", "configuration": """ + configuration + """, "secrets": """ + secrets
            + """, "method": [{"type": "probe", "name": "p", "provider": """ + provider + "}]}",
            options);

    private static string Block(RecordedCase recorded, string name) =>
        recorded.Input.TryGetProperty(name, out var block) ? block.GetRawText() : "{}";

    /// <summary>JSON in a text counts by what it says, not by its spaces; so does JSON in that.</summary>
    private static string Comparable(JsonNode? body)
    {
        if (body is JsonValue value && value.TryGetValue(out string? text))
        {
            try
            {
                body = JsonNode.Parse(text);
            }
            catch (System.Text.Json.JsonException)
            {
                return text;
            }
        }

        if (body?["body"] is JsonValue inner) body["body"] = Comparable(inner);
        return body?.ToJsonString() ?? "null";
    }

    /// <summary>The recording's secret does not get into a journal of ours.</summary>
    private static string WithoutSecrets(string text) => text.Replace("Bearer tok", "Bearer ***", StringComparison.Ordinal);

    /// <summary>The server that the recordings were made with.</summary>
    private HttpResponseMessage Recorded(HttpRequestMessage request)
    {
        switch (request.RequestUri!.AbsolutePath)
        {
            case "/text": return Answer("OK", "text/plain");
            case "/json": return Answer("""{"a":1}""", "application/json");
            case "/jsoncs": return Answer("""{"a":1}""", "application/json; charset=utf-8");
            case "/badjson": return Answer("{bad", "application/json");
            case "/slow/2": throw new TaskCanceledException("the time-out of the request");
            default:
                using (var reader = new StreamReader(request.Content?.ReadAsStream() ?? Stream.Null))
                {
                    return Answer(
                        new JsonObject
                        {
                            ["method"] = request.Method.Method,
                            ["query"] = request.RequestUri.Query.TrimStart('?'),
                            ["content_type"] = request.Content?.Headers.ContentType?.ToString(),
                            ["x_a"] = request.Headers.TryGetValues("X-A", out var values) ? values.Single() : null,
                            ["body"] = reader.ReadToEnd(),
                        }.ToJsonString(),
                        "text/plain");
                }
        }
    }

    private static HttpResponseMessage Answer(string body, string type) => new(HttpStatusCode.OK)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } },
    };
}
