namespace ChaosPS.Simulation;

/// <summary>The signs of life of one kubelet, computed when somebody looks: no event is spent on a renewal that changes nothing.</summary>
internal sealed class Heartbeat
{
    private readonly DateTimeOffset _first;
    private readonly TimeSpan _leaseInterval;
    private readonly TimeSpan _statusInterval;
    private DateTimeOffset? _end;

    /// <summary>A heart that beats from <paramref name="first"/> on.</summary>
    public Heartbeat(DateTimeOffset first, TimeSpan leaseInterval, TimeSpan statusInterval)
    {
        _first = first;
        _leaseInterval = leaseInterval;
        _statusInterval = statusInterval;
    }

    /// <summary>A kubelet that was never heard of.</summary>
    public static Heartbeat None { get; } = new(DateTimeOffset.UnixEpoch, TimeSpan.MaxValue, TimeSpan.MaxValue);

    /// <summary>The kubelet dies.</summary>
    public void Stop(DateTimeOffset at) => _end ??= at;

    public DateTimeOffset LastLease(DateTimeOffset now) => Last(now, _leaseInterval);

    public DateTimeOffset LastStatus(DateTimeOffset now) => Last(now, _statusInterval);

    private DateTimeOffset Last(DateTimeOffset now, TimeSpan interval)
    {
        var until = _end is { } end && end < now ? end : now;
        if (until <= _first) return _first;
        return _first + TimeSpan.FromTicks((until - _first).Ticks / interval.Ticks * interval.Ticks);
    }
}
