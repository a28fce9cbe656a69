using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Controls;

/// <summary>A probe that guards a run: when it is not within its tolerance, the run ends.</summary>
/// <param name="Probe">The probe, with its tolerance.</param>
/// <param name="Frequency">After how many seconds it is looked at again, as written; null when it is looked at once.</param>
/// <param name="Background">Whether the run does not wait for it.</param>
internal sealed record Safeguard(ExperimentActivity Probe, DocumentNode? Frequency, bool Background)
{
    /// <summary>After how long it is looked at again; null when it is looked at once.</summary>
    /// <exception cref="ChaosException">The frequency is no number of seconds: id <c>ArgumentInvalid</c>.</exception>
    public TimeSpan? Interval(Substitution substitution)
    {
        if (Frequency is null) return null;
        var value = substitution.Apply(DocumentValues.ToValue(Frequency));
        return ToInterval(value) ?? throw ChaosErrors.ArgumentInvalid(Probe.Name, "frequency", "a number of seconds above 0", PythonValue.Repr(value));
    }

    /// <summary>A number of seconds above 0, also as a text; null when it is none.</summary>
    public static TimeSpan? ToInterval(object? value) =>
        ArgumentTypes.ToNumber(value) is { } seconds and > 0 and < Longest.Seconds ? TimeSpan.FromSeconds(seconds) : null;
}
