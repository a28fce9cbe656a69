using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using FsCheck;
using FsCheck.Xunit;

namespace ChaosPS.Core.Tests.Clusters;

public sealed class KubernetesQuantityTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250m", 0.25)]
    [InlineData("1.5", 1.5)]
    [InlineData("+1.5", 1.5)]
    [InlineData("-2", -2)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("100u", 0.0001)]
    [InlineData("7n", 0.000000007)]
    [InlineData("1k", 1000)]
    [InlineData("1Ki", 1024)]
    [InlineData("1.5Gi", 1610612736)]
    [InlineData("2e3", 2000)]
    [InlineData("2E3", 2000)]
    [InlineData("12e-1", 1.2)]
    [InlineData("1E", 1e18)]
    [InlineData("1.000000000000m", 0.001)]
    [InlineData("129886128Ki", 133003395072)]
    public void A_quantity_is_read(string text, double expected) => Assert.Equal((decimal)expected, KubernetesQuantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("Mi")]
    [InlineData(".")]
    [InlineData("1ki")]
    [InlineData("1K")]
    [InlineData("1mi")]
    [InlineData("1e")]
    [InlineData("1e3Mi")]
    [InlineData("1e+")]
    [InlineData("1e0000000001")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("1\n")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("\u0661")]
    public void What_is_no_quantity_is_refused(string text)
    {
        Assert.False(KubernetesQuantity.TryParse(text, out _));
        Assert.Equal("QuantityInvalid", Assert.Throws<ChaosException>(() => KubernetesQuantity.Parse(text)).ErrorId);
    }

    [Theory]
    [InlineData("100Ei")]
    [InlineData("1e999999999")]
    [InlineData("99999999999999999999999999999999999999n")]
    [InlineData("9223372036854775807")]
    public void A_quantity_that_is_too_large_is_the_largest(string text)
    {
        Assert.Equal(KubernetesQuantity.Largest, KubernetesQuantity.Parse(text));
        Assert.Equal(long.MaxValue, KubernetesQuantity.ParseMilli(text));
        Assert.Equal(long.MaxValue, KubernetesQuantity.ParseWhole(text));
    }

    [Fact]
    public void What_is_finer_than_a_billionth_is_rounded_up()
    {
        Assert.Equal(0.000000001m, KubernetesQuantity.Parse("1e-999999999"));
        Assert.Equal(0.000000002m, KubernetesQuantity.Parse("1.1n"));
        Assert.Equal(1, KubernetesQuantity.ParseMilli("1u"));
        Assert.Equal(1, KubernetesQuantity.ParseWhole("1m"));
    }

    [Property]
    public void Every_suffix_scales_by_its_factor(int number, byte choice)
    {
        (string Suffix, decimal Factor)[] suffixes =
        [
            ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("", 1), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30),
            ("e3", 1e3m), ("E-3", 1e-3m), ("e+6", 1e6m),
        ];
        var (suffix, factor) = suffixes[choice % suffixes.Length];

        Assert.Equal(number * factor, KubernetesQuantity.Parse(number.ToString(CultureInfo.InvariantCulture) + suffix));
    }

    [Property]
    public void Any_text_is_read_or_refused(string? text)
    {
        if (KubernetesQuantity.TryParse(text, out var value)) Assert.InRange(value, -KubernetesQuantity.Largest, KubernetesQuantity.Largest);
    }
}
