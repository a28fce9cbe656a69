namespace ChaosPS.Simulation;

/// <summary>What is to happen, in the order of time; equal times in the order of scheduling.</summary>
internal sealed class EventQueue(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    public DateTimeOffset Now { get; private set; } = start.ToUniversalTime();

    public DateTimeOffset? NextEventTime =>
        _events.TryPeek(out _, out var key) ? new DateTimeOffset(key.At, TimeSpan.Zero) : null;

    public void At(DateTimeOffset at, Action action) => _events.Enqueue(action, (Math.Max(at.UtcTicks, Now.UtcTicks), _order++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Lets everything happen up to <paramref name="time"/>, and leaves the clock there. A time in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (_events.TryPeek(out var action, out var key) && key.At <= time.UtcTicks)
        {
            _events.Dequeue();
            Now = new DateTimeOffset(key.At, TimeSpan.Zero);
            action();
        }

        if (Now < time) Now = time.ToUniversalTime();
    }
}
