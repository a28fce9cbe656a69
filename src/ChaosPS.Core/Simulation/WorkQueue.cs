namespace ChaosPS.Simulation;

/// <summary>A controller's queue: an object that changes many times before the controller gets to it is looked at once.</summary>
internal sealed class WorkQueue<T>(EventQueue events, Func<TimeSpan> latency, Action<T> sync)
    where T : notnull
{
    private readonly HashSet<T> _pending = [];

    public void Add(T item)
    {
        if (!_pending.Add(item)) return;
        events.After(latency(), () =>
        {
            _pending.Remove(item);
            sync(item);
        });
    }

    public void AddAt(T item, DateTimeOffset at) => events.At(at, () => Add(item));
}
