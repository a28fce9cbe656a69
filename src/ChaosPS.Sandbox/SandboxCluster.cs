using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox;

/// <summary>The simulated cluster that all faces look at: one at a time, and always at the clock's present.</summary>
internal sealed class SandboxCluster
{
    private readonly Lock _lock = new();
    private readonly ClusterSimulation _simulation;
    private TaskCompletionSource _changed = NewSignal();
    private long _seenVersion;

    /// <summary>Begins to simulate a cluster.</summary>
    /// <param name="source">What it starts from.</param>
    /// <param name="ids">Ids for what the simulation does not name.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="options">Its times and rates, and what all chance in it comes from.</param>
    public SandboxCluster(SandboxSource source, StableId ids, TimeProvider time, SimulationOptions options)
    {
        Source = source;
        Ids = ids;
        QueryChance = new Random(options.Seed);
        Time = time;
        ControlPlane = new ControlPlane(time);
        if (source.IngressControllers is { } selector) options = options with { IngressControllers = selector };
        _simulation = new ClusterSimulation(source.Snapshot, options);
    }

    /// <summary>The sandbox's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The AKS cluster as a whole.</summary>
    public ControlPlane ControlPlane { get; }

    /// <summary>What it started from.</summary>
    public SandboxSource Source { get; }

    /// <summary>Ids for what the simulation does not name.</summary>
    public StableId Ids { get; }

    /// <summary>What queries draw samples from, apart from the simulation's own chance: asking does not change the history.</summary>
    public Random QueryChance { get; }

    /// <summary>Lets the simulation catch up with the clock, then looks at it or changes it.</summary>
    public T Look<T>(Func<ClusterSimulation, T> look)
    {
        lock (_lock)
        {
            _simulation.AdvanceTo(Time.GetUtcNow());
            try
            {
                return look(_simulation);
            }
            finally
            {
                TellWaiting();
            }
        }
    }

    /// <summary>The machines of a scale set that exist, with the nodes that they were made for, in the order of their ids.</summary>
    public List<(SimulatedMachine Machine, ClusterNode Node)> InstancesOf(SandboxScaleSet scaleSet, ClusterSimulation simulation) => scaleSet.ScaleSet.Flexible
        ? VirtualMachines(simulation).FindAll(found => Source.FlexibleSetOf(found.Node) == scaleSet)
        :
        [
            .. Machines(simulation)
                .Where(found => scaleSet.ScaleSet.ResourceId.Equals(AzureMachineId.ScaleSetOf(found.Node.ResourceId), StringComparison.OrdinalIgnoreCase))
                .OrderBy(static found => long.Parse(found.Node.InstanceId!, CultureInfo.InvariantCulture)),
        ];

    /// <summary>The virtual machines that exist, those of flexible scale sets too, in the order of their names.</summary>
    public List<(SimulatedMachine Machine, ClusterNode Node)> VirtualMachines(ClusterSimulation simulation) =>
    [
        .. Machines(simulation).Where(static found => found.Node.VMScaleSetName is null).OrderBy(static found => found.Node.ResourceId, StringComparer.OrdinalIgnoreCase),
    ];

    private IEnumerable<(SimulatedMachine Machine, ClusterNode Node)> Machines(ClusterSimulation simulation) => Source.Snapshot.Nodes
        .Where(static node => AzureMachineId.TryParse(node.ResourceId, out _))
        .Select(node => (Machine: simulation.FindMachine(node.ResourceId!)!, Node: node))
        .Where(static found => found.Machine is not null);

    /// <summary>Waits until something has changed after a version: at once, if it has already.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task WaitForChangeAsync(long afterResourceVersion, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (version, next, changed) = Look(simulation => (simulation.ResourceVersion, simulation.NextEventTime - simulation.Now, _changed.Task));
            if (version > afterResourceVersion) return;

            // Whoever looks next lets happen what is due; if nobody does, this one does.
            var due = NewSignal();
            using var timer = Time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), due, next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await Task.WhenAny(changed, due.Task).WaitAsync(cancellationToken);
        }
    }

    private void TellWaiting()
    {
        if (_simulation.ResourceVersion == _seenVersion) return;
        _seenVersion = _simulation.ResourceVersion;
        _changed.SetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
