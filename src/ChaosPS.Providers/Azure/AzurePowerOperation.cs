using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Providers.Azure;

/// <summary>An operation on a machine that ARM has accepted: done when ARM says so and the machine's power state shows it.</summary>
/// <param name="call">The operation in words.</param>
/// <param name="machine">The machine.</param>
/// <param name="action">What is done to it.</param>
/// <param name="progress">Asks ARM; null when there is nothing to ask, and only the machine's state tells.</param>
/// <param name="watch">Looks at the machine.</param>
/// <param name="time">The clock.</param>
internal sealed class AzurePowerOperation(
    AzureCall call, ScaleSetInstance machine, PowerAction action, ArmProgress? progress, MachineWatch watch, TimeProvider time) : IPowerOperation
{
    /// <summary>How long after its operation a machine's state may lag behind.</summary>
    private static readonly TimeSpan s_lag = TimeSpan.FromMinutes(2);

    /// <summary>How long a machine is looked at whose operation nobody knows any more, or never knew.</summary>
    private static readonly TimeSpan s_search = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (progress is null)
        {
            var evicted = await LookAsync(s_search, cancellationToken);
            if (!action.IsDoneIn(evicted)) throw ChaosErrors.PowerOperationTimeout(call.Words, s_search);
        }
        else if (await ArmFollower.FollowAsync(call, progress, time, cancellationToken) is { } lost)
        {
            // Azure forgets operations; the machine tells, unless it is now as it was before.
            var state = await LookAsync(action.IsProvedByState() ? s_search : TimeSpan.Zero, cancellationToken);
            if (!action.IsProvedByState() || !action.IsDoneIn(state)) throw ChaosErrors.PowerOperationLost(call.Words, Words(state), lost);
        }
        else
        {
            var state = await LookAsync(s_lag, cancellationToken);
            if (!action.IsDoneIn(state)) throw ChaosErrors.PowerStateOther(call.Words, Words(state), s_lag);
        }
    }

    /// <summary>Looks at the machine until it is as the action leaves it, at most so long.</summary>
    /// <returns>Its state at the last look; null when it is gone.</returns>
    private async Task<PowerState?> LookAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var notBefore = began;
        while (true)
        {
            var state = (await watch.LookAsync(machine, notBefore, cancellationToken))?.PowerState;
            if (action.IsDoneIn(state) || time.GetUtcNow() - began >= longest) return state;
            notBefore = time.GetUtcNow() + (MachineWatch.Interval / 2);
            await time.DelayAsync(MachineWatch.Interval, cancellationToken);
        }
    }

    private static string Words(PowerState? state) => state?.ToString() ?? "gone";
}
