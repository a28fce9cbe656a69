namespace ChaosPS.Experiments;

/// <summary>How serious a finding of the validation is.</summary>
public enum FindingSeverity
{
    /// <summary>The experiment can run, but perhaps not as its author meant.</summary>
    Warning,

    /// <summary>The experiment cannot run.</summary>
    Error,
}
