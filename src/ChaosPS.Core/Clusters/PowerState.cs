namespace ChaosPS.Clusters;

/// <summary>The power state of the machine behind a node, in Azure's words.</summary>
/// <remarks>Source: https://learn.microsoft.com/azure/virtual-machines/states-billing .</remarks>
public enum PowerState
{
    /// <summary>Not asked for, or Azure does not know.</summary>
    Unknown,

    /// <summary>On.</summary>
    Running,

    /// <summary>On its way up.</summary>
    Starting,

    /// <summary>On its way down, keeping its hardware.</summary>
    Stopping,

    /// <summary>Off, still billed.</summary>
    Stopped,

    /// <summary>On its way down, giving up its hardware.</summary>
    Deallocating,

    /// <summary>Off and not billed.</summary>
    Deallocated,
}

/// <summary>Questions about power states.</summary>
public static class PowerStates
{
    /// <summary>Whether the machine is off, or on its way there.</summary>
    public static bool IsOff(this PowerState state) =>
        state is PowerState.Stopped or PowerState.Deallocated or PowerState.Stopping or PowerState.Deallocating;
}
