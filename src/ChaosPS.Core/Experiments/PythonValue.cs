using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ChaosPS.Experiments;

/// <summary>How Python, which the Chaos Toolkit is written in, treats values: text, equality, order, truth.</summary>
/// <remarks>
/// A value is null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
/// <see cref="DateOnly"/>, <see cref="DateTime"/> for a time without a zone, <see cref="DateTimeOffset"/>, <c>byte[]</c>, <c>IReadOnlyList&lt;object?&gt;</c> or <c>IReadOnlyDictionary&lt;string, object?&gt;</c>.
/// Source: https://docs.python.org/3/library/stdtypes.html .
/// </remarks>
internal static class PythonValue
{
    /// <summary>Python's <c>str()</c>.</summary>
    public static string Text(object? value) => value is string text ? text : Repr(value);

    /// <summary>Python's <c>repr()</c>.</summary>
    public static string Repr(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => Float(number),
        string text => Quote(text, IsPrintable),
        byte[] bytes => "b" + Quote(Encoding.Latin1.GetString(bytes), IsPrintableByte),
        DateOnly or DateTime or DateTimeOffset => Date(value, ' '),
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Repr))}]",
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(static e => $"{Quote(e.Key, IsPrintable)}: {Repr(e.Value)}"))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Python's <c>type(value).__name__</c>.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        byte[] => "bytes",
        DateOnly => "date",
        DateTime or DateTimeOffset => "datetime",
        IReadOnlyList<object?> => "list",
        _ => "dict",
    };

    /// <summary>Python's <c>==</c>: numbers and booleans compare by amount, everything else by kind and content.</summary>
    public static bool AreEqual(object? left, object? right)
    {
        if (IsNumber(left) && IsNumber(right)) return TryCompare(left, right, out var order) && order == 0;
        return (left, right) switch
        {
            (null, null) => true,
            (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (DateOnly a, DateOnly b) => a == b,
            (DateTime a, DateTime b) => a == b,
            (DateTimeOffset a, DateTimeOffset b) => a == b,
            (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(static p => AreEqual(p.First, p.Second)),
            (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) =>
                a.Count == b.Count && a.All(e => b.TryGetValue(e.Key, out var other) && AreEqual(e.Value, other)),
            _ => false,
        };
    }

    /// <summary>Python's order of two values; false when Python has none for them, or one is not a number.</summary>
    public static bool TryCompare(object? left, object? right, out int order)
    {
        order = 0;
        switch (left, right)
        {
            case (string a, string b):
                order = string.CompareOrdinal(a, b);
                return true;
            case (DateOnly a, DateOnly b):
                order = a.CompareTo(b);
                return true;
            case (DateTime a, DateTime b):
                order = a.CompareTo(b);
                return true;
            case (DateTimeOffset a, DateTimeOffset b):
                order = a.CompareTo(b);
                return true;
            case (IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                // The first items that differ say which list comes first; where none does, the longer comes after.
                foreach (var (x, y) in a.Zip(b))
                {
                    if (!AreEqual(x, y)) return TryCompare(x, y, out order);
                }

                order = a.Count.CompareTo(b.Count);
                return true;
        }

        if (!IsNumber(left) || !IsNumber(right)) return false;
        if (left is not double && right is not double)
        {
            order = Integer(left).CompareTo(Integer(right));
            return true;
        }

        // Exact, as in Python: a double is the binary fraction that it is.
        if (ExactNumber.From(left) is not { } exact || ExactNumber.From(right) is not { } other) return false;
        order = exact.CompareTo(other);
        return true;
    }

    /// <summary>Python's truth: nothing, zero and everything empty are false.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        byte[] bytes => bytes.Length > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        IReadOnlyDictionary<string, object?> map => map.Count > 0,
        _ => true,
    };

    /// <summary>Whether Python's arithmetic takes it; booleans are numbers there.</summary>
    public static bool IsNumber(object? value) => value is bool or long or BigInteger or double;

    /// <summary>Brings values from PowerShell or .NET into the forms listed above.</summary>
    public static object? From(object? value) => value switch
    {
        BigInteger number when number >= long.MinValue && number <= long.MaxValue => (long)number,
        null or bool or long or BigInteger or double or string or byte[] or DateOnly or DateTime { Kind: DateTimeKind.Unspecified } or DateTimeOffset => value,
        int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => From((BigInteger)number),
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        DateTime time => new DateTimeOffset(time),
        IReadOnlyDictionary<string, object?> map => Map(map.Select(static e => KeyValuePair.Create(e.Key, From(e.Value)))),
        IDictionary map => Map(map.Keys.Cast<object>().Select(key => KeyValuePair.Create(Text(From(key)), From(map[key])))),
        IEnumerable items => items.Cast<object?>().Select(From).ToArray(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>A mapping that keeps its order; of equal keys the last counts.</summary>
    public static OrderedDictionary<string, object?> Map(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in entries) map[key] = value;
        return map;
    }

    /// <summary>Python's <c>isoformat()</c> of a date, or of a time with or without a zone.</summary>
    public static string Date(object value, char separator)
    {
        if (value is DateOnly date) return date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var time = value is DateTimeOffset zoned ? zoned.DateTime : (DateTime)value;
        var fraction = time.TimeOfDay.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : time.ToString(".ffffff", CultureInfo.InvariantCulture);
        var zone = value is DateTimeOffset { } at ? at.ToString("zzz", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd}{separator}{time:HH:mm:ss}{fraction}{zone}");
    }

    private static BigInteger Integer(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        _ => (BigInteger)value!,
    };

    /// <summary>The shortest text that reads back as the same number, laid out as Python does: from 1e-05 down and 1e+16 up with an exponent.</summary>
    private static string Float(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";

        // "E16" rounds; the shortest digits come from "R", whatever its layout.
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest[0] == '-' ? "-" : "";
        var parts = shortest.TrimStart('-').Split('E');
        var point = parts[0].IndexOf('.');
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var exponent = (point < 0 ? digits.Length : point) - 1 + (parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent -= leading;
        digits = digits.TrimStart('0').TrimEnd('0');
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static bool IsPrintableByte(Rune rune) => rune.Value is >= ' ' and <= '~';

    /// <summary>Python's <c>isprintable()</c>.</summary>
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static string Quote(string text, Func<Rune, bool> isPrintable)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                var value when value == quote => result.Append('\\').Append(quote),
                _ when isPrintable(rune) => result.Append(rune.ToString()),
                <= 0xFF and var value => result.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
                <= 0xFFFF and var value => result.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
                var value => result.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
            };
        }

        return result.Append(quote).ToString();
    }
}
