using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
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

    private const int MostAttempts = 4;

    private const string Eviction = "eviction";

    /// <summary>The server's words for a pod of several budgets; it answers with a bare 500.</summary>
    private const string SeveralBudgets = "more than one PodDisruptionBudget";

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    // However fast a served sandbox's clock runs, an answer comes over this machine's network at this machine's pace.
    private readonly TimeProvider _answerTime = time is RunningClock ? TimeProvider.System : time;

    private readonly string _server = configuration.Host.TrimEnd('/');
    private readonly string? _tlsServerName = configuration.TlsServerName;

    /// <summary>Reads an object or a list.</summary>
    public async Task<JsonElement> GetAsync(ApiCall call, string query, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await SendAsync(call, HttpMethod.Get, query, null, null, cancellationToken);
            if (answer.Body is { } body) return body;
            if (attempt == MostAttempts || !answer.Transient) throw answer.Error!;
            await time.DelayAsync(answer.RetryAfter ?? s_firstPause * Math.Pow(2, attempt - 1), cancellationToken);
        }
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

    private async Task<Answer> SendAsync(
        ApiCall call, HttpMethod method, string query, string? contentType, string? content, CancellationToken cancellationToken, bool isText = false)
    {
        using var timeout = new CancellationTokenSource(s_answerTimeout, _answerTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(BaseUri, call.Path + query)) { Version = HttpVersion.Version20 };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (isText) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            if (content is not null) request.Content = new StringContent(content, Encoding.UTF8, contentType!);
            if (Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, both.Token);
            if (!string.IsNullOrWhiteSpace(_tlsServerName)) request.Headers.Host = _tlsServerName;

            using var response = await HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            if (!response.IsSuccessStatusCode) return await FailureAsync(call, response, stream, both.Token);

            if (isText) return new Answer(await ReadTextAsync(stream, both.Token), null, false, null);
            using var document = await JsonDocument.ParseAsync(stream, default, both.Token);
            return new Answer(document.RootElement.Clone(), null, false, null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Answer(null, ChaosErrors.ClusterTimeout(call.ToString(), cluster, _server, s_answerTimeout), false, null);
        }
        catch (JsonException exception)
        {
            return new Answer(null, ChaosErrors.ApiAnswerInvalid(call.Resource, cluster, "it is not JSON", exception), false, null);
        }
        catch (HttpRequestException exception)
        {
            return Broken(exception, transient: exception.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError);
        }
        catch (IOException exception)
        {
            return Broken(exception, transient: true);
        }

        Answer Broken(Exception exception, bool transient) =>
            new(null, ChaosErrors.ClusterUnreachable(call.ToString(), cluster, _server, Innermost(exception), exception), transient, null);
    }

    private async Task<Answer> FailureAsync(ApiCall call, HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(cancellationToken);
        var reason = (ReadStatusMessage(body) ?? FirstLine(body) ?? response.ReasonPhrase ?? "no reason given").TrimEnd('.');
        var words = call.ToString();
        var error = (int)response.StatusCode switch
        {
            429 when call.Subresource == Eviction => ChaosErrors.EvictionRefused(call.Namespace!, call.Name!, ReadStatusCause(body) ?? reason),
            500 when call.Subresource == Eviction && reason.Contains(SeveralBudgets, StringComparison.Ordinal) =>
                ChaosErrors.EvictionImpossible(call.Namespace!, call.Name!, reason),
            401 => ChaosErrors.ClusterAuthenticationFailed(words, cluster, _server, reason),
            403 => ChaosErrors.ClusterForbidden(words, cluster, reason, call.Verb, call.RbacResource, call.Group, call.Namespace),
            404 => ChaosErrors.ClusterObjectNotFound(words, cluster, reason),
            409 => ChaosErrors.ClusterConflict(words, cluster, reason),
            410 => ChaosErrors.ClusterListExpired(words, cluster, reason),
            429 => ChaosErrors.ClusterTooManyRequests(words, cluster, reason),
            >= 500 and var status => ChaosErrors.ClusterServerFailed(words, cluster, _server, status, reason),
            _ => ChaosErrors.ClusterRequestInvalid(words, cluster, reason),
        };
        return new Answer(null, error, (int)response.StatusCode is 429 or 502 or 503 or 504, RetryAfter(response));
    }

    /// <summary>What Retry-After asks for, kept within what a user would wait.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is not { } delta ? null
        : delta > s_longestPause ? s_longestPause
        : delta < s_firstPause ? s_firstPause : delta;

    /// <summary>The message of the API's Status object; null when the body is none.</summary>
    private static string? ReadStatusMessage(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // an unknown path is answered in plain text, a proxy answers in HTML
        }
    }

    /// <summary>What the API's Status object gives as the cause, such as the budget that forbids an eviction; null when it gives none.</summary>
    private static string? ReadStatusCause(string body)
    {
        try
        {
            return (string?)(JsonNode.Parse(body)?["details"]?["causes"]?[0]?["message"]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static string? FirstLine(string body)
    {
        const int Longest = 200;
        var line = body.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end];
        if (line.Length > Longest) line = line[..Longest];
        return line.IsEmpty ? null : line.ToString();
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception.Message;
    }

    /// <summary>A body, or an error and whether asking again may help.</summary>
    private sealed record Answer(JsonElement? Body, ChaosException? Error, bool Transient, TimeSpan? RetryAfter);
}
