using ChaosPS.Resilience;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>The page of risks has a section of each kind, in alphabetical order, and no others.</summary>
public sealed class RisksPageTests
{
    [Fact]
    public void Every_kind_of_risk_has_a_section() => Assert.Equal(
        RiskCodes.All.Keys,
        File.ReadLines(Path.Combine(Samples.RepositoryRoot, "docs", "risks.md")).Where(static line => line.StartsWith("## ", StringComparison.Ordinal)).Select(static line => line[3..]));
}
