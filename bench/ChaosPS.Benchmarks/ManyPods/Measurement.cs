using System.Globalization;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>One reading of a cluster.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Processor">How many seconds of a processor, all threads together.</param>
/// <param name="Memory">The most memory that the process has had until now, in kilobytes.</param>
/// <param name="Found">How much it found, to see that all found the same.</param>
internal sealed record Measurement(double Seconds, double Processor, long Memory, long Found)
{
    /// <summary>Reads what a contestant wrote.</summary>
    public static Measurement Parse(string line) => line.Split(' ') is [var seconds, var processor, var memory, var found]
        ? new(double.Parse(seconds, CultureInfo.InvariantCulture), double.Parse(processor, CultureInfo.InvariantCulture),
            long.Parse(memory, CultureInfo.InvariantCulture), long.Parse(found, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{line}' is no measurement.");

    /// <summary>The median of values, and in brackets the least and the most.</summary>
    public static string Spread(IEnumerable<double> values, string format = "F1")
    {
        double[] sorted = [.. values.Order()];
        return string.Join(" ", new[] { sorted[sorted.Length / 2], sorted[0], sorted[^1] }.Select(value => value.ToString(format, CultureInfo.InvariantCulture))
            .Select((text, index) => index switch { 1 => $"({text}", 2 => $"to {text})", _ => text }));
    }
}
