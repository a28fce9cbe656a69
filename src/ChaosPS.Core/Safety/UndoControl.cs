namespace ChaosPS.Safety;

/// <summary>What whoever has started a run can see of it and tell it while it puts back what it changed. Any thread may use it.</summary>
public sealed class UndoControl : IDisposable
{
    private readonly CancellationTokenSource _hurry = new();
    private volatile ChangeSet? _changes;

    /// <summary>Cancelled when the process has only seconds left.</summary>
    internal CancellationToken Hurried => _hurry.Token;

    /// <summary>
    /// Says that the process has only seconds left: rollbacks are cut short, the undo begins at once, and the steady state is not waited for.
    /// </summary>
    public void Hurry()
    {
        try
        {
            _hurry.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended while the signal was on its way.
        }
    }

    /// <summary>Whether the declared rollbacks are left out.</summary>
    internal bool SkipsRollbacks { get; private set; }

    /// <summary>Says that the declared rollbacks are not to be played. What the run has changed is put back all the same.</summary>
    public void SkipRollbacks() => SkipsRollbacks = true;

    /// <summary>What is left to put back and what finishes it, one line each, should this process not come to it.</summary>
    /// <param name="restore">The command that restores a run; it gets the run's id and the state directory, which is null for the user's own.</param>
    /// <returns>The lines; one that says so when nothing is left.</returns>
    public IReadOnlyList<string> Describe(Func<string, string?, string> restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        if (_changes is not { } changes || changes.Left is not { Count: > 0 } left) return ["Nothing is left to put back."];
        var state = changes.StatePath == RecoveryLog.DefaultStateDirectory ? null : changes.StatePath;
        return
        [
            $"Left to put back: {string.Join(", ", left.Select(static change => $"{change.Description} {change.Target}"))}.",
            $"If this process ends before that, this finishes it: {restore(changes.RunId, state)}",
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _hurry.Dispose();

    /// <summary>The run's changes, from its beginning on.</summary>
    internal void Watch(ChangeSet changes) => _changes = changes;
}
