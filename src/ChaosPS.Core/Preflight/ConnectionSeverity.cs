namespace ChaosPS.Preflight;

/// <summary>How serious a finding of the pre-flight is.</summary>
public enum ConnectionSeverity
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>Some things will not work, or not as one may think.</summary>
    Warning,

    /// <summary>Nothing will work until it is mended.</summary>
    Error,
}
