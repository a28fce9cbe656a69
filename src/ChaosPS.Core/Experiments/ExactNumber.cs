using System.Globalization;
using System.Numerics;

namespace ChaosPS.Experiments;

/// <summary>A finite number without rounding, or an infinity, as Python's <c>Decimal</c> holds it: <c>Numerator × 10^Exponent</c>.</summary>
/// <remarks>Every double is such a number, so <c>0.3</c> as a double is less than the text <c>0.3</c>, as in Python.</remarks>
internal readonly record struct ExactNumber : IComparable<ExactNumber>
{
    private readonly BigInteger _numerator;
    private readonly int _exponent;
    private readonly int _infinity;

    private ExactNumber(BigInteger numerator, int exponent, int infinity = 0)
    {
        _numerator = numerator;
        _exponent = exponent;
        _infinity = infinity;
    }

    /// <summary>The number that a value is; a text is read as <c>Decimal</c> reads it. Null when it is none.</summary>
    public static ExactNumber? From(object? value) => value switch
    {
        bool flag => new ExactNumber(flag ? 1 : 0, 0),
        long number => new ExactNumber(number, 0),
        BigInteger number => new ExactNumber(number, 0),
        double number => FromDouble(number),
        string text => Parse(text),
        _ => null,
    };

    /// <inheritdoc/>
    public int CompareTo(ExactNumber other)
    {
        if (_infinity != 0 || other._infinity != 0) return _infinity.CompareTo(other._infinity);

        // Numbers of different magnitude are told apart without writing all their zeros out: 1e999999 is a legal text.
        if (_numerator.Sign != other._numerator.Sign) return _numerator.Sign.CompareTo(other._numerator.Sign);
        if (_numerator.IsZero) return 0;
        var (mine, others) = (Magnitude, other.Magnitude);
        if (mine != others) return _numerator.Sign * mine.CompareTo(others);
        var exponent = Math.Min(_exponent, other._exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    private long Magnitude => BigInteger.Abs(_numerator).ToString(CultureInfo.InvariantCulture).Length + (long)_exponent;

    private BigInteger Scaled(int exponent) => _numerator * BigInteger.Pow(10, _exponent - exponent);

    private static ExactNumber? FromDouble(double number)
    {
        if (double.IsNaN(number)) return null;
        if (double.IsInfinity(number)) return new ExactNumber(0, 0, number > 0 ? 1 : -1);
        var bits = BitConverter.DoubleToInt64Bits(number);
        var power = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFF;
        if (power == 0) power++;
        else mantissa |= 1L << 52;
        power -= 1075;
        BigInteger signed = bits < 0 ? -mantissa : mantissa;

        // 2^-n is 5^n × 10^-n.
        return power >= 0 ? new ExactNumber(signed << power, 0) : new ExactNumber(signed * BigInteger.Pow(5, -power), power);
    }

    private static ExactNumber? Parse(string text)
    {
        text = PythonNumber.WithAsciiDigits(text.Trim()).Replace("_", "", StringComparison.Ordinal);
        switch (text.TrimStart('+').ToUpperInvariant())
        {
            case "INF" or "INFINITY": return new ExactNumber(0, 0, 1);
            case "-INF" or "-INFINITY": return new ExactNumber(0, 0, -1);
        }

        var parts = text.Split('e', 'E');
        if (parts.Length > 2) return null;
        var exponent = 0;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return null;
        if (Math.Abs((long)exponent) > 999_999_999) return null;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? parts[0] : parts[0].Remove(point, 1);
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var numerator)) return null;
        return new ExactNumber(numerator, exponent - (point < 0 ? 0 : parts[0].Length - point - 1));
    }
}
