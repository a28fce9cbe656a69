using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;

namespace ChaosPS.Build.Help;

/// <summary>An example: a title, an introduction, and the transcript.</summary>
internal sealed record HelpExample(string Title, string Introduction, string Transcript);

/// <summary>A page of docs/cmdlets: the form that every page has.</summary>
/// <remarks>
/// <c># Name</c> and the synopsis, then <c>## Description</c>, <c>## Examples</c> (<c>### title</c>, a text, a fence with a transcript), <c>## Parameters</c>
/// (<c>### -Name</c> and a text), <c>## Inputs</c>, <c>## Outputs</c>, <c>## Errors</c>, <c>## See also</c>.
/// </remarks>
internal sealed partial class CmdletPage
{
    private static readonly string[] s_sections = ["Description", "Examples", "Parameters", "Inputs", "Outputs", "Errors", "See also"];

    private readonly Dictionary<string, int> _lines = [];
    private readonly List<string> _problems = [];

    private CmdletPage(string file) => File = file;

    public string File { get; }

    public string Title { get; private set; } = "";

    public string Synopsis { get; private set; } = "";

    public Dictionary<string, string> Sections { get; } = [];

    public Dictionary<string, string> Parameters { get; } = [];

    public List<HelpExample> Examples { get; } = [];

    public static CmdletPage Read(string file, string text)
    {
        var page = new CmdletPage(file);
        var pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();
        string section = "", item = "";
        List<Block> body = [];
        foreach (var block in Markdown.Parse(text, pipeline))
        {
            if (block is not HeadingBlock heading)
            {
                body.Add(block);
                continue;
            }

            page.Take(section, item, body);
            body.Clear();
            var name = PlainText.Of(heading);
            (section, item) = heading.Level switch
            {
                1 => ("", name),
                2 => (name, ""),
                _ => (section, name),
            };
            page._lines[$"{section}/{item}"] = heading.Line + 1;
            if (heading.Level == 1) page.Title = name;
        }

        page.Take(section, item, body);
        return page;
    }

    /// <summary>What does not agree with the cmdlet, or is missing: a line each, as compilers write them.</summary>
    public IEnumerable<string> Check(Cmdlet cmdlet)
    {
        if (Title != cmdlet.Name) yield return Problem("/", $"the title is '{Title}', the cmdlet '{cmdlet.Name}'.");
        if (Synopsis.Length == 0) yield return Problem("/", "no synopsis below the title.");
        foreach (var section in s_sections)
        {
            if (section is not ("Examples" or "Parameters") && !Sections.ContainsKey(section)) yield return Problem("/", $"no section '{section}'.");
        }

        if (Examples.Count < 2) yield return Problem("Examples/", "fewer than two examples.");
        foreach (var parameter in cmdlet.Parameters)
        {
            if (!Parameters.TryGetValue(parameter.Name, out var text) || text.Length == 0)
                yield return Problem("Parameters/", $"parameter -{parameter.Name} is not described.");
        }

        foreach (var described in Parameters.Keys)
        {
            if (cmdlet.Parameters.All(parameter => parameter.Name != described))
                yield return Problem($"Parameters/-{described}", $"{cmdlet.Name} has no parameter -{described}.");
        }

        foreach (var problem in _problems) yield return problem;
    }

    [GeneratedRegex("^Example [0-9]+: ")]
    private static partial Regex Numbering();

    private void Take(string section, string item, List<Block> body)
    {
        if (section.Length == 0)
        {
            Synopsis = PlainText.Of(body);
        }
        else if (section == "Parameters" && item.Length > 0)
        {
            Parameters[item.TrimStart('-')] = PlainText.Of(body);
        }
        else if (section == "Examples" && item.Length > 0)
        {
            var fence = body.OfType<FencedCodeBlock>().FirstOrDefault();
            if (fence is null) _problems.Add(Problem($"{section}/{item}", "an example without a transcript."));
            else Examples.Add(new HelpExample(Numbering().Replace(item, ""), PlainText.Of(body.Where(block => block is not FencedCodeBlock)), fence.Lines.ToString()));
        }
        else if (!Array.Exists(s_sections, known => known == section))
        {
            _problems.Add(Problem($"{section}/{item}", $"unknown section '{section}'."));
        }
        else
        {
            Sections[section] = PlainText.Of(body);
        }
    }

    private string Problem(string place, string what) => $"{File}({_lines.GetValueOrDefault(place, 1)},1): error HELP003: {what}";
}
