using System.Text.RegularExpressions;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>The tests that the page about safety names are there.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void Every_test_that_the_page_about_safety_names_is_there()
    {
        var page = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "docs", "safety.md"));
        var section = page.Split("### Each interruption, tested")[1].Split("\n## ")[0];
        var tests = Path.Combine(Samples.RepositoryRoot, "tests");
        string[] sources =
        [
            .. Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(tests, "*.Tests.ps1", SearchOption.AllDirectories))
                .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText),
        ];

        var named = section.Split('\n').Where(static line => line.StartsWith('|')).Skip(2)
            .SelectMany(static row => row.Split(" | ").Skip(1)).SelectMany(static cell => Quoted().Matches(cell)).Select(static match => match.Groups[1].Value).ToArray();

        Assert.True(named.Length > 20);
        Assert.All(named, name => Assert.Contains(sources, source => source.Contains($" {name}(", StringComparison.Ordinal) || source.Contains($"It '{name}'", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
