using System.Globalization;
using System.Reflection;
using ChaosPS.Errors;
using ChaosPS.Time;

namespace ChaosPS.Simulation;

/// <summary>The times and rates of <see cref="SimulationOptions"/> by name, with values as people write them.</summary>
public static class SimulationSettings
{
    private const string RangeMark = "..";
    private const string DurationForm = "a duration such as 20s, 5m or 500ms";
    private const string RangeForm = "a duration such as 2s, or two of them: 2s..3s";
    private const string SpreadForm = "node labels and the skew that each bears: topology.kubernetes.io/zone=1, or none";

    private static readonly Dictionary<string, PropertyInfo> s_properties = typeof(SimulationOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => property.Name is not (nameof(SimulationOptions.Seed) or nameof(SimulationOptions.KubernetesMinor) or nameof(SimulationOptions.IngressControllers)))
        .ToDictionary(static property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, in alphabetical order: all properties but those that the sandbox's source decides on.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_properties.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The options with some of them set otherwise.</summary>
    /// <param name="options">The options.</param>
    /// <param name="values">Values by name, in any case: <c>NodeMonitorGracePeriod</c>, <c>20s</c>.</param>
    /// <exception cref="ChaosException">There is no such name (id <c>SimulationOptionUnknown</c>), or it has no such value (id <c>SimulationOptionInvalid</c>).</exception>
    public static SimulationOptions Apply(SimulationOptions options, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(values);
        var changed = options with { };
        foreach (var (name, text) in values)
        {
            if (!s_properties.TryGetValue(name, out var property)) throw ChaosErrors.SimulationOptionUnknown(name, Names);
            property.SetValue(changed, Read(property, text.Trim()));
        }

        return changed;
    }

    /// <summary>An option's value as <see cref="Apply"/> takes it; empty for one that is left to chance.</summary>
    /// <exception cref="ChaosException">There is no such name: id <c>SimulationOptionUnknown</c>.</exception>
    public static string Text(SimulationOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        if (!s_properties.TryGetValue(name, out var property)) throw ChaosErrors.SimulationOptionUnknown(name, Names);
        return property.GetValue(options) switch
        {
            TimeSpan duration => Text(duration),
            DurationRange range => range.Shortest == range.Longest ? Text(range.Shortest) : $"{Text(range.Shortest)}{RangeMark}{Text(range.Longest)}",
            bool flag => flag ? "true" : "false",
            IReadOnlyList<(string TopologyKey, int MaxSkew)> spread => spread.Count == 0 ? "none" : string.Join(',', spread.Select(static rule => $"{rule.TopologyKey}={rule.MaxSkew}")),
            var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
        };
    }

    private static object Read(PropertyInfo property, string text)
    {
        var name = property.Name;

        // Only where it says when something is first due may a duration be nothing: a period of nothing would never end.
        var least = name.EndsWith("Phase", StringComparison.Ordinal) ? TimeSpan.Zero : TimeSpan.FromTicks(1);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(TimeSpan) => Duration.TryParse(text, out var duration) && duration >= least
                ? duration
                : throw ChaosErrors.SimulationOptionInvalid(name, text, least > TimeSpan.Zero ? $"{DurationForm}, more than nothing" : DurationForm),
            _ when type == typeof(DurationRange) => ReadRange(text) ?? throw ChaosErrors.SimulationOptionInvalid(name, text, RangeForm),
            _ when type == typeof(bool) => bool.TryParse(text, out var flag) ? flag : throw ChaosErrors.SimulationOptionInvalid(name, text, "true or false"),
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw ChaosErrors.SimulationOptionInvalid(name, text, "a whole number"),
            _ when type == typeof(long) => Duration.TryParse(text, out var whole) && whole.Ticks % TimeSpan.TicksPerSecond == 0
                ? whole.Ticks / TimeSpan.TicksPerSecond
                : throw ChaosErrors.SimulationOptionInvalid(name, text, "whole seconds, such as 300 or 5m"),
            _ when type == typeof(double) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw ChaosErrors.SimulationOptionInvalid(name, text, "a number such as 0.1"),
            _ => ReadSpread(text) ?? throw ChaosErrors.SimulationOptionInvalid(name, text, SpreadForm),
        };
    }

    private static DurationRange? ReadRange(string text)
    {
        var (first, last) = text.Split(RangeMark) switch
        {
            [var one] => (one, one),
            [var one, var other] => (one, other),
            _ => ("", ""),
        };
        return Duration.TryParse(first, out var shortest) && Duration.TryParse(last, out var longest) && shortest <= longest ? new DurationRange(shortest, longest) : null;
    }

    private static List<(string TopologyKey, int MaxSkew)>? ReadSpread(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        List<(string, int)> rules = [];
        foreach (var rule in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (rule.Split('=') is not [{ Length: > 0 } key, var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var skew) || skew == 0) return null;
            rules.Add((key, skew));
        }

        return rules;
    }

    private static string Text(TimeSpan duration) => duration < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s");
}
