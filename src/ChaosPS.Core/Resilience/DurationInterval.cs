namespace ChaosPS.Resilience;

/// <summary>How long something takes where nobody can say it exactly.</summary>
/// <param name="Best">The shortest of all runs.</param>
/// <param name="Likely">The median: of an even number of runs the shorter of the two in the middle.</param>
/// <param name="Worst">The longest of all runs.</param>
public readonly record struct DurationInterval(TimeSpan Best, TimeSpan Likely, TimeSpan Worst)
{
    /// <summary>The interval of some runs, at least one.</summary>
    internal static DurationInterval Of(IEnumerable<TimeSpan> runs)
    {
        TimeSpan[] sorted = [.. runs.Order()];
        return new DurationInterval(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }

    /// <summary>Seconds: <c>best/likely/worst</c>, or one number where they are equal.</summary>
    public override string ToString()
    {
        var (best, likely, worst) = (Seconds(Best), Seconds(Likely), Seconds(Worst));
        return best == worst ? best : $"{best}/{likely}/{worst}";
    }

    private static string Seconds(TimeSpan time) => Math.Round(time.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
