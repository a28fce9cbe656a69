namespace ChaosPS.Experiments;

/// <summary>What a run only pretends to do.</summary>
public enum DryMode
{
    /// <summary>Probes are not carried out, and count as met.</summary>
    Probes,

    /// <summary>Actions are not carried out.</summary>
    Actions,

    /// <summary>Neither probes nor actions are carried out.</summary>
    Activities,

    /// <summary>Everything is carried out, without the pauses.</summary>
    Pause,
}
