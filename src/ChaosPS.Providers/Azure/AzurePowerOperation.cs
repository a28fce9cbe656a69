using System.Text.Json;
using Azure;
using Azure.ResourceManager;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>An operation that ARM has accepted, polled on our clock.</summary>
/// <remarks>
/// The SDK's own waiting sleeps real seconds. Polling every 5 s unless ARM asks for more stays far below the published limits of
/// the Compute provider (https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits).
/// </remarks>
internal sealed class AzurePowerOperation(AzureCall call, ArmOperation operation, TimeProvider time) : IPowerOperation
{
    /// <summary>Between two polls, when ARM does not say.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    /// <summary>Starts take minutes, and what takes an hour is stuck.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        while (!operation.HasCompleted)
        {
            if (time.GetUtcNow() - began >= s_longest) throw ChaosErrors.PowerOperationTimeout(call.Words, s_longest);
            var pause = ClockRetryPolicy.RetryAfter(operation.GetRawResponse(), time) ?? s_interval;
            await time.DelayAsync(pause < s_shortest ? s_shortest : pause, cancellationToken);
            try
            {
                await operation.UpdateStatusAsync(cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                throw ChaosErrors.PowerOperationLost(call.Words, exception);
            }
            catch (RequestFailedException exception) when (operation.HasCompleted || exception.Status is 200 or 201 or 202)
            {
                var (code, message) = AzureFailure.Reason(exception);
                throw ChaosErrors.PowerOperationFailed(call.Words, Status(exception) ?? "Failed", code, message, exception);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AzureFailure.Translate(Asking, exception) is { } translated)
            {
                throw translated;
            }
        }
    }

    private AzureCall Asking => new($"ask how far Azure is to {call.Words}", "Microsoft.Compute/locations/operations/read");

    private static string? Status(RequestFailedException exception)
    {
        if (exception.GetRawResponse()?.Content is not { } content) return null;
        try
        {
            using var document = JsonDocument.Parse(content.ToMemory());
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.String ? status.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
