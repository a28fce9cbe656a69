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

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var changes = message.Request.Method != RequestMethod.Get;
        string? lost = null;
        for (var attempt = 1; ; attempt++)
        {
            var pause = s_firstPause * Math.Pow(2, attempt - 1);
            try
            {
                await ProcessNextAsync(message, pipeline);
            }
            catch (Exception exception) when (attempt < MostAttempts && message.ResponseClassifier.IsRetriable(message, exception))
            {
                // Nothing was answered; the pause is ours to choose.
                if (changes) lost = exception.Message.TrimEnd('.');
                await time.DelayAsync(pause, message.CancellationToken);
                continue;
            }

            var status = message.Response.Status;
            if (AzureLimits.Pause(message.Response, time) is { } asked && asked > pause) pause = asked;
            if (attempt == MostAttempts || pause > s_longestPause || !message.ResponseClassifier.IsRetriableResponse(message))
            {
                if (lost is not null && status is >= 400 and < 500) throw Doubtful(status, lost);
                return;
            }

            if (changes && status >= 500) lost = $"status {status}";
            message.Response.Dispose();
            await time.DelayAsync(pause, message.CancellationToken);
        }
    }

    /// <summary>
    /// Azure refuses what it has just accepted, because it is at work on it: such a refusal says nothing of the attempt whose answer was lost.
    /// </summary>
    private static IOException Doubtful(int status, string lost) => new(
        $"the answer was lost ({lost}), and the same request after it was refused with status {status}, so Azure may have carried out the first one or not");

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Calls to Azure are asynchronous here.");
}
