using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>Repeats requests as the SDK's own policy does (429, 5xx, broken connections), but waits on our clock.</summary>
/// <remarks>The SDK's policy sleeps real seconds and does not let a subclass change that.</remarks>
internal sealed class ClockRetryPolicy(TimeProvider time) : HttpPipelinePolicy
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);

    /// <summary>A server that wants a longer pause is not waited for: the user learns of the limit instead.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(2);

    /// <summary>What Retry-After asks for; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(Response response, TimeProvider time)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - time.GetUtcNow() : null;
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pause = s_firstPause * Math.Pow(2, attempt - 1);
            try
            {
                await ProcessNextAsync(message, pipeline);
                if (attempt == MostAttempts || !message.ResponseClassifier.IsRetriableResponse(message)) return;
                if (RetryAfter(message.Response, time) is { } asked && asked > pause) pause = asked;
                if (pause > s_longestPause) return;
                message.Response.Dispose();
            }
            catch (Exception exception) when (attempt < MostAttempts && message.ResponseClassifier.IsRetriable(message, exception))
            {
                // Nothing was answered; the pause is ours to choose.
            }

            await time.DelayAsync(pause, message.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Calls to Azure are asynchronous here.");
}
