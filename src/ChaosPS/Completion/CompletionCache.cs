namespace ChaosPS.Completion;

/// <summary>What completion has read in this session, for half a minute.</summary>
internal sealed class CompletionCache
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(Type Completer, string? Scope), (IReadOnlyList<string> Names, long ReadAt)> _entries = [];

    /// <summary>The names that a completer has within a scope, read by <paramref name="read"/> when they are missing or old.</summary>
    public IReadOnlyList<string> GetOrAdd((Type Completer, string? Scope) key, Func<IReadOnlyList<string>> read)
    {
        if (_entries.TryGetValue(key, out var entry) && TimeProvider.System.GetElapsedTime(entry.ReadAt) < s_lifetime) return entry.Names;
        var names = read();
        _entries[key] = (names, TimeProvider.System.GetTimestamp());
        return names;
    }

    /// <summary>Forgets all: the session has another connection.</summary>
    public void Clear() => _entries.Clear();
}
