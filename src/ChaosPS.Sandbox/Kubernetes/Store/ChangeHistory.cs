using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <summary>The last changes of the objects of one type, as many as watches may want to catch up on.</summary>
/// <param name="since">The version after which it knows every change.</param>
internal sealed class ChangeHistory(long since)
{
    /// <summary>So many changes of a type are kept at least.</summary>
    internal const int Capacity = 2048;

    private readonly List<ObjectEvent> _events = [];
    private readonly Dictionary<ApiObject, JsonObject> _latest = [];

    /// <summary>The version after which it knows every change.</summary>
    public long Since { get; private set; } = since;

    /// <summary>Notes a change.</summary>
    public void Add(ChangeType type, ApiObject item, JsonObject json)
    {
        _events.Add(new ObjectEvent(type, item.Version, item, json, _latest.GetValueOrDefault(item)));
        _latest[item] = json;
        if (_events.Count == 2 * Capacity) Forget();
    }

    /// <summary>The changes after a version, oldest first.</summary>
    public IReadOnlyList<ObjectEvent> After(long version)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Version <= version) low = middle + 1;
            else high = middle;
        }

        return _events[low..];
    }

    private void Forget()
    {
        foreach (var old in _events.Take(Capacity))
        {
            if (ReferenceEquals(_latest.GetValueOrDefault(old.Item), old.Json)) _latest.Remove(old.Item);
        }

        Since = _events[Capacity - 1].Version;
        _events.RemoveRange(0, Capacity);
    }
}
