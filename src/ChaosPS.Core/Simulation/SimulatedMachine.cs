using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>The virtual machine behind a node.</summary>
public sealed class SimulatedMachine
{
    internal SimulatedMachine(string resourceId, string nodeName, PowerState powerState)
    {
        ResourceId = resourceId;
        NodeName = nodeName;
        PowerState = powerState;
        IsOn = powerState is PowerState.Running;
    }

    /// <summary>Its Azure resource id; the node's name where there is no Azure.</summary>
    public string ResourceId { get; }

    /// <summary>The name of the node that it is, also the host name inside.</summary>
    public string NodeName { get; }

    /// <summary>What Azure says of its power.</summary>
    public PowerState PowerState { get; internal set; }

    /// <summary>What Azure says of its last operation: <c>Succeeded</c>, <c>Updating</c> or <c>Deleting</c>.</summary>
    public string ProvisioningState { get; internal set; } = "Succeeded";

    /// <summary>The operation that is going on; null when none is.</summary>
    public MachineOperation? Operation { get; internal set; }

    /// <summary>Whether anything in it runs: false from the instant that Azure accepts to power it off.</summary>
    public bool IsOn { get; internal set; }

    /// <summary>Whether Azure has deleted it.</summary>
    internal bool IsDeleted { get; set; }

    /// <summary>The newest node object of it, which may be gone from the API.</summary>
    internal SimulatedNode? Node { get; set; }

    /// <summary>The resource id.</summary>
    public override string ToString() => ResourceId;
}
