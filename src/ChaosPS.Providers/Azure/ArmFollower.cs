using Azure;
using ChaosPS.Errors;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>Asks on our clock how far an operation is, until it is over.</summary>
/// <remarks>
/// The SDK's own waiting sleeps real seconds. Asking every 5 s unless ARM wants longer pauses stays far below the published limits of the Compute provider
/// (https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits).
/// </remarks>
internal static class ArmFollower
{
    /// <summary>Between two questions, when ARM does not say.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>The same while few calls are left.</summary>
    private static readonly TimeSpan s_sparing = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    /// <summary>Starts take minutes, and what takes an hour is stuck.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    /// <summary>How long ARM may be away, or refuse to answer, while it carries the operation out all the same.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits for the end.</summary>
    /// <returns>Null when it succeeded; what ARM said when it does not know the operation any more, or does not tell.</returns>
    /// <exception cref="ChaosException">It failed, did not end within an hour, or ARM did not answer for ten minutes.</exception>
    public static async Task<RequestFailedException?> FollowAsync(
        AzureCall call, ArmProgress progress, TimeProvider time, CancellationToken cancellationToken, Failure? failure = null)
    {
        var asking = call with { What = $"ask how far Azure is to {call.What}", Permission = $"{call.Permission.Split('/')[0]}/locations/operations/read" };
        var began = time.GetUtcNow();
        var answered = began;
        while (!progress.IsDone)
        {
            if (time.GetUtcNow() - began >= s_longest) throw ChaosErrors.PowerOperationTimeout(call.Words, s_longest);
            await time.DelayAsync(Pause(progress.Last, time), cancellationToken);
            try
            {
                if (await progress.AskAsync(cancellationToken) is { } end)
                {
                    if (end.IsLost) return end.Answer;
                    var advice = new AzureRefusal(call, 0, end.Code, end.Message).Advice;
                    throw (failure ?? ChaosErrors.PowerOperationFailed)(call.Words, end.Status, end.Code, end.Message, advice, end.Answer);
                }

                answered = time.GetUtcNow();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AzureFailure.Translate(asking, exception) is { } translated)
            {
                // Operations are asked for at the subscription, where a role on the resource group does not count: then the machine has to tell.
                if (translated.Kind == ErrorKind.PermissionDenied && exception is RequestFailedException forbidden) return forbidden;

                // That ARM does not answer says nothing of the operation.
                if (!MayPass(translated) || time.GetUtcNow() - answered >= s_patience) throw translated;
            }
        }

        return null;
    }

    /// <summary>Makes the error for an operation that has ended badly: of <see cref="ChaosErrors.PowerOperationFailed"/> unless it is another sort of operation.</summary>
    internal delegate ChaosException Failure(string call, string status, string code, string reason, string? advice, Exception? inner);

    private static TimeSpan Pause(Response response, TimeProvider time)
    {
        var usual = AzureLimits.IsScarce(response) ? s_sparing : s_interval;
        var asked = AzureLimits.Pause(response, time);
        var pause = asked is null || (usual == s_sparing && asked < usual) ? usual : asked.Value;
        return pause < s_shortest ? s_shortest : pause > s_patience ? s_patience : pause;
    }

    private static bool MayPass(ChaosException exception) =>
        exception.Kind is ErrorKind.LimitExceeded or ErrorKind.ConnectionFailed or ErrorKind.Timeout or ErrorKind.OperationFailed;
}
