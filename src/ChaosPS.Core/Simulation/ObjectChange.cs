namespace ChaosPS.Simulation;

/// <summary>What happened to an object, in the words of a Kubernetes watch.</summary>
public enum ChangeType
{
    /// <summary>It was made.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>One change of one object.</summary>
/// <param name="At">When.</param>
/// <param name="Type">What happened.</param>
/// <param name="Target">The object: the living one, so read it at once.</param>
public readonly record struct ObjectChange(DateTimeOffset At, ChangeType Type, SimulatedObject Target);
