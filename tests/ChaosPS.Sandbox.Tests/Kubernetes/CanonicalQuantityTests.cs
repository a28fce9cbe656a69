using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;
using FsCheck;
using FsCheck.Xunit;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class CanonicalQuantityTests
{
    [Theory]
    [InlineData("2048Mi", "2Gi")]
    [InlineData("0.5Gi", "512Mi")]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("100m", "100m")]
    [InlineData("64Mi", "64Mi")]
    [InlineData("1500", "1500")]
    [InlineData("2000", "2k")]
    [InlineData("0", "0")]
    [InlineData("0Mi", "0")]
    [InlineData("12e6", "12e6")]
    [InlineData("100Ki", "100Ki")]
    public void Quantities_are_written_as_the_api_keeps_them(string written, string kept) => Assert.Equal(kept, CanonicalQuantity.Text(written));

    [Property]
    public bool The_value_stays(NonNegativeInt number, bool binary)
    {
        var written = number.Get + (binary ? "Ki" : "m");
        var kept = CanonicalQuantity.Text(written);
        return KubernetesQuantity.Parse(kept) == KubernetesQuantity.Parse(written) && CanonicalQuantity.Text(kept) == kept;
    }
}
