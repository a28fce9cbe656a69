using ChaosPS.Clusters;
using ChaosPS.Faults;

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

    /// <summary>The faults inside it.</summary>
    internal List<SimulatedFault> Faults { get; } = [];

    /// <summary>How the faults ended that it had since its boot, until somebody asks.</summary>
    internal Dictionary<string, FaultReport> EndedFaults { get; } = [];

    /// <summary>The script that runs in it; null when none does.</summary>
    internal MachineScript? Script { get; set; }

    /// <summary>How much longer what runs in it takes: with all processors busy it gets half of them.</summary>
    internal double Slowness
    {
        get
        {
            var busy = 0;
            foreach (var fault in Faults)
            {
                if (fault.Spec.Fault == NodeFaultKind.Cpu) busy = Math.Max(busy, fault.Spec.Percent!.Value);
            }

            return 1 + (busy / 100.0);
        }
    }

    /// <summary>The fault that delays what it sends; null when none does.</summary>
    internal FaultSpec? SendingDelay => Faults.Find(static fault => fault.Spec.Fault == NodeFaultKind.Network)?.Spec;

    /// <summary>Whether a fault keeps its disk busy.</summary>
    internal bool IsWriting => Faults.Exists(static fault => fault.Spec.Fault == NodeFaultKind.DiskIO);

    /// <summary>The power goes: no fault outlives that, nor a script.</summary>
    internal void LoseFaults()
    {
        Faults.Clear();
        EndedFaults.Clear();
        if (Script is not { } script) return;
        Script = null;
        script.IsLost = true;
    }

    /// <summary>The resource id.</summary>
    public override string ToString() => ResourceId;
}
