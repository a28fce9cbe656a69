using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>The tolerances of a steady-state hypothesis.</summary>
/// <remarks>
/// A whole number is held against the <c>status</c> of an http or process result, and a list names the statuses that are allowed; against any other value a list
/// of two is a range with both ends, and any other list names the values that are allowed. Values compare as in Python. Where the Chaos Toolkit would end with
/// a Python error, the tolerance is not met, and says why.
/// </remarks>
internal static partial class Tolerances
{
    /// <summary>As much of an output as is shown.</summary>
    private const int LongestText = 200;

    /// <summary>Holds a value against a tolerance.</summary>
    /// <param name="tolerance">The tolerance.</param>
    /// <param name="value">The value.</param>
    /// <param name="substitution">Fills the tolerance's placeholders.</param>
    /// <param name="redactor">Takes secrets out of what is shown, before it is cut; null where there are none.</param>
    public static ToleranceVerdict Evaluate(object? tolerance, object? value, Substitution substitution, Redactor? redactor = null)
    {
        if (tolerance is string) tolerance = substitution.Apply(tolerance);
        var status = StatusOf(value, out var hasStatus);
        var subject = hasStatus && tolerance is not bool and not string and not IReadOnlyDictionary<string, object?> ? status : value;
        var expected = Expected(tolerance, substitution, hasStatus, redactor);
        var got = Got(tolerance, value, hasStatus, status, redactor);
        return tolerance switch
        {
            bool or string => Verdict(PythonValue.AreEqual(tolerance, value)),
            _ when IsInteger(tolerance) => Verdict(PythonValue.AreEqual(tolerance, subject)),
            IReadOnlyList<object?> { Count: 2 } bounds when !hasStatus => Between(bounds[0], bounds[1]),
            IReadOnlyList<object?> allowed => Verdict(allowed.Any(item => PythonValue.AreEqual(item, subject))),
            IReadOnlyDictionary<string, object?> map => map.GetValueOrDefault("type") switch
            {
                "regex" or "range" or "jsonpath" when PythonValue.IsTrue(map.GetValueOrDefault("target")) && value is not IReadOnlyDictionary<string, object?> =>
                    CannotTell($"it has a target, and a {PythonValue.TypeName(value)} has no parts"),
                "regex" => MatchPattern(map),
                "range" => WithinRange(map),
                "jsonpath" => AtPath(map),
                var type => CannotTell($"'{PythonValue.Text(type)}' is no kind of tolerance"),
            },
            _ => CannotTell($"a {PythonValue.TypeName(tolerance)} is no tolerance"),
        };

        ToleranceVerdict Verdict(bool met) => new(met, expected, got);
        ToleranceVerdict CannotTell(string problem) => new(false, expected, got, problem);

        ToleranceVerdict Between(object? low, object? high)
        {
            if (!PythonValue.TryCompare(low, subject, out var order)) return NotComparable();
            if (order > 0) return Verdict(false);
            return PythonValue.TryCompare(subject, high, out order) ? Verdict(order <= 0) : NotComparable();

            ToleranceVerdict NotComparable() => CannotTell($"a {PythonValue.TypeName(subject)} cannot be compared with the bounds");
        }

        ToleranceVerdict MatchPattern(IReadOnlyDictionary<string, object?> map)
        {
            if (substitution.Apply(map.GetValueOrDefault("pattern")) is not string pattern) return CannotTell("its pattern is no text");
            if (Target(map, value) is not string text)
                return CannotTell($"a pattern needs a text, and the value is a {PythonValue.TypeName(Target(map, value))}");
            try
            {
                return Verdict(PythonRegex.Compile(pattern).IsMatch(text));
            }
            catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
            {
                return CannotTell(exception.Message);
            }
        }

        ToleranceVerdict AtPath(IReadOnlyDictionary<string, object?> map)
        {
            if (substitution.Apply(map.GetValueOrDefault("path")) is not string path) return CannotTell("its path is no text");
            try
            {
                return Verdict(MatchPath(map, value, path, substitution));
            }
            catch (FormatException exception)
            {
                return CannotTell($"the path {path} cannot be followed: {exception.Message}");
            }
        }

        ToleranceVerdict WithinRange(IReadOnlyDictionary<string, object?> map)
        {
            var target = Target(map, value);
            if (target is not string && !PythonValue.IsNumber(target)) return CannotTell($"a {PythonValue.TypeName(target)} is no number");
            if (target is double.NaN || (target is string text && text.Trim().TrimStart('-', '+').Equals("nan", StringComparison.OrdinalIgnoreCase)))
                return CannotTell("NaN is neither within a range nor outside");
            if (ExactNumber.From(target) is not { } number) return Verdict(false);
            if (map.GetValueOrDefault("range") is not IReadOnlyList<object?> { Count: 2 } bounds
                || ExactNumber.From(bounds[0]) is not { } low || ExactNumber.From(bounds[1]) is not { } high)
            {
                return CannotTell("its range is not two numbers");
            }

            return Verdict(low.CompareTo(number) <= 0 && number.CompareTo(high) <= 0);
        }
    }

    /// <summary>The values at a path, and whether they are those that were expected, or as many, or any.</summary>
    private static bool MatchPath(IReadOnlyDictionary<string, object?> tolerance, object? value, string path, Substitution substitution)
    {
        var matches = JsonPath.Parse(path).Match(Parsed(Target(tolerance, value)));
        if (tolerance.TryGetValue("expect", out var expect))
        {
            var wanted = substitution.Apply(expect);
            return PythonValue.AreEqual(wanted as IReadOnlyList<object?> ?? [wanted], matches);
        }

        return tolerance.GetValueOrDefault("count") is { } count ? PythonValue.AreEqual(count, (long)matches.Count) : matches.Count > 0;
    }

    /// <summary>A text that is JSON is taken for what it says.</summary>
    private static object? Parsed(object? value)
    {
        if (value is not string text) return value;
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonValues.FromJson(document.RootElement);
        }
        catch (JsonException)
        {
            return value;
        }
    }

    /// <summary>What a tolerance asks for, for people.</summary>
    /// <param name="tolerance">The tolerance.</param>
    /// <param name="substitution">Fills its placeholders.</param>
    /// <param name="hasStatus">Whether it is held against a result that has a status.</param>
    /// <param name="redactor">Takes secrets out of it, before it is cut; null where there are none.</param>
    public static string Expected(object? tolerance, Substitution substitution, bool hasStatus, Redactor? redactor)
    {
        if (tolerance is string) tolerance = substitution.Apply(tolerance);
        var status = hasStatus ? "status " : "";
        return tolerance switch
        {
            IReadOnlyList<object?> { Count: 2 } bounds when !hasStatus => $"between {Show(bounds[0])} and {Show(bounds[1])}",
            IReadOnlyList<object?> allowed => $"{status}one of {string.Join(", ", allowed.Select(Show))}",
            IReadOnlyDictionary<string, object?> map => map.GetValueOrDefault("type") switch
            {
                "regex" => $"{Subject(map)}matching /{PythonValue.Text(substitution.Apply(map.GetValueOrDefault("pattern")))}/",
                "range" when map.GetValueOrDefault("range") is IReadOnlyList<object?> { Count: 2 } range =>
                    $"{Subject(map)}between {Show(range[0])} and {Show(range[1])}",
                "jsonpath" => $"{Subject(map)}with {Wanted(map, substitution, redactor)} at {PythonValue.Text(substitution.Apply(map.GetValueOrDefault("path")))}",
                _ => Show(map),
            },
            _ when IsInteger(tolerance) => status + Show(tolerance),
            _ => Show(tolerance),
        };

        string Show(object? part) => Shown(part, redactor);
    }

    private static bool IsInteger(object? value) => value is long or System.Numerics.BigInteger;

    private static object? StatusOf(object? value, out bool hasStatus)
    {
        object? status = null;
        hasStatus = value is IReadOnlyDictionary<string, object?> map && map.TryGetValue("status", out status);
        return status;
    }

    /// <summary>What a mapping's target names in the value; the value itself when it has no such part.</summary>
    private static object? Target(IReadOnlyDictionary<string, object?> tolerance, object? value) =>
        tolerance.GetValueOrDefault("target") is string name && value is IReadOnlyDictionary<string, object?> map && map.TryGetValue(name, out var part)
            ? part
            : value;

    private static string Wanted(IReadOnlyDictionary<string, object?> tolerance, Substitution substitution, Redactor? redactor) =>
        tolerance.TryGetValue("expect", out var expect) ? Shown(substitution.Apply(expect), redactor)
        : tolerance.GetValueOrDefault("count") is { } count ? $"{Shown(count, redactor)} values"
        : "any value";

    private static string Subject(IReadOnlyDictionary<string, object?> tolerance) =>
        tolerance.GetValueOrDefault("target") is string name ? name + " " : "";

    private static string Got(object? tolerance, object? value, bool hasStatus, object? status, Redactor? redactor) => tolerance switch
    {
        IReadOnlyDictionary<string, object?> map => Subject(map) + Shown(Target(map, value), redactor),
        bool or string => Shown(value, redactor),
        _ when hasStatus => $"status {Shown(status, redactor)}",
        _ => Shown(value, redactor),
    };

    /// <summary>A value as Python writes it, without secrets, cut to a line.</summary>
    public static string Shown(object? value, Redactor? redactor)
    {
        var text = PythonValue.Repr(redactor is null ? value : redactor.Redact(value));
        return text.Length <= LongestText ? text : text[..LongestText] + "…";
    }
}
