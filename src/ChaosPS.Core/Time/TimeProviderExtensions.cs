namespace ChaosPS.Time;

/// <summary>Waiting in a way that works on the real clock and on a <see cref="VirtualClock"/> alike.</summary>
public static class TimeProviderExtensions
{
    /// <summary>Runs <paramref name="work"/> as a member of the clock; on a real clock it just runs.</summary>
    public static Task<T> RunAsync<T>(this TimeProvider time, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return time is VirtualClock clock ? clock.RunAsync(work) : work();
    }

    /// <summary>Runs <paramref name="work"/> as a member of the clock; on a real clock it just runs.</summary>
    public static Task RunAsync(this TimeProvider time, Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return time.RunAsync(async () =>
        {
            await work();
            return true;
        });
    }

    /// <summary>Lets <paramref name="duration"/> pass on this clock; on a <see cref="VirtualClock"/> the caller is a member.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static Task DelayAsync(this TimeProvider time, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time is VirtualClock clock ? clock.DelayAsync(duration, cancellationToken) : Task.Delay(duration, time, cancellationToken);
    }

    /// <summary>Waits for work that other members of the clock do.</summary>
    public static Task WhenAllAsync(this TimeProvider time, IEnumerable<Task> tasks) =>
        time is VirtualClock clock ? clock.WhenAllAsync(tasks) : Task.WhenAll(tasks);
}
