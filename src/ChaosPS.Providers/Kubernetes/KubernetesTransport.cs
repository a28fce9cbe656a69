using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Kubernetes.Failures;
using ChaosPS.Providers.Kubernetes.Protobuf;
using ChaosPS.Time;
using k8s;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Sends calls through the library's own connection and credentials and turns every failure into a <see cref="ChaosException"/>.</summary>
/// <remarks>Reads are repeated when the server is overloaded or a connection breaks; changes are sent once.</remarks>
internal sealed partial class KubernetesTransport(KubernetesClientConfiguration configuration, string cluster, TimeProvider time, params DelegatingHandler[] handlers)
    : k8s.Kubernetes(configuration, handlers)
{
    /// <summary>How long one answer may take, its body included.</summary>
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long all attempts to read may take, the pauses between them included.</summary>
    private static readonly TimeSpan s_readTimeout = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private const int MostAttempts = 4;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    // However fast a served sandbox's clock runs, an answer comes over this machine's network at this machine's pace.
    private readonly TimeProvider _answerTime = time is RunningClock ? TimeProvider.System : time;

    /// <summary>The cluster's name.</summary>
    public string Cluster => cluster;

    private readonly string _server = configuration.Host.TrimEnd('/');
    private readonly Credential? _credential = handlers.OfType<CredentialHandler>().FirstOrDefault()?.Credential;

    // Several answers may come at once, and a nullable date is not written in one piece: its ticks are, 0 for none.
    private long _date;

    /// <summary>The server's time when it last answered, to a second; null when it did not tell.</summary>
    public DateTimeOffset? Date => Interlocked.Read(ref _date) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private ApiFailure Refusal => new(cluster, _server, _credential);

    private ConnectionFailure Failure => new(cluster, _server);

    /// <summary>Reads an object or a list.</summary>
    public Task<JsonElement> GetAsync(ApiCall call, string query, CancellationToken cancellationToken) =>
        ReadAsync(call, query, isText: false, cancellationToken);

    /// <summary>Reads, and reads again while the server is overloaded or the connection breaks: reading twice does no harm.</summary>
    private async Task<JsonElement> ReadAsync(ApiCall call, string query, bool isText, CancellationToken cancellationToken, StreamedBody? body = null)
    {
        var start = _answerTime.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var left = s_readTimeout - _answerTime.GetElapsedTime(start);
            if (left < s_shortest) left = s_shortest; // a pause may have lasted a little longer than it was meant to
            var answer = await SendAsync(call, HttpMethod.Get, query, null, null, cancellationToken, isText, left < s_answerTimeout ? left : s_answerTimeout, body);
            if (answer.Body is { } whole) return whole;
            var pause = Pause(attempt, answer.RetryAfter);
            if (attempt == MostAttempts || !answer.Transient || _answerTime.GetElapsedTime(start) + pause >= s_readTimeout) throw answer.Error!;
            await time.DelayAsync(pause, cancellationToken);
        }
    }

    /// <summary>What the server asks for, else 1, 2, 4 seconds; kept within what a user would wait.</summary>
    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var pause = asked ?? s_firstPause * Math.Pow(2, attempt - 1);
        return pause > s_longestPause ? s_longestPause : pause < s_firstPause ? s_firstPause : pause;
    }

    /// <summary>Changes an object.</summary>
    public async Task<JsonElement> PatchAsync(ApiCall call, string contentType, string patch, bool dryRun, CancellationToken cancellationToken)
    {
        var query = "?fieldManager=chaosps" + (dryRun ? "&dryRun=All" : "");
        var answer = await SendAsync(call, HttpMethod.Patch, query, contentType, patch, cancellationToken);
        return answer.Body ?? throw answer.Error!;
    }

    /// <summary>Makes an object, or makes it what <paramref name="content"/> says: server-side apply.</summary>
    public async Task<JsonElement> ApplyAsync(ApiCall call, string content, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, HttpMethod.Patch, "?fieldManager=chaosps&force=true", "application/apply-patch+yaml", content, cancellationToken);
        return answer.Body ?? throw answer.Error!;
    }

    /// <summary>Makes an object, or what a subresource does when it is posted to.</summary>
    public async Task PostAsync(ApiCall call, string content, bool dryRun, CancellationToken cancellationToken)
    {
        var query = "?fieldManager=chaosps" + (dryRun ? "&dryRun=All" : "");
        var answer = await SendAsync(call, HttpMethod.Post, query, "application/json", content, cancellationToken);
        if (answer.Error is { } error) throw error;
    }

    /// <summary>Deletes an object.</summary>
    /// <param name="call">The object.</param>
    /// <param name="options">DeleteOptions as JSON; null for the server's own. With a body, the server heeds no query.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task DeleteAsync(ApiCall call, string? options, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, HttpMethod.Delete, "", options is null ? null : "application/json", options, cancellationToken);
        if (answer.Error is { } error) throw error;
    }

    /// <summary>Sends a call; when the server refuses the credentials and there are newer ones, once more: it has not looked at the call then.</summary>
    private async Task<Answer> SendAsync(
        ApiCall call, HttpMethod method, string query, string? contentType, string? content, CancellationToken cancellationToken,
        bool isText = false, TimeSpan? timeout = null, StreamedBody? body = null)
    {
        // A credential plugin may wait for a person, whom the server's time-out is not for.
        if (_credential is not null) await _credential.GetAsync(cancellationToken);
        var answer = await SendOnceAsync();
        return answer.Refused is { } proof && await _credential!.RenewAsync(proof, cancellationToken) ? await SendOnceAsync() : answer;

        Task<Answer> SendOnceAsync() => AttemptAsync(call, method, query, contentType, content, isText, body, timeout ?? s_answerTimeout, cancellationToken);
    }

    private async Task<Answer> AttemptAsync(
        ApiCall call, HttpMethod method, string query, string? contentType, string? content, bool isText, StreamedBody? body, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, _answerTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var isBegun = false;
        using var request = new HttpRequestMessage(method, new Uri(BaseUri, call.Path + query)) { Version = HttpVersion.Version20 };
        try
        {
            if (body?.MediaType is { } mediaType) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (isText) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            if (content is not null) request.Content = new StringContent(content, Encoding.UTF8, contentType!);
            if (Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, both.Token);

            using var response = await HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            if (!response.IsSuccessStatusCode) return await RefusedAsync(call, response, stream, both.Token);

            Interlocked.Exchange(ref _date, response.Headers.Date?.UtcTicks ?? 0);
            if (isText) return new Answer(await ReadTextAsync(call, stream, both.Token));
            if (body is not null)
            {
                isBegun = true;
                if (body.Longest is { } longest) timeout.CancelAfter(limit = longest);
                await body.ReadAsync(response.Content.Headers.ContentType?.MediaType, stream, both.Token);
                return new Answer(default(JsonElement));
            }

            using var document = await JsonDocument.ParseAsync(stream, default, both.Token);
            return new Answer(document.RootElement.Clone());
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Answer(Error: ChaosErrors.ClusterTimeout(call.ToString(), cluster, _server, limit), Transient: isBegun && body?.Longest is not null);
        }
        catch (JsonException exception)
        {
            return new Answer(Error: ChaosErrors.ApiAnswerInvalid(call.Resource, cluster, "it is not JSON", exception));
        }
        catch (InvalidDataException exception)
        {
            return new Answer(Error: ChaosErrors.ApiAnswerInvalid($"{call.Verb} of {call.Resource}", cluster, exception.Message, exception));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new Answer(Error: Failure.Explain(call, exception, ProofOf(request)?.Certificate is not null), Transient: ConnectionFailure.IsTransient(exception));
        }
    }

    private async Task<Answer> RefusedAsync(ApiCall call, HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await stream.CopyToAsync(body, cancellationToken);
        var status = ApiStatus.Read(ProtobufStatus.ReadText(body.ToArray()), response.ReasonPhrase);
        return new Answer(
            Error: Refusal.Explain(call, response.StatusCode, status),
            Transient: IsTransient((int)response.StatusCode),
            RetryAfter: RetryAfter(response) ?? status.RetryAfter,
            Refused: response.StatusCode == HttpStatusCode.Unauthorized ? ProofOf(response.RequestMessage) : null);
    }

    private static bool IsTransient(int statusCode) => statusCode is 429 or 500 or 502 or 503 or 504;

    /// <summary>What Retry-After asks for, in seconds or as a time.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } later ? later.Delta ?? later.Date - time.GetUtcNow() : null;

    private static Proof? ProofOf(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(CredentialHandler.Shown, out var proof) ? proof : null;

    /// <summary>A body, or an error, whether asking again may help, and what the server did not accept.</summary>
    private sealed record Answer(
        JsonElement? Body = null, ChaosException? Error = null, bool Transient = false, TimeSpan? RetryAfter = null, Proof? Refused = null);
}
