using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>Links between the pages, and from them to files and headings; what a merge leaves.</summary>
public sealed class LinkTests
{
    private static readonly string s_root = Path.TrimEndingDirectorySeparator(Samples.RepositoryRoot);

    public static TheoryData<string> Pages => [.. new[] { "*.md", "docs/", "bench/", "src/", "tests/" }
        .SelectMany(static place => place.EndsWith('/')
            ? Directory.EnumerateFiles(Path.Combine(s_root, place), "*.md", SearchOption.AllDirectories)
            : Directory.EnumerateFiles(s_root, place))
        .Select(static file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))
        .Where(static file => !file.Split('/').Any(static part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var file = Path.Combine(s_root, page);

        Assert.All(Parse(file).Descendants<LinkInline>().Select(static link => link.Url!).Where(static url => !Uri.IsWellFormedUriString(url, UriKind.Absolute)), url =>
        {
            var (path, heading) = url.Split('#') is [var before, var after] ? (before, after) : (url, null);
            var target = path.Length == 0 ? file : Path.GetFullPath(path, Path.GetDirectoryName(file)!);
            Assert.True(target.StartsWith(s_root, StringComparison.Ordinal) && Path.Exists(target), $"{page} links to {url}, which does not exist.");
            if (heading is not null) Assert.Contains(heading, Parse(target).Descendants<HeadingBlock>().Select(static block => block.GetAttributes().Id));
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_has_the_marks_of_a_merge(string page) =>
        Assert.DoesNotContain(File.ReadLines(Path.Combine(s_root, page)), static line => line.StartsWith("<<<<<<< ", StringComparison.Ordinal) || line.StartsWith(">>>>>>> ", StringComparison.Ordinal));

    /// <summary>Headings get the identifiers that GitHub gives them.</summary>
    private static MarkdownDocument Parse(string file) =>
        Markdown.Parse(File.ReadAllText(file), new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).Build());
}
