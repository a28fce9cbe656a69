using System.Text.RegularExpressions;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>The page of the findings has every code that the source has, and each example gives its code.</summary>
public sealed partial class FindingsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "docs", "findings.md"));

    private static readonly string[] s_codes = [.. Section().Matches(s_page).Select(static match => match.Groups["code"].Value)];

    public static TheoryData<string> Codes => [.. s_codes];

    [Fact]
    public void Every_code_of_the_source_has_its_section_and_no_other()
    {
        var source = Directory.EnumerateFiles(Path.Combine(Samples.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(static file => Report().Matches(File.ReadAllText(file)).Select(static match => match.Groups["code"].Value));

        Assert.Equal(source.Distinct().Order(StringComparer.Ordinal), s_codes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void An_example_gives_its_code_and_nothing_else(string code)
    {
        var example = Section().Matches(s_page).Single(match => match.Groups["code"].Value == code);
        var isError = s_page.IndexOf("\n## Warnings", StringComparison.Ordinal) > example.Index;

        var validation = ExperimentValidator.Validate(
            ExperimentReader.Read(Whole(example.Groups["example"].Value), "example.yaml", new Composition().Documents),
            new EnvironmentVariables(
                new Dictionary<string, string>(), "test", new Dictionary<string, string> { ["PATH"] = "/usr/bin", ["HOME"] = "/root", ["APP_HOST"] = "a", ["APP_PORT"] = "b" }),
            confinement: code == "LeavesSandbox" ? new Confinement("test", ["app"]) : null,
            session: code == "NeedsPowerShell" ? null : new Session(code));

        Assert.Equal([code], validation.Findings.Select(static finding => finding.Code).Distinct());
        Assert.Equal(isError, !validation.IsValid);
        Assert.False(validation.AsStrict().IsValid);
        Assert.All(validation.Findings, static finding => Assert.True(finding is { Line: > 0, Column: > 0, Source: "example.yaml" }));
    }

    /// <summary>The example with the keys that it leaves out.</summary>
    private static string Whole(string example) => string.Concat(
        ((string[])["title: t", "description: d", "method: []"]).Where(line => !Regex.IsMatch(example, $"(?m)^{line.Split(':')[0]}:")).Select(static line => line + "\n")) + example;

    [GeneratedRegex(@"(?m)^### (?<code>\w+)\n\n.*\n\n```yaml\n(?<example>(?s:.*?))```", RegexOptions.CultureInvariant)]
    private static partial Regex Section();

    [GeneratedRegex("""(?:Error|Warning|BreaksRun|[rR]eport|ScriptProblem)\(\s*"(?<code>[A-Z][A-Za-z]+)",""", RegexOptions.CultureInvariant)]
    private static partial Regex Report();

    /// <summary>A session that says of every script what PowerShell says of the example; that it does is for the tests of the cmdlets.</summary>
    private sealed class Session(string code) : ICallerSession
    {
        public bool HasSecretManagement => false;

        public ScriptReview Review(ScriptCall call) => new(
            code is "ScriptInvalid" or "UnknownCommand" ? [new ScriptProblem(code, "as PowerShell says", null)] : [], code == "NeedsSession" ? ["$mine"] : []);

        public Task<object?> RunAsync(ScriptCall call, IChaosLog log, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is run.");

        public Task<object?> ReadSecretAsync(string name, string? vault, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is read.");
    }
}
