using ChaosPS.Experiments;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>The page about the Chaos Toolkit names every activity, and no other.</summary>
public sealed class ActivityNameTests
{
    [Fact]
    public void Every_activity_of_Kubernetes_stands_in_the_page_by_its_module()
    {
        var page = File.ReadAllLines(Path.Combine(Samples.RepositoryRoot, "docs", "chaos-toolkit.md"));

        var written = page.Where(static line => line.StartsWith("- `chaosk8s.", StringComparison.Ordinal)).Select(static line => line.Split('`')).SelectMany(
            static parts => parts.Where(static (_, index) => index % 2 == 1).Skip(1).Select(function => $"{parts[1]}.{function}"));

        Assert.Equal(
            ActivityCatalogue.All.Select(static activity => activity.ToString()).Where(static name => name.StartsWith("chaosk8s.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            written.Order(StringComparer.Ordinal));
    }
}
