using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>What an undo works with.</summary>
/// <param name="connection">The cluster and its machines; null in a run that has changed files only.</param>
/// <param name="log">Says what is done.</param>
/// <param name="accepted">Whether the server has accepted the change, or another change of the same target.</param>
/// <param name="answerUnknown">Whether the change may have been sent and nobody saw the answer.</param>
/// <param name="remade">The objects that the run itself has made or deleted, such as <c>Deployment default/frontend</c>: another of that name may be its own.</param>
/// <param name="note">Writes to the recovery log.</param>
/// <param name="steps">Takes what was done.</param>
internal sealed class UndoContext(
    ChaosConnection? connection, IChaosLog log, bool accepted, bool answerUnknown, IReadOnlySet<string> remade, Action<string, string?> note, List<string> steps)
{
    /// <summary>The cluster and its machines.</summary>
    public ChaosConnection Connection => connection ?? throw new InvalidOperationException("A run that has changed files only has no cluster.");

    /// <summary>Says what is done.</summary>
    public IChaosLog Log => log;

    /// <summary>Whether the server has accepted the change, or another change of the same target.</summary>
    public bool Accepted => accepted;

    /// <summary>Whether the change may have been sent and nobody saw the answer: the target's state may still change by itself.</summary>
    public bool AnswerUnknown => answerUnknown;

    /// <summary>The uid of the object that the change has made; null when it makes none, or nobody saw the answer.</summary>
    public string? MadeUid { get; init; }

    /// <summary>Whether an object is another one than was changed, and not one that the run has made in its place.</summary>
    /// <param name="target">The object, such as <c>Deployment default/frontend</c>.</param>
    /// <param name="uid">The uid of what was changed; empty or null where nobody knew it.</param>
    /// <param name="now">The uid of what is there.</param>
    public bool IsOther(string target, string? uid, string now) => uid is { Length: > 0 } && now.Length > 0 && now != uid && !remade.Contains(target);

    /// <summary>Writes to the recovery log what the undo is about to do.</summary>
    public void Note(string state, string? detail) => note(state, detail);

    /// <summary>Says what was done, one sentence, and once however often the undo has to begin anew.</summary>
    public void Step(string sentence)
    {
        if (!steps.Contains(sentence)) steps.Add(sentence);
    }
}
