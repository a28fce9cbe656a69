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
}
