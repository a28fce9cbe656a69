using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>How far a change has come, as the recovery log has it.</summary>
public enum ChangeState
{
    /// <summary>About to be made: it may have been sent or not.</summary>
    Intended,

    /// <summary>The server has accepted it.</summary>
    Accepted,

    /// <summary>The server has carried it out.</summary>
    Done,

    /// <summary>The server has refused it: nothing was changed.</summary>
    Refused,

    /// <summary>It failed, or its answer was lost: something may have been changed.</summary>
    Failed,

    /// <summary>Its undo was begun.</summary>
    Undoing,

    /// <summary>Its undo failed.</summary>
    UndoFailed,

    /// <summary>Everything is as before.</summary>
    Undone,
}

/// <summary>A change that a run makes, and how far it has come.</summary>
internal sealed class Change(ChangeIntent intent, long entry, DateTimeOffset at)
{
    public ChangeIntent Intent { get; } = intent;

    /// <summary>The connection that it was made through, where another one than the run's; it is known in this process only.</summary>
    public ChaosConnection? Through { get; init; }

    /// <summary>The number of its intent in the recovery log.</summary>
    public long Entry { get; } = entry;

    /// <summary>When it was about to be made.</summary>
    public DateTimeOffset At { get; } = at;

    public ChangeState State { get; private set; }

    /// <summary>Whether the server is known to have accepted it.</summary>
    public bool Accepted { get; private set; }

    /// <summary>When it was seen that the server has carried it out; null when nobody has seen it.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>The uid of the object that it has made; null when it makes none, or nobody saw the answer.</summary>
    public string? MadeUid { get; set; }

    /// <summary>Whether it is over: put back, or never made.</summary>
    public bool Over => State is ChangeState.Undone or ChangeState.Refused;

    /// <summary>Whether there is something to put back.</summary>
    public bool NeedsUndo => !Over && Intent is { PutsBack: false, Reversibility: Reversibility.Undo };

    /// <summary>Goes on to a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="at">When that was seen.</param>
    public void Advance(ChangeState state, DateTimeOffset? at)
    {
        State = state;
        if (state == ChangeState.Done) DoneAt = at;
        Accepted |= state is ChangeState.Accepted or ChangeState.Done;
    }
}
