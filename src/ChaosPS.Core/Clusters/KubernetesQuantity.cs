using System.Buffers;
using System.Globalization;
using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>Reads Kubernetes quantities: <c>250m</c>, <c>1.5</c>, <c>128Mi</c>, <c>2e3</c>.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ .</remarks>
public static class KubernetesQuantity
{
    /// <summary>The largest quantity; Kubernetes caps larger ones at it too.</summary>
    public const decimal Largest = long.MaxValue;

    private const decimal Smallest = 0.000000001m;
    private const int LongestExponent = 9;
    private const int FewDigits = 9;

    private static readonly SearchValues<char> s_numberDigits = SearchValues.Create(".0123456789");

    /// <summary>Reads a quantity in its base unit: cores, or bytes. What is finer than a billionth is rounded up, as Kubernetes does.</summary>
    public static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        var rest = text.AsSpan();
        var isNegative = rest is ['-', ..];
        if (rest is ['+' or '-', ..]) rest = rest[1..];
        var length = rest.IndexOfAnyExcept(s_numberDigits);
        var number = length < 0 ? rest : rest[..length];
        var suffix = rest[number.Length..];
        if (number.Count('.') > 1 || number.IndexOfAnyInRange('0', '9') < 0) return false;

        if (suffix is ['e' or 'E', _, ..] and not "Ei")
        {
            var exponent = suffix[1..];
            var digits = exponent is ['+' or '-', ..] ? exponent[1..] : exponent;
            if (digits.Length is 0 or > LongestExponent || digits.IndexOfAnyExceptInRange('0', '9') >= 0) return false;
            value = Scale(number, exponent);
        }
        else if (Factor(suffix) is { } factor)
        {
            value = Scale(number, "0", factor);
        }
        else
        {
            return false;
        }

        if (isNegative) value = -value;
        return true;
    }

    /// <summary>Reads a quantity in its base unit.</summary>
    /// <exception cref="ChaosException">It is no quantity: id <c>QuantityInvalid</c>.</exception>
    public static decimal Parse(string text) => TryParse(text, out var value) ? value : throw ChaosErrors.QuantityInvalid(text);

    /// <summary>Reads a quantity in thousandths of its base unit, rounded up: <c>1.5</c> is 1500.</summary>
    /// <exception cref="ChaosException">It is no quantity: id <c>QuantityInvalid</c>.</exception>
    public static long ParseMilli(string text)
    {
        var value = Parse(text);
        return value >= Largest / 1000 ? long.MaxValue : (long)Math.Ceiling(value * 1000);
    }

    /// <summary>Reads a quantity as a whole number of its base unit, rounded up: <c>1Ki</c> is 1024.</summary>
    /// <exception cref="ChaosException">It is no quantity: id <c>QuantityInvalid</c>.</exception>
    public static long ParseWhole(string text) => (long)Math.Ceiling(Parse(text));

    private static decimal? Factor(ReadOnlySpan<char> suffix) => suffix switch
    {
        "n" => 0.000000001m,
        "u" => 0.000001m,
        "m" => 0.001m,
        "" => 1m,
        "k" => 1000m,
        "M" => 1000_000m,
        "G" => 1000_000_000m,
        "T" => 1000_000_000_000m,
        "P" => 1000_000_000_000_000m,
        "E" => 1000_000_000_000_000_000m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ => null,
    };

    /// <summary>number × 10^exponent × factor, capped and rounded up; the number may have more digits than a decimal holds.</summary>
    private static decimal Scale(ReadOnlySpan<char> number, ReadOnlySpan<char> exponent, decimal factor = 1m)
    {
        // Nearly all quantities are a few digits and a suffix, which a decimal holds whatever they are.
        if (number.Length <= FewDigits && exponent is "0") return RoundUp(decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) * factor);

        // A double decides only whether the number is out of a decimal's range, so its rounding does no harm.
        var rough = double.Parse($"{number}e{exponent}", CultureInfo.InvariantCulture) * (double)factor;
        if (rough > 1e19) return Largest;
        if (rough < (double)Smallest) return number.IndexOfAnyInRange('1', '9') < 0 ? 0 : Smallest;

        var exact = factor == 1m
            ? decimal.Parse($"{number}e{exponent}", NumberStyles.Float, CultureInfo.InvariantCulture)
            : decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) * factor;
        return RoundUp(exact);
    }

    private static decimal RoundUp(decimal exact) => exact < Largest ? Math.Ceiling(exact / Smallest) * Smallest : Largest;
}
