using System.Globalization;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads pauses.</summary>
internal static class PauseLength
{
    /// <summary>
    /// How long a pause is: seconds, or a placeholder for them, which may have the form of a text, as variables of the environment have. Null when it is no such thing.
    /// </summary>
    public static TimeSpan? Read(DocumentNode pause, Substitution substitution)
    {
        var written = DocumentValues.ToValue(pause);
        var value = substitution.Apply(written);
        double? seconds = value switch
        {
            long number => number,
            double number => number,
            string text when written is string source && Substitution.Names(source).Any()
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            bool flag => flag ? 1 : 0,
            "" when written is string { Length: > 0 } => 0,
            null or IReadOnlyList<object?> { Count: 0 } or IReadOnlyDictionary<string, object?> { Count: 0 } => 0,
            _ => null,
        };
        return seconds is >= 0 and < Longest.Seconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }
}
