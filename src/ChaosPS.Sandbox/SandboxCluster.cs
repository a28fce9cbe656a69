using ChaosPS.Sandbox.Sources;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox;

/// <summary>The simulated cluster that all faces look at: one at a time, and always at the clock's present.</summary>
internal sealed class SandboxCluster
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ClusterSimulation _simulation;

    /// <summary>Begins to simulate a cluster.</summary>
    public SandboxCluster(SandboxSource source, StableId ids, TimeProvider time, int seed)
    {
        Source = source;
        Ids = ids;
        QueryChance = new Random(seed);
        _time = time;
        _simulation = new ClusterSimulation(source.Snapshot, new SimulationOptions { Seed = seed });
    }

    /// <summary>What it started from, with the manifests as they are now.</summary>
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
            _simulation.AdvanceTo(_time.GetUtcNow());
            return look(_simulation);
        }
    }
}
