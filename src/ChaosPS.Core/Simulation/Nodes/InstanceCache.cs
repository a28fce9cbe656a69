using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>What the cloud provider believes about machines: it lists a scale set and then trusts the list for ten minutes.</summary>
/// <remarks>
/// Source: VmssVirtualMachinesCacheTTLDefaultInSeconds in cloud-provider-azure/pkg/consts. When the list was last read depends on everything
/// else that reads it, so its phase is chance unless <see cref="SimulationOptions.InstanceCachePhase"/> says it.
/// </remarks>
internal sealed class InstanceCache(ClusterState state)
{
    private readonly HashSet<SimulatedMachine> _shutDown = [];

    public void Begin()
    {
        // Its own chance, well mixed: phases of consecutive seeds are to be spread over the whole lifetime.
        Random chance = new(unchecked((int)(((uint)state.Options.Seed * 2654435761u) ^ 0x1CACE)));
        var drawn = state.Options.InstanceCacheLifetime * chance.NextDouble();
        Read();
        state.Events.After(state.Options.InstanceCachePhase ?? drawn, Refresh);
    }

    /// <summary>Whether the machine was seen powered off when the list was last read.</summary>
    public bool IsShutDown(SimulatedMachine machine) => _shutDown.Contains(machine);

    private void Refresh()
    {
        Read();
        state.Events.After(state.Options.InstanceCacheLifetime, Refresh);
    }

    private void Read()
    {
        _shutDown.Clear();
        foreach (var machine in state.MachinesOff)
        {
            // A machine that is still stopping does not count, nor one with any other operation under way.
            if (machine is { ProvisioningState: "Succeeded", PowerState: PowerState.Stopped or PowerState.Deallocated }) _shutDown.Add(machine);
        }
    }
}
