using System.Globalization;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>Times as people write them in experiments: <c>10s</c>, <c>5 minutes</c>, <c>1 hour 30 min</c>, <c>2 hours ago</c>.</summary>
internal static partial class TimeSpanText
{
    /// <summary>The time in whole seconds, 1 or more; null when it is none.</summary>
    public static int? Seconds(string text)
    {
        var rest = Ago().Replace(text.Trim(), "");
        if (rest.Length == 0 || Part().Replace(rest, "").Trim(' ', ',').Length > 0) return null;
        double seconds = 0;
        foreach (Match part in Part().Matches(rest))
        {
            var number = double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            seconds += number * part.Groups[2].ValueSpan[0] switch
            {
                's' or 'S' => 1,
                'm' or 'M' => 60,
                'h' or 'H' => 3600,
                'd' or 'D' => 86400,
                _ => 7 * 86400,
            };
        }

        return seconds is >= 1 and <= int.MaxValue ? (int)seconds : null;
    }

    [GeneratedRegex(@"\s+ago$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ago();

    [GeneratedRegex(
        @"(\d+(?:\.\d+)?)\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
