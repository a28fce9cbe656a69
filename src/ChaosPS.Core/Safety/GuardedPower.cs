using System.Diagnostics.CodeAnalysis;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>
/// The only way in which ChaosPS changes a machine's power: refused beyond the blast radius, and written to the recovery log before it is sent.
/// </summary>
/// <param name="connection">The cluster and its machines.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
/// <param name="held">Whether the changes are the user's to end.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not asked for holds nothing.")]
public sealed class GuardedPower(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log, bool held = false)
{
    // One change at a time: two at once would each find the budget unspent.
    private SemaphoreSlim _turn = new(1, 1);

    /// <summary>The same, through a connection where somebody else asks Azure; it takes turns with this one.</summary>
    internal GuardedPower Through(ChaosConnection other) =>
        ReferenceEquals(other, connection) ? this : new GuardedPower(other, changes, gate.Through(other), log, held) { _turn = _turn };

    /// <summary>Checks the rules, writes the undo, asks Azure, and returns once Azure has accepted.</summary>
    /// <param name="target">The instance to change.</param>
    /// <param name="action">What to do.</param>
    /// <param name="skipShutdown">For a power-off: cut the power without shutting the guest down.</param>
    /// <param name="cancellationToken">Ends the asking; what Azure has accepted goes on.</param>
    /// <exception cref="ChaosException">A refusal, or what Azure answered.</exception>
    public async Task<PowerChange> BeginAsync(ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var turn = _turn.WaitAsync(cancellationToken);
        await connection.Time.WhenAllAsync([turn]); // the one before may have to let time pass
        try
        {
            return await BeginInTurnAsync(target, action, skipShutdown, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary><see cref="BeginAsync"/>, then waits until Azure says that it is done.</summary>
    public async Task<PowerChange> ChangeAsync(ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var change = await BeginAsync(target, action, skipShutdown, cancellationToken);
        if (change.Operation is { } operation) await operation.WaitAsync(cancellationToken);
        return change;
    }

    /// <summary>What has to be sent for <paramref name="action"/> in this state; null when there is nothing to do.</summary>
    private static PowerAction? Perform(PowerAction action, PowerState state) => (action, state) switch
    {
        (PowerAction.Start, PowerState.Running) => null,
        (PowerAction.PowerOff, PowerState.Stopped or PowerState.Deallocated) => null,
        (PowerAction.Deallocate, PowerState.Deallocated) => null,
        (PowerAction.Restart, _) when state.IsOff() => PowerAction.Start, // a machine on its way down cannot be restarted either
        _ => action,
    };

    private async Task<PowerChange> BeginInTurnAsync(
        ScaleSetInstance target, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
        var before = await connection.Power.GetInstanceAsync(target.ResourceId, cancellationToken);
        if (Perform(action, before.PowerState) is not { } performed)
        {
            log.Write(ChaosLogLevel.Verbose, $"{before.Name}{connection.Power.Place(before.ResourceId)} is {before.PowerState} already: nothing to do.");
            return new PowerChange(before, action, null, connection.Time.GetUtcNow(), changes.RunId, null);
        }

        var lookAgain = await gate.CheckAgainAsync([before], performed, nodes, changes, cancellationToken);
        var node = nodes.FirstOrDefault(node => string.Equals(node.ResourceId, before.ResourceId, StringComparison.OrdinalIgnoreCase));
        var change = changes.Intend(PowerIntent.Of(before, node, performed, held), connection);
        if (performed.IsIrreversible()) log.Write(ChaosLogLevel.Warning, $"{performed} of {before.Name}{connection.Power.Place(before.ResourceId)} cannot be undone.");
        log.Write(ChaosLogLevel.Verbose, $"{performed} {connection.Power.FullName(before.ResourceId)}");
        var operation = await changes.SendAsync(change, async () =>
        {
            await lookAgain(cancellationToken);
            return await connection.Power.BeginAsync(before, performed, skipShutdown, cancellationToken);
        });
        return new PowerChange(before, action, performed, change.At, changes.RunId, new Logged(changes, change, operation));
    }

    /// <summary>The operation, with its end in the recovery log.</summary>
    private sealed class Logged(ChangeSet changes, Change change, IPowerOperation operation) : IPowerOperation
    {
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await operation.WaitAsync(cancellationToken);
                changes.Note(change, ChangeState.Done);
            }
            catch (ChaosException exception)
            {
                changes.Note(change, ChangeState.Failed, exception.Message);
                throw;
            }
        }
    }
}
