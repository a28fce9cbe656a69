namespace ChaosPS.Simulation;

/// <summary>What the deletion of an object does to the objects that it owns, in the words of the API's <c>propagationPolicy</c>.</summary>
public enum DeletionPropagation
{
    /// <summary>The object goes at once, and what it owned is deleted afterwards.</summary>
    Background,

    /// <summary>The object stays, marked as terminating, until everything that it owns is gone.</summary>
    Foreground,

    /// <summary>The object goes at once, and what it owned lives on without an owner.</summary>
    Orphan,
}
