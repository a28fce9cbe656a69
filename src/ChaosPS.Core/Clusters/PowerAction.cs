namespace ChaosPS.Clusters;

/// <summary>What can be done to the power of a machine.</summary>
public enum PowerAction
{
    /// <summary>Power off, keeping the hardware: Azure's <c>powerOff</c>.</summary>
    PowerOff,

    /// <summary>Power off and give up the hardware.</summary>
    Deallocate,

    /// <summary>Power on.</summary>
    Start,

    /// <summary>Off and on again; an instance that is off is started instead.</summary>
    Restart,

    /// <summary>Delete the machine. It cannot be undone.</summary>
    Delete,

    /// <summary>Set the operating system's disk up anew. What was on it is lost.</summary>
    Reimage,

    /// <summary>Off, and on again on other hardware. What was on the temporary disk is lost.</summary>
    Redeploy,

    /// <summary>Let Azure evict a Spot machine as if it needed the capacity: what is left of it depends on its eviction policy.</summary>
    SimulateEviction,
}

/// <summary>Questions about power actions.</summary>
public static class PowerActions
{
    /// <summary>Whether something is lost that nothing brings back, so that a run must allow it.</summary>
    public static bool IsIrreversible(this PowerAction action) => action is PowerAction.Delete or PowerAction.Reimage or PowerAction.SimulateEviction;

    /// <summary>Whether a machine in this state is as the action leaves it.</summary>
    /// <param name="action">The action.</param>
    /// <param name="state">The state; null when the machine is gone.</param>
    public static bool IsDoneIn(this PowerAction action, PowerState? state) => action switch
    {
        PowerAction.PowerOff => state is PowerState.Stopped or PowerState.Deallocated,
        PowerAction.Deallocate => state is PowerState.Deallocated,
        PowerAction.Delete => state is null,
        PowerAction.SimulateEviction => state is null or PowerState.Stopped or PowerState.Deallocated,
        _ => state is PowerState.Running,
    };

    /// <summary>Whether a machine that is as the action leaves it proves that the action was carried out: after a restart it was running before, too.</summary>
    public static bool IsProvedByState(this PowerAction action) =>
        action is not (PowerAction.Restart or PowerAction.Reimage or PowerAction.Redeploy);
}
