using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>What an undo works with.</summary>
/// <param name="connection">The cluster and its machines.</param>
/// <param name="log">Says what is done.</param>
/// <param name="accepted">Whether the server has accepted the change, or another change of the same target.</param>
/// <param name="answerUnknown">Whether the change may have been sent and nobody saw the answer.</param>
/// <param name="note">Writes to the recovery log.</param>
/// <param name="steps">Takes what was done.</param>
internal sealed class UndoContext(
    ChaosConnection connection, IChaosLog log, bool accepted, bool answerUnknown, Action<string, string?> note, List<string> steps)
{
    /// <summary>The cluster and its machines.</summary>
    public ChaosConnection Connection => connection;

    /// <summary>Says what is done.</summary>
    public IChaosLog Log => log;

    /// <summary>Whether the server has accepted the change, or another change of the same target.</summary>
    public bool Accepted => accepted;

    /// <summary>Whether the change may have been sent and nobody saw the answer: the target's state may still change by itself.</summary>
    public bool AnswerUnknown => answerUnknown;

    /// <summary>Writes to the recovery log what the undo is about to do.</summary>
    public void Note(string state, string? detail) => note(state, detail);

    /// <summary>Says what was done, one sentence, and once however often the undo has to begin anew.</summary>
    public void Step(string sentence)
    {
        if (!steps.Contains(sentence)) steps.Add(sentence);
    }
}
