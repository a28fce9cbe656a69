namespace ChaosPS.Simulation;

/// <summary>The signs of life of one kubelet, computed when somebody looks: no event is spent on a renewal that changes nothing.</summary>
/// <param name="First">From when on it beats.</param>
/// <param name="LeaseInterval">Between two renewals of the lease.</param>
/// <param name="StatusInterval">Between two reports of the node's status.</param>
internal readonly record struct Heartbeat(DateTimeOffset First, TimeSpan LeaseInterval, TimeSpan StatusInterval)
{
    /// <summary>A kubelet that was never heard of.</summary>
    public static Heartbeat None { get; } = new(DateTimeOffset.UnixEpoch, TimeSpan.MaxValue, TimeSpan.MaxValue);

    /// <summary>When the kubelet died; null while it lives.</summary>
    private DateTimeOffset? End { get; init; }

    /// <summary>The same of a kubelet that dies.</summary>
    public Heartbeat Stop(DateTimeOffset at) => End is null ? this with { End = at } : this;

    public DateTimeOffset LastLease(DateTimeOffset now) => Last(now, LeaseInterval);

    public DateTimeOffset LastStatus(DateTimeOffset now) => Last(now, StatusInterval);

    private DateTimeOffset Last(DateTimeOffset now, TimeSpan interval)
    {
        var until = End is { } end && end < now ? end : now;
        if (until <= First) return First;
        return First + TimeSpan.FromTicks((until - First).Ticks / interval.Ticks * interval.Ticks);
    }
}
