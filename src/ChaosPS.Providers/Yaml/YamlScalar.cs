using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace ChaosPS.Providers.Yaml;

/// <summary>The scalars of YAML 1.1 as PyYAML's safe loader resolves and reads them.</summary>
/// <remarks>Source of the rules: https://yaml.org/type/ , narrowed as PyYAML 6 does: <c>y</c> and <c>n</c> are text, so is <c>1e3</c>.</remarks>
internal static partial class YamlScalar
{
    /// <summary>What a plain scalar is: <c>null</c>, <c>bool</c>, <c>int</c>, <c>float</c>, <c>timestamp</c> or <c>str</c>.</summary>
    public static string Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => "null",
        "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
            or "on" or "On" or "ON" or "off" or "Off" or "OFF" => "bool",
        _ when Float().IsMatch(text) => "float",
        _ when Int().IsMatch(text) => "int",
        _ when Timestamp().IsMatch(text) => "timestamp",
        _ => "str",
    };

    /// <summary>Reads a scalar as what it was resolved or tagged to be; false when it cannot be that, or the kind is not supported.</summary>
    public static bool TryRead(string kind, string text, out object? value)
    {
        value = kind switch
        {
            "str" => text,
            "null" => null,
            "bool" => ReadBool(text),
            "int" => ReadInt(text) switch
            {
                null => null,
                { } number when number >= long.MinValue && number <= long.MaxValue => (object)(long)number,
                { } large => large,
            },
            "float" => ReadFloat(text),
            "timestamp" => ReadTimestamp(text),
            _ => null,
        };
        return value is not null || kind == "null";
    }

    private static bool? ReadBool(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "on" => true,
        "no" or "false" or "off" => false,
        _ => null,
    };

    private static BigInteger? ReadInt(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        var number = digits switch
        {
            "0" => BigInteger.Zero,
            _ when digits.StartsWith("0b", StringComparison.Ordinal) => ReadDigits(digits[2..], 2),
            _ when digits.StartsWith("0x", StringComparison.Ordinal) => ReadDigits(digits[2..], 16),
            _ when digits.StartsWith('0') => ReadDigits(digits, 8),
            _ when digits.Contains(':', StringComparison.Ordinal) => ReadSexagesimal(digits),
            _ => ReadDigits(digits, 10),
        };
        if (number is not { } result) return null;
        return negative ? -result : result;
    }

    private static BigInteger? ReadSexagesimal(string text)
    {
        var sum = BigInteger.Zero;
        foreach (var part in text.Split(':'))
        {
            if (ReadDigits(part, 10) is not { } digits) return null;
            sum = (sum * 60) + digits;
        }

        return sum;
    }

    private static BigInteger? ReadDigits(string digits, int radix)
    {
        if (digits.Length == 0) return null;
        if (radix == 10) return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        var number = BigInteger.Zero;
        foreach (var character in digits)
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : radix;
            if (digit >= radix) return null;
            number = (number * radix) + digit;
        }

        return number;
    }

    private static double? ReadFloat(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var sign = digits.StartsWith('-') ? -1.0 : 1.0;
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        if (digits == ".inf") return sign * double.PositiveInfinity;
        if (digits == ".nan") return double.NaN;
        var sum = 0.0;
        foreach (var part in digits.Split(':'))
        {
            const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!double.TryParse(part, Style, CultureInfo.InvariantCulture, out var number)) return null;
            sum = (sum * 60) + number;
        }

        return sign * sum;
    }

    /// <summary>A <see cref="DateOnly"/>, a <see cref="DateTime"/> where there is no zone, or a <see cref="DateTimeOffset"/>; null when there is no such time.</summary>
    private static object? ReadTimestamp(string text)
    {
        var match = Timestamp().Match(text);
        if (!match.Success) return null;
        var fraction = match.Groups["fraction"].Value;
        var micros = fraction.Length == 0 ? 0 : Number(fraction.PadRight(6, '0')[..6]);
        var offset = new TimeSpan(Part("zoneHour"), Part("zoneMinute"), 0);
        try
        {
            var time = new DateTime(Part("year"), Part("month"), Part("day"), Part("hour"), Part("minute"), Part("second"), DateTimeKind.Unspecified);
            if (!match.Groups["hour"].Success) return DateOnly.FromDateTime(time);
            time = time.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
            return match.Groups["utc"].Success || match.Groups["zone"].Success
                ? new DateTimeOffset(time, match.Groups["zone"].Value == "-" ? -offset : offset)
                : (object)time;
        }
        catch (ArgumentException)
        {
            return null; // the 30th of February, or a zone that no clock has
        }

        int Part(string name) => match.Groups[name] is { Length: > 0 } group ? Number(group.Value) : 0;
        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Int();

    [GeneratedRegex(
        @"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
        + @"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(
        @"^(?:(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
        + @"|(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:[Tt]|[ \t]+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})"
        + @"(?:\.(?<fraction>[0-9]*))?(?:[ \t]*(?:(?<utc>Z)|(?<zone>[-+])(?<zoneHour>[0-9]{1,2})(?::(?<zoneMinute>[0-9]{2}))?))?)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Timestamp();
}
