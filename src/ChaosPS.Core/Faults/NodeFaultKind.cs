namespace ChaosPS.Faults;

/// <summary>What goes wrong inside the machine of a node.</summary>
public enum NodeFaultKind
{
    /// <summary>Its processors are busy.</summary>
    Cpu,

    /// <summary>Its memory is in use.</summary>
    Memory,

    /// <summary>A file system of it is full.</summary>
    Disk,

    /// <summary>Its disk is busy with writing.</summary>
    DiskIO,

    /// <summary>What it sends is late.</summary>
    Network,

    /// <summary>Its kubelet is stopped; the containers go on.</summary>
    Kubelet,
}
