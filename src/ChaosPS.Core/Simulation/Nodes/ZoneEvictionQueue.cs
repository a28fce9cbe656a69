namespace ChaosPS.Simulation.Nodes;

/// <summary>How much of a zone is down.</summary>
internal enum ZoneState
{
    /// <summary>Not looked at yet.</summary>
    Initial,

    /// <summary>Few nodes, or none, are not ready.</summary>
    Normal,

    /// <summary>More than two nodes and more than the threshold's share are not ready.</summary>
    PartialDisruption,

    /// <summary>No node is ready.</summary>
    FullDisruption,
}

/// <summary>The nodes of one zone that wait for the NoExecute taint, and the token bucket (of one token) that lets them through.</summary>
/// <remarks>Source: RateLimitedTimedQueue in kubernetes/pkg/controller/nodelifecycle/scheduler.</remarks>
internal sealed class ZoneEvictionQueue(double rate, DateTimeOffset now)
{
    private readonly List<SimulatedNode> _waiting = [];
    private double _rate = rate;
    private DateTimeOffset _nextToken = now;

    public ZoneState State { get; set; }

    /// <summary>Whether the next try is planned already.</summary>
    public bool TryPlanned { get; set; }

    /// <summary>Puts a node at the end; one that waits already moves there.</summary>
    public void Put(SimulatedNode node)
    {
        _waiting.Remove(node);
        _waiting.Add(node);
    }

    public void Remove(SimulatedNode node) => _waiting.Remove(node);

    /// <summary>Which of several goes first is not fixed in Kubernetes either: each look at the nodes puts them in anew.</summary>
    public void Shuffle(Random chance)
    {
        if (_waiting.Count > 1) chance.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_waiting));
    }

    /// <summary>Changes the rate, nodes a second; a bucket that was empty stays empty.</summary>
    public void SetRate(double rate, DateTimeOffset now)
    {
        if (rate == _rate) return;
        var hadToken = _rate > 0 && _nextToken <= now;
        _rate = rate;
        if (rate > 0) _nextToken = hadToken ? now : now + TimeSpan.FromSeconds(1 / rate);
    }

    /// <summary>How many nodes wait that the simulation does not have.</summary>
    public int Others { get; set; }

    /// <summary>When the next node may pass; null when none waits or none may ever.</summary>
    public DateTimeOffset? NextPass => _waiting.Count + Others > 0 && _rate > 0 ? _nextToken : null;

    /// <summary>Lets the next node pass; false when none may now. It is null for one that the simulation does not have.</summary>
    public bool TryTake(DateTimeOffset now, Random chance, out SimulatedNode? node)
    {
        node = null;
        if (NextPass is not { } next || next > now) return false;
        _nextToken = now + TimeSpan.FromSeconds(1 / _rate);

        // The order changes every few seconds, so each that waits has the same chance.
        if (Others > 0 && chance.Next(_waiting.Count + Others) >= _waiting.Count)
        {
            Others--;
            return true;
        }

        node = _waiting[0];
        _waiting.RemoveAt(0);
        return true;
    }
}
