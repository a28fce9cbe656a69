using System.Globalization;
using System.Management.Automation;
using ChaosPS.Time;

namespace ChaosPS.Binding;

/// <summary>
/// Takes a duration as people write it: <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>PT5M</c>, <c>00:05:00</c>, or a number of seconds.
/// </summary>
/// <remarks>
/// Without it PowerShell would read a bare number as ticks of 100 nanoseconds. To PowerShell <c>30s</c> is a number too, a short, which is the same
/// in seconds; but <c>1d</c> is a decimal 1, so decimals are refused: a day is <c>24h</c> or <c>'1d'</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var read = value switch
        {
            TimeSpan span when Duration.IsInRange(span) => span,
            string text when Duration.TryParse(text, out var parsed) => parsed,
            int or long or double or short
                when Duration.TryFromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture), out var seconds) => seconds,
            _ => (TimeSpan?)null,
        };
        var hint = value is decimal and < 1_000_000 ? $" PowerShell reads {value}d as a decimal number: put it in quotes, or write hours." : "";
        return read ?? throw new ArgumentTransformationMetadataException($"'{value}' is not a duration: write {Duration.Forms}.{hint}");
    }
}
