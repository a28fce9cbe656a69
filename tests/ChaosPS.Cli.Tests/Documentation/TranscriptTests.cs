using System.Text;

namespace ChaosPS.Cli.Tests.Documentation;

[Collection("Documentation")]
public sealed class TranscriptTests
{
    /// <summary>Set it to write what the sessions print into the pages, instead of comparing; then read the difference.</summary>
    private const string UpdateVariable = "CHAOSPS_UPDATE_DOCS";

    internal static bool Updating => Environment.GetEnvironmentVariable(UpdateVariable) is not null;

    private static readonly string s_root = Samples.RepositoryRoot;

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories)
        .Append(Path.Combine(s_root, "README.md"))
        .Where(static file => Transcript.Find(File.ReadAllText(file)).Any())
        .Select(static file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_transcript_shows_what_PowerShell_prints(string page)
    {
        var file = Path.Combine(s_root, page);
        var text = File.ReadAllText(file);
        var shown = Transcript.Find(text).ToArray();
        var printed = page.StartsWith("docs/cmdlets/", StringComparison.Ordinal)
            ? shown.SelectMany(static fence => Transcript.Replay([fence.Value], s_root)).ToArray() // each example is a session of its own
            : Transcript.Replay(shown.Select(static fence => fence.Value), s_root);
        if (!Updating)
        {
            Assert.All(shown.Zip(printed), static pair => Assert.Equal(Transcript.Tidy(pair.First.Value), pair.Second));
            return;
        }

        var now = new StringBuilder(text);
        foreach (var (fence, session) in shown.Zip(printed).Reverse()) now.Remove(fence.Index, fence.Length).Insert(fence.Index, session);
        if (now.ToString() != text) File.WriteAllText(file, now.ToString());
    }

    [Fact]
    public void Every_cmdlet_page_has_transcripts()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(s_root, "docs", "cmdlets"), "*-*.md").ToArray();

        Assert.NotEmpty(pages);
        Assert.All(pages, static page => Assert.True(Transcript.Find(File.ReadAllText(page)).Count() >= 2, page));
    }
}
