using System.IO.Enumeration;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Faults;

/// <summary>The faults of the platform that are there now: whoever answers asks here whether the answer shall be right.</summary>
/// <param name="clock">The sandbox's clock, on which faults end.</param>
internal sealed class FaultList(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<SandboxFault> _faults = [];
    private int _last;

    /// <summary>Those that are there, in the order in which they came.</summary>
    public IReadOnlyList<SandboxFault> All
    {
        get
        {
            lock (_lock)
            {
                RemoveEnded();
                return [.. _faults];
            }
        }
    }

    /// <summary>Adds one, which begins at once.</summary>
    public SandboxFault Add(SandboxFault fault)
    {
        lock (_lock)
        {
            var added = fault with { Id = ++_last };
            _faults.Add(added);
            return added;
        }
    }

    /// <summary>Takes one away; false when it is not there.</summary>
    public bool Remove(int id)
    {
        lock (_lock)
        {
            RemoveEnded();
            return _faults.RemoveAll(fault => fault.Id == id) > 0;
        }
    }

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        lock (_lock) _faults.Clear();
    }

    /// <summary>Whether a request to one of the APIs is hit; if so, that counts.</summary>
    public bool Hits(SandboxFaultKind kind, SandboxFaultTarget target) =>
        Take(fault => fault.Fault == kind && (fault.Target is null || fault.Target == target)) is not null;

    /// <summary>The fault that hits an operation on a node's machine, which counts; null when none does.</summary>
    public SandboxFault? Hit(SandboxFaultKind kind, string node) =>
        Take(fault => fault.Fault == kind && (fault.NodeName is null || Matches(fault.NodeName, node)));

    /// <summary>Whether a name is one of those that a fault means.</summary>
    public static bool Matches(string pattern, string node) => FileSystemName.MatchesSimpleExpression(pattern, node);

    /// <summary>The oldest of those that are meant: of two faults the second begins where the first has ended.</summary>
    private SandboxFault? Take(Predicate<SandboxFault> meant)
    {
        lock (_lock)
        {
            RemoveEnded();
            var place = _faults.FindIndex(meant);
            if (place < 0) return null;
            var hit = _faults[place];
            _faults[place] = hit with { Hits = hit.Hits + 1, Count = hit.Count - 1 };
            RemoveEnded();
            return hit;
        }
    }

    private void RemoveEnded() => _faults.RemoveAll(fault => fault.Count == 0 || fault.Until <= clock.GetUtcNow());
}
