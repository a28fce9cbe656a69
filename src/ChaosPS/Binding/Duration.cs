using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace ChaosPS.Binding;

/// <summary>Durations as people write them.</summary>
internal static partial class Duration
{
    /// <summary>The accepted forms, for messages.</summary>
    public const string Forms = "30s, 5m, 1h30m, 500ms, PT5M, 00:05:00, or a number of seconds";

    /// <summary>Reads <paramref name="text"/>: a number of seconds, <c>1h30m</c>, ISO 8601 or <c>hh:mm:ss</c>.</summary>
    /// <returns>False for anything else, for what is negative, and for what a <see cref="TimeSpan"/> cannot hold.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return TryFromSeconds(seconds, out duration);
        if (text.StartsWith('P') || text.StartsWith('p')) return TryParseIso(text.ToUpperInvariant(), out duration);
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;

        var match = Units().Match(text);
        if (!match.Success) return false;
        var total = (Number(match, "d") * 86400) + (Number(match, "h") * 3600) + (Number(match, "m") * 60) + Number(match, "s") + (Number(match, "ms") / 1000);
        return TryFromSeconds(total, out duration);
    }

    /// <summary>A number of seconds, zero or more, that a <see cref="TimeSpan"/> can hold.</summary>
    public static bool TryFromSeconds(double seconds, out TimeSpan duration)
    {
        var valid = seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds;
        duration = valid ? TimeSpan.FromSeconds(seconds) : default;
        return valid;
    }

    private static bool TryParseIso(string text, out TimeSpan duration)
    {
        duration = default;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return false;
        }

        return true;
    }

    private static double Number(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=\d)((?<d>\d+(\.\d+)?)d)?((?<h>\d+(\.\d+)?)h)?((?<m>\d+(\.\d+)?)m(?!s))?((?<s>\d+(\.\d+)?)s)?((?<ms>\d+(\.\d+)?)ms)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Units();
}
