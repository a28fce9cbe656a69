using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>Numbers in texts, as Python's <c>int()</c> and <c>float()</c> read them.</summary>
/// <remarks>White space around them, single underscores between digits and the digits of all scripts are taken. Source: https://docs.python.org/3/library/functions.html#int .</remarks>
internal static partial class PythonNumber
{
    /// <summary>A whole number.</summary>
    public static bool TryInteger(string text, out BigInteger number)
    {
        number = default;
        return Plain(text) is { } digits && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A number, an infinity or NaN.</summary>
    public static bool TryFloat(string text, out double number)
    {
        number = double.NaN;
        if (Plain(text) is not { } plain) return false;
        switch (plain.TrimStart('+', '-').ToUpperInvariant())
        {
            case "INF" or "INFINITY":
                number = plain[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return Sign().IsMatch(plain);
            case "NAN":
                return Sign().IsMatch(plain);
            default:
                return double.TryParse(
                    plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
        }
    }

    /// <summary>The text with ASCII digits for those of other scripts.</summary>
    public static string WithAsciiDigits(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber) result.Append((int)Rune.GetNumericValue(rune));
            else result.Append(rune.ToString());
        }

        return result.ToString();
    }

    /// <summary>The text without what may stand in a number besides; null when an underscore stands where none may.</summary>
    private static string? Plain(string text)
    {
        text = WithAsciiDigits(text.Trim());
        return Misplaced().IsMatch(text) ? null : text.Replace("_", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<![0-9])_|_(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Misplaced();

    [GeneratedRegex("^[+-]?[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();
}
