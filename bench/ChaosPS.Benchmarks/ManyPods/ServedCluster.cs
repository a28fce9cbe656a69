using System.Globalization;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>What a path begins with: the number of pods, and how the server is to behave.</summary>
/// <param name="Pods">The number of pods.</param>
/// <param name="Page">Objects a page, whatever is asked for; null for what is asked for.</param>
/// <param name="Delay">How long each answer takes to begin, as one of a server that has work with it.</param>
internal sealed record ServedCluster(int Pods, int? Page = null, TimeSpan Delay = default)
{
    /// <summary>Reads <c>150000</c> or <c>150000-500-20</c>: pods, page, milliseconds.</summary>
    public static ServedCluster Parse(string text)
    {
        int[] numbers = [.. text.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return numbers switch
        {
            [var pods] => new ServedCluster(pods),
            [var pods, var page, var delay] => new ServedCluster(pods, page, TimeSpan.FromMilliseconds(delay)),
            _ => throw new FormatException($"'{text}' is no cluster."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Page is null ? $"{Pods}" : $"{Pods}-{Page}-{Delay.TotalMilliseconds:F0}";
}
