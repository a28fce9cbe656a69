using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Safety;

/// <summary>Runs whose changes the user holds: whoever ends such a change by hand has ended the run.</summary>
public static class HeldRuns
{
    /// <summary>Notes in the records of held runs that a machine has been started again. What cannot be noted is said and changes nothing.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="clusterId">The cluster that the machine belongs to.</param>
    /// <param name="resourceId">The machine.</param>
    /// <param name="time">The clock of the cluster's connection.</param>
    /// <param name="log">Says what could not be noted.</param>
    public static void Started(RunStore store, string clusterId, string resourceId, TimeProvider time, IChaosLog log) =>
        End(store, clusterId, intent => intent is PowerIntent power && string.Equals(power.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase),
            resourceId, "started by hand", time, log);

    /// <summary>Notes in the records of held runs that a node is no longer cordoned. What cannot be noted is said and changes nothing.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="clusterId">The cluster that the node belongs to.</param>
    /// <param name="node">The node.</param>
    /// <param name="time">The clock of the cluster's connection.</param>
    /// <param name="log">Says what could not be noted.</param>
    public static void Uncordoned(RunStore store, string clusterId, string node, TimeProvider time, IChaosLog log) =>
        End(store, clusterId, intent => intent is CordonIntent cordon && cordon.Node == node, node, "uncordoned by hand", time, log);

    private static void End(
        RunStore store, string clusterId, Func<ChangeIntent, bool> isEnded, string target, string how, TimeProvider time, IChaosLog log)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(log);
        foreach (var folder in store.List(Unreadable).Where(run => run.State == RunState.Held && run.ClusterId == clusterId).Select(static run => run.Folder))
        {
            try
            {
                var (recovery, run) = RecoveryLog.TakeOver(folder, time);
                using var taken = recovery;
                Change[] ended = [.. run.Recorded.Where(change => change.NeedsUndo && isEnded(change.Intent))];
                foreach (var change in ended)
                {
                    change.Advance(ChangeState.Undone, null);
                    recovery.Result(change.Entry, nameof(ChangeState.Undone), how);
                }

                if (ended.Length > 0 && !run.Recorded.Any(static change => change.NeedsUndo)) recovery.End("Ended");
            }
            catch (ChaosException exception)
            {
                log.Write(ChaosLogLevel.Verbose, $"The record in {folder} still says that {target} is held: {exception.Message}");
            }
        }

        void Unreadable(ChaosException exception) => log.Write(ChaosLogLevel.Verbose, exception.Message);
    }
}
