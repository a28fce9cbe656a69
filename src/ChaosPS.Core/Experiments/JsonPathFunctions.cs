namespace ChaosPS.Experiments;

/// <summary>The functions and comparisons of the Chaos Toolkit's JSON Path dialect.</summary>
internal static class JsonPathFunctions
{
    /// <summary>The functions' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["length", "keys", "values", "entries", "charAt", "substring"];

    /// <summary>What a function gives for a value: one value, or none where it has no meaning. A list's keys are its indexes; a mapping has no length.</summary>
    public static IEnumerable<object?> Call(string name, object? current, object?[] arguments)
    {
        switch (name, current, arguments)
        {
            case ("length", string text, []): return [(long)Letters(text).Length];
            case ("length", IReadOnlyList<object?> list, []): return [(long)list.Count];
            case ("keys", IReadOnlyList<object?> list, []): return [Indexes(list).ToArray()];
            case ("keys", IReadOnlyDictionary<string, object?> map, []): return [map.Keys.Cast<object?>().ToArray()];
            case ("values", IReadOnlyList<object?>, []): return [current];
            case ("values", IReadOnlyDictionary<string, object?> map, []): return [map.Values.ToArray()];
            case ("entries", IReadOnlyList<object?> list, []): return [Indexes(list).Zip(list, static object? (index, item) => new[] { index, item }).ToArray()];
            case ("entries", IReadOnlyDictionary<string, object?> map, []):
                return [map.Select(static object? (entry) => new object?[] { entry.Key, entry.Value }).ToArray()];
            case ("charAt", string text, [var at]) when Integer(at) is { } index: return Letter(Letters(text), index);
            case ("substring", string text, [var from]) when Integer(from) is { } start: return [Part(Letters(text), start, null)];
            case ("substring", string text, [var from, var to]) when Integer(from) is { } start && Integer(to) is { } end: return [Part(Letters(text), start, end)];
            default: return [];
        }
    }

    /// <summary>The comparison of that sign; null when there is none.</summary>
    public static Func<object?, object?, bool>? Comparison(string sign) => sign switch
    {
        "=" => PythonValue.AreEqual,
        "!=" => static (a, b) => !PythonValue.AreEqual(a, b),
        "<" => static (a, b) => Order(a, b) < 0,
        "<=" => static (a, b) => Order(a, b) <= 0,
        ">" => static (a, b) => Order(a, b) > 0,
        ">=" => static (a, b) => Order(a, b) >= 0,
        "contains" => Contains,
        _ => null,
    };

    private static bool Contains(object? whole, object? part) => (whole, part) switch
    {
        (string text, string piece) => text.Contains(piece, StringComparison.Ordinal),
        (IReadOnlyList<object?> list, _) => list.Any(item => PythonValue.AreEqual(item, part)),
        (IReadOnlyDictionary<string, object?> map, not IReadOnlyList<object?> and not IReadOnlyDictionary<string, object?>) =>
            part is string key && map.ContainsKey(key),
        _ => throw new FormatException($"a {PythonValue.TypeName(whole)} cannot contain a {PythonValue.TypeName(part)}"),
    };

    /// <summary>Only numbers have an order here; null, which compares with nothing, for all else.</summary>
    private static int? Order(object? a, object? b) =>
        PythonValue.IsNumber(a) && PythonValue.IsNumber(b) && PythonValue.TryCompare(a, b, out var order) ? order : null;

    private static long? Integer(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    private static IEnumerable<object?> Indexes(IReadOnlyList<object?> list) => Enumerable.Range(0, list.Count).Select(static object? (index) => (long)index);

    /// <summary>The code points of a text: what Python counts.</summary>
    private static string[] Letters(string text) => [.. text.EnumerateRunes().Select(static rune => rune.ToString())];

    private static IReadOnlyList<object?> Letter(string[] letters, long index)
    {
        if (index < 0) index += letters.Length;
        return index >= 0 && index < letters.Length ? [letters[index]] : [];
    }

    /// <summary>Python's slice: ends beyond the text are its ends, negative ones count from behind.</summary>
    private static string Part(string[] letters, long start, long? end)
    {
        var (from, to) = (Bound(start), Bound(end ?? letters.Length));
        return from < to ? string.Concat(letters[(int)from..(int)to]) : "";

        long Bound(long index) => Math.Clamp(index < 0 ? index + letters.Length : index, 0, letters.Length);
    }
}
