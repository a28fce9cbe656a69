using System.Globalization;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Durations as people write them.</summary>
public sealed class DurationTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("30", 30)]
    [InlineData("'30'", 30)]
    [InlineData("1.5", 1.5)]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("'1d'", 86400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1M", 60)]
    [InlineData("PT5M", 300)]
    [InlineData("00:05:00", 300)]
    [InlineData("([TimeSpan]::FromSeconds(7))", 7)]
    [InlineData("0", 0)]
    public void A_duration_is_read_as_it_is_written(string text, double seconds)
    {
        var passed = _engine.Invoke($"$before = $sandbox.Now; Step-ChaosSandbox {text}; ($sandbox.Now - $before).TotalSeconds").Single();

        Assert.Equal(seconds, Convert.ToDouble(passed.BaseObject, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5s")]
    [InlineData("'-5'")]
    [InlineData("5x")]
    [InlineData("''")]
    [InlineData("PT")]
    [InlineData("1e300")]
    [InlineData("30m5h")]
    [InlineData("1d")]
    [InlineData("9999999999")]
    [InlineData("'25d'")]
    [InlineData("P25D")]
    [InlineData("25.00:00:00")]
    [InlineData("([TimeSpan]::MaxValue)")]
    public void What_is_no_duration_is_an_error_that_shows_the_forms(string text)
    {
        var error = Assert.Single(_engine.Run($"Step-ChaosSandbox -Duration {text}").Errors);

        Assert.Contains("PT5M", error.ToString(), StringComparison.Ordinal);
    }
}
