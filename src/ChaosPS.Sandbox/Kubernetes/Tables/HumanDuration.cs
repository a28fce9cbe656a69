using System.Globalization;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>Lengths of time as kubectl shows them: two units at most, and only one where the second says little.</summary>
/// <remarks>Source: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/duration#HumanDuration .</remarks>
internal static class HumanDuration
{
    /// <summary>The text, such as <c>99s</c>, <c>2m39s</c>, <c>5h12m</c>, <c>7d3h</c>, <c>2y40d</c>.</summary>
    /// <param name="duration">The length; a clock that is less than two seconds behind gives <c>0s</c>, more of it <c>&lt;invalid&gt;</c>.</param>
    public static string Text(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var minutes = (long)duration.TotalMinutes;
        var hours = (long)duration.TotalHours;
        var days = hours / 24;
        var years = days / 365;
        return (seconds, minutes, hours) switch
        {
            ( < -1, _, _) => "<invalid>",
            ( < 0, _, _) => "0s",
            ( < 120, _, _) => Join(seconds, "s"),
            (_, < 10, _) => Join(minutes, "m", seconds % 60, "s"),
            (_, < 180, _) => Join(minutes, "m"),
            (_, _, < 8) => Join(hours, "h", minutes % 60, "m"),
            (_, _, < 48) => Join(hours, "h"),
            (_, _, < 24 * 8) => Join(days, "d", hours % 24, "h"),
            (_, _, < 24 * 365 * 2) => Join(days, "d"),
            (_, _, < 24 * 365 * 8) => Join(years, "y", days % 365, "d"),
            _ => Join(years, "y"),
        };
    }

    private static string Join(long many, string unit, long few = 0, string smaller = "") =>
        many.ToString(CultureInfo.InvariantCulture) + unit + (few == 0 ? "" : few.ToString(CultureInfo.InvariantCulture) + smaller);
}
