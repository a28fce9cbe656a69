using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace ChaosPS.Time;

/// <summary>Durations as people write them.</summary>
public static partial class Duration
{
    /// <summary>The accepted forms, for messages.</summary>
    public const string Forms = "30s, 5m, 1h30m, 500ms, PT5M, 00:05:00, or a number of seconds, at most 24 days";

    /// <summary>The longest: a timer takes no more milliseconds.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Whether <paramref name="duration"/> is one that can be waited for.</summary>
    public static bool IsInRange(TimeSpan duration) => duration >= TimeSpan.Zero && duration <= s_longest;

    /// <summary>Reads <paramref name="text"/>: a number of seconds, <c>1h30m</c>, ISO 8601 or <c>hh:mm:ss</c>.</summary>
    /// <returns>False for anything else, and for what <see cref="IsInRange"/> refuses.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(text, out duration) && IsInRange(duration);
    }

    /// <summary>Reads a number of seconds.</summary>
    /// <returns>False for what <see cref="IsInRange"/> refuses.</returns>
    public static bool TryFromSeconds(double seconds, out TimeSpan duration)
    {
        var valid = seconds >= 0 && seconds <= s_longest.TotalSeconds;
        duration = valid ? TimeSpan.FromSeconds(seconds) : default;
        return valid;
    }

    private static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return TryFromSeconds(seconds, out duration);
        if (text.StartsWith('P') || text.StartsWith('p')) return TryParseIso(text.ToUpperInvariant(), out duration);
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);

        var match = Units().Match(text);
        if (!match.Success) return false;
        var total = (Number(match, "d") * 86400) + (Number(match, "h") * 3600) + (Number(match, "m") * 60) + Number(match, "s") + (Number(match, "ms") / 1000);
        return TryFromSeconds(total, out duration);
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
