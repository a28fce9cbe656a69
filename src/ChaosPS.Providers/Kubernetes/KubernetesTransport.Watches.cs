using System.Net;
using ChaosPS.Errors;
using ChaosPS.Time;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Watches.</content>
internal sealed partial class KubernetesTransport
{
    /// <summary>How long a stream is asked for: after that the server ends it, and the next one shows that it is still there.</summary>
    private static readonly TimeSpan s_watch = TimeSpan.FromMinutes(5);

    /// <summary>How long a stream may last: one that the server has not ended is one that it knows nothing of any more.</summary>
    public static TimeSpan LongestWatch => s_watch + s_answerTimeout;

    /// <summary>Watches until the server ends the stream or the connection breaks.</summary>
    /// <param name="call">What is watched.</param>
    /// <param name="filter">A part of the query that selects objects; null for all.</param>
    /// <param name="version">From when on.</param>
    /// <param name="body">Gets the events.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async Task<WatchEnd> WatchAsync(ApiCall call, string? filter, string version, WatchBody body, CancellationToken cancellationToken)
    {
        var query = $"?{(filter is null ? "" : $"{filter}&")}watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}"
            + $"&timeoutSeconds={s_watch.TotalSeconds:0}";
        var answer = await SendAsync(call, HttpMethod.Get, query, null, null, cancellationToken, body: body);
        return body.Refusal is var (code, status)
            ? new WatchEnd(Refusal.Explain(call, (HttpStatusCode)code, status), IsTransient(code), status.RetryAfter)
            : new WatchEnd(answer.Error, answer.Transient, answer.RetryAfter);
    }

    /// <summary>Pauses before the next attempt; throws what the last one met when there were enough of them.</summary>
    public Task PauseAsync(int attempt, WatchEnd last, CancellationToken cancellationToken) =>
        attempt < MostAttempts || last.Error is not { } error ? time.DelayAsync(Pause(attempt, last.RetryAfter), cancellationToken) : throw error;
}

/// <summary>How a stream has ended.</summary>
/// <param name="Error">What went wrong; null when the server just ended it.</param>
/// <param name="Transient">Whether another stream may fare better.</param>
/// <param name="RetryAfter">When the server wants to be asked again; null when it does not say.</param>
internal sealed record WatchEnd(ChaosException? Error, bool Transient, TimeSpan? RetryAfter);
