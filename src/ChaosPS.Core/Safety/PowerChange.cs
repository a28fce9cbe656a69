using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>A change of power that was asked for, and what became of it.</summary>
/// <param name="Target">The instance as it was before.</param>
/// <param name="Requested">What was asked for.</param>
/// <param name="Performed">What was sent to Azure; null when the instance was already as wanted. A restart of an instance that is off is sent as a start.</param>
/// <param name="At">When it was sent.</param>
/// <param name="RunId">The run whose recovery log has it.</param>
/// <param name="Operation">Azure's operation; null when nothing was sent.</param>
public sealed record PowerChange(
    ScaleSetInstance Target, PowerAction Requested, PowerAction? Performed, DateTimeOffset At, string RunId, IPowerOperation? Operation);

/// <summary>What an undo did.</summary>
/// <param name="Steps">What was done, in order, one sentence each.</param>
/// <param name="Remaining">What could not be put back and how to do it by hand; empty when everything is as before.</param>
public sealed record UndoResult(IReadOnlyList<string> Steps, IReadOnlyList<string> Remaining)
{
    /// <summary>Whether everything is as it was before.</summary>
    public bool Complete => Remaining.Count == 0;
}
