namespace ChaosPS.Safety;

/// <summary>A time of the week when changes are allowed.</summary>
/// <param name="Days">The days on which it begins; every day when empty.</param>
/// <param name="From">When it begins, by the clock of <paramref name="TimeZone"/>.</param>
/// <param name="To">When it ends; at or before <paramref name="From"/> it is on the next day.</param>
/// <param name="TimeZone">The time zone, by its IANA or Windows name.</param>
public sealed record MaintenanceWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To, TimeZoneInfo TimeZone)
{
    /// <summary>Whether a moment lies in it.</summary>
    public bool Contains(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, TimeZone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (From < To) return Begins(local.DayOfWeek) && time >= From && time < To;
        return (time >= From && Begins(local.DayOfWeek)) || (time < To && Begins(local.AddDays(-1).DayOfWeek));
    }

    /// <summary><c>Mon,Tue 09:00-16:00 Europe/Amsterdam</c>.</summary>
    public override string ToString() =>
        $"{(Days.Count == 0 ? "every day" : string.Join(',', Days.Select(static day => day.ToString()[..3])))} {From:HH\\:mm}-{To:HH\\:mm} {TimeZone.Id}";

    private bool Begins(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}
