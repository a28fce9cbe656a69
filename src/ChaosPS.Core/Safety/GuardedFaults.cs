using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Safety;

/// <summary>
/// The only way in which ChaosPS begins a fault inside a machine: refused beyond the blast radius, where a node with a fault counts as down, and written to
/// the recovery log before it is sent.
/// </summary>
/// <param name="connection">The cluster and its machines.</param>
/// <param name="changes">The run's changes.</param>
/// <param name="gate">What may be hit.</param>
/// <param name="log">Says what is done.</param>
/// <param name="held">Whether the changes are the user's to end.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not asked for holds nothing.")]
public sealed class GuardedFaults(ChaosConnection connection, ChangeSet changes, BlastGate gate, IChaosLog log, bool held = false)
{
    /// <summary>How long after a fault's time the machine is asked whether it has ended it: clocks differ a little, and an undo takes a moment.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    // One at a time: two at once would each find the budget unspent.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly ConcurrentDictionary<string, (Change Change, FaultIntent Intent)> _begun = new();

    /// <summary>Checks the rules, writes the undo, and begins a fault. It returns when the fault is there.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="cancellationToken">Ends the asking; what Azure has accepted goes on.</param>
    /// <exception cref="ChaosException">A refusal, what Azure answered, or what the machine said.</exception>
    public async Task<NodeFault> StartAsync(ScaleSetInstance target, FaultSpec fault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(fault);
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        Change change;
        FaultIntent intent;
        IMachineScript script;
        var turn = _turn.WaitAsync(cancellationToken);
        await connection.Time.WhenAllAsync([turn]); // the one before may have to let time pass
        try
        {
            (change, intent, script) = await BeginAsync(target, fault, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }

        await FinishAsync(change, intent, script, cancellationToken);
        var now = connection.Time.GetUtcNow();
        return new NodeFault
        {
            Id = intent.FaultId,
            NodeName = intent.Name,
            ResourceId = intent.ResourceId,
            Cluster = identity,
            Fault = fault.Fault,
            Effect = fault.Effect,
            StartTime = now,
            Until = now + fault.Duration,
            RunId = changes.RunId,
        };
    }

    /// <summary>Waits until a fault's time is up, then asks the machine whether it has ended it. What has not been ended is ended now.</summary>
    /// <returns>The fault with what ended it.</returns>
    /// <exception cref="ChaosException">The machine could not be asked.</exception>
    public async Task<NodeFault> WaitAsync(NodeFault fault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var left = fault.Until + s_grace - connection.Time.GetUtcNow();
        if (left > TimeSpan.Zero) await connection.Time.DelayAsync(left, cancellationToken);
        var (change, intent) = _begun[fault.Id];
        return await EndAsync(fault, connection, changes, change, intent, log, cancellationToken);
    }

    /// <summary>Ends a fault whose intent is in the log, and waits until its node serves again.</summary>
    internal static async Task<NodeFault> EndAsync(
        NodeFault fault, ChaosConnection connection, ChangeSet changes, Change change, FaultIntent intent, IChaosLog log, CancellationToken cancellationToken)
    {
        try
        {
            var (end, at) = await intent.EndAsync(connection, !change.Accepted, cancellationToken);
            await intent.WaitReadyAsync(connection, end, log, cancellationToken);
            changes.Note(change, ChangeState.Undone, end.ToString());
            return fault with { EndedBy = end, EndTime = at };
        }
        catch (ChaosException exception)
        {
            changes.Note(change, ChangeState.UndoFailed, exception.Message);
            throw;
        }
    }

    private async Task<(Change Change, FaultIntent Intent, IMachineScript Script)> BeginAsync(
        ScaleSetInstance target, FaultSpec fault, CancellationToken cancellationToken)
    {
        var nodes = await connection.Cluster.GetNodesAsync(cancellationToken);
        var before = await connection.Power.GetInstanceAsync(target.ResourceId, cancellationToken);
        var node = nodes.FirstOrDefault(node => string.Equals(node.ResourceId, before.ResourceId, StringComparison.OrdinalIgnoreCase));
        Check(connection.Power, before, node);
        var lookAgain = await gate.CheckAgainAsync([before], nodes, changes, cancellationToken);
        var id = $"{changes.RunId}-{Guid.NewGuid().ToString("N")[..8]}";
        var intent = FaultIntent.Of(before, node, id, fault, connection.Time.GetUtcNow(), held);
        var change = changes.Intend(intent, connection);
        _begun[id] = (change, intent);
        log.Write(ChaosLogLevel.Verbose, $"{fault} inside {connection.Power.FullName(before.ResourceId)}: {id}");
        var script = await changes.SendAsync(change, async () =>
        {
            await lookAgain(cancellationToken);
            return await connection.Power.BeginScriptAsync(before, new FaultScript(id, fault).Text, cancellationToken);
        });
        return (change, intent, script);
    }

    /// <summary>Refuses machines in which no fault can begin.</summary>
    /// <exception cref="ChaosException">Ids <c>FaultOnWindows</c>, <c>FaultMachineOff</c>.</exception>
    public static void Check(INodePower power, ScaleSetInstance machine, ClusterNode? node)
    {
        ArgumentNullException.ThrowIfNull(power);
        ArgumentNullException.ThrowIfNull(machine);
        var name = node?.Name ?? machine.ComputerName ?? machine.Name;
        if (node?.Labels.GetValueOrDefault("kubernetes.io/os") == "windows") throw ChaosErrors.FaultOnWindows(name, power.Place(machine.ResourceId));
        if (machine.PowerState != PowerState.Running) throw ChaosErrors.FaultMachineOff(name, power.Place(machine.ResourceId), machine.PowerState.ToString());
    }

    /// <summary>Waits until the machine says that the fault is there.</summary>
    private async Task FinishAsync(Change change, FaultIntent intent, IMachineScript script, CancellationToken cancellationToken)
    {
        MachineOutput output;
        try
        {
            output = await script.WaitAsync(cancellationToken);
        }
        catch (ChaosException exception)
        {
            changes.Note(change, ChangeState.Failed, exception.Message);
            throw;
        }

        switch (FaultReport.Find(output.StandardOutput, intent.FaultId)?.State)
        {
            case "running":
                changes.Note(change, ChangeState.Done);
                break;
            case "failed":
                var reason = output.StandardError.Length > 0 ? output.StandardError : output.Message;
                changes.Note(change, ChangeState.Undone, reason);
                throw ChaosErrors.FaultFailed(Lower(intent.Fault.Effect), intent.Name, connection.Power.Place(intent.ResourceId), reason);
            default:
                var unknown = ChaosErrors.FaultUnknown($"'{intent.Fault.Effect}'", intent.Name, connection.Power.Place(intent.ResourceId), output);
                changes.Note(change, ChangeState.Failed, unknown.Message);
                throw unknown;
        }
    }

    private static string Lower(string effect) => char.ToLowerInvariant(effect[0]) + effect[1..];
}
