using System.Text.RegularExpressions;

namespace ChaosPS.Cli.Tests.Documentation;

[Collection("Documentation")] // both may rewrite the README
public sealed partial class ReadmeTests
{
    private static readonly string s_file = Path.Combine(Samples.RepositoryRoot, "README.md");

    [Fact]
    public async Task The_run_that_the_readme_shows_is_what_the_command_line_prints()
    {
        var text = File.ReadAllText(s_file);
        var shown = Assert.Single(Run().Matches(text));
        string[] args = [.. shown.Groups["command"].Value.Split(' ')
            .Select(static word => word.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(Samples.RepositoryRoot, word) : word)];

        var run = await CommandLineRun.InvokeAsync(args);

        // The last line names the journal, whose folder is new every time.
        var root = Path.TrimEndingDirectorySeparator(Samples.RepositoryRoot) + Path.DirectorySeparatorChar;
        var printed = Transcript.Tidy(run.Output[..run.Output.LastIndexOf("journal:", StringComparison.Ordinal)].Replace(root, "", StringComparison.Ordinal));
        if (TranscriptTests.Updating) File.WriteAllText(s_file, text.Replace(shown.Groups["output"].Value, printed, StringComparison.Ordinal));
        else Assert.Equal(shown.Groups["output"].Value, printed);
    }

    [GeneratedRegex(@"(?<=^```console\n)\$ chaosps (?<command>run [^\n]*)\n(?<output>.*?)(?=\n```$)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Run();
}
