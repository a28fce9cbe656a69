using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>An action that takes nodes away, while it is done to a simulated cluster.</summary>
internal abstract class LossWork
{
    protected const string ByReturn = "the node's return";

    /// <summary>Does what is due.</summary>
    /// <returns>When it wants to go on; null when it has done all, and what follows is the cluster's affair.</returns>
    public abstract DateTimeOffset? Act();

    /// <summary>What frees the names of a StatefulSet, or volumes, that do come back; null where nothing has to be freed.</summary>
    public virtual string? FreedBy => null;

    /// <summary>Of a drain what became of it; null of all else.</summary>
    public virtual DrainRun? Drain => null;

    /// <summary>Why it does not come to its end for a family, in the API's words; null where it does.</summary>
    public virtual string? RefusalOf(Family family) => null;
}

/// <summary>What became of a drain in one run.</summary>
/// <param name="Time">How long it took.</param>
/// <param name="Left">Why pods were left; null when all are gone.</param>
internal sealed record DrainRun(TimeSpan Time, string? Left);

/// <summary>Changes the power of machines.</summary>
internal sealed class PowerWork(ClusterSimulation simulation, PowerLoss loss) : LossWork
{
    private readonly List<MachineOperation> _operations = [];
    private bool _began;

    private bool Returns => loss.Power is PowerAction.Restart or PowerAction.Reimage or PowerAction.Redeploy;

    public override string? FreedBy => loss.Power switch
    {
        PowerAction.Delete => "the deletion of the node's object, which follows that of its machine",
        _ when Returns => ByReturn,
        _ => "the taint out-of-service, which AKS sets when it finds the machine off",
    };

    public override DateTimeOffset? Act()
    {
        if (!_began) Begin();
        _began = true;
        var end = _operations.Select(static operation => operation.EndTime).DefaultIfEmpty().Max();
        return Returns && end > simulation.Now ? end : null;
    }

    private void Begin()
    {
        foreach (var name in loss.Nodes)
        {
            if (simulation.FindNode(name) is not { Machine.IsOn: true } node) continue;

            // Of a Spot machine's end the half minute of notice is no loss yet, and nobody counts from it.
            var power = loss.Power == PowerAction.SimulateEviction ? PowerAction.Deallocate : loss.Power;
            _operations.Add(simulation.Begin(node, power));
        }
    }
}

/// <summary>Begins a fault inside machines by the same script that a real one would be begun by.</summary>
internal sealed class FaultWork(ClusterSimulation simulation, FaultLoss loss) : LossWork
{
    private DateTimeOffset? _end;

    public override string? FreedBy => ByReturn;

    public override DateTimeOffset? Act()
    {
        _end ??= Begin();
        return _end > simulation.Now ? _end : null;
    }

    private DateTimeOffset Begin()
    {
        var begun = simulation.Now;
        foreach (var name in loss.Nodes)
        {
            if (simulation.FindNode(name) is { Machine: { IsOn: true } machine }) begun = simulation.Run(machine, new FaultScript("prediction", loss.Fault)).EndTime;
        }

        return begun + loss.Fault.Duration;
    }
}

/// <summary>Deletes the objects of nodes.</summary>
internal sealed class ObjectWork(ClusterSimulation simulation, ObjectLoss loss) : LossWork
{
    public override string? FreedBy => "the deletion of the node's object";

    public override DateTimeOffset? Act()
    {
        foreach (var name in loss.Nodes)
        {
            if (simulation.FindNode(name) is { } node) simulation.DeleteNode(node);
        }

        return null;
    }
}
