using System.Text;
using Markdig;
using Markdig.Syntax;

namespace ChaosPS.Build.Help;

/// <summary>A page of docs/about as PowerShell's about_ text: headings in capitals, text indented by four.</summary>
internal static class AboutTopic
{
    private const int Width = 80;

    public static string ToText(string markdown)
    {
        var text = new StringBuilder();
        foreach (var block in Markdown.Parse(markdown, new MarkdownPipelineBuilder().UsePipeTables().Build()))
        {
            if (block is HeadingBlock { Level: 1 } title) text.Append("TOPIC\n    ").Append(PlainText.Of(title)).Append("\n\n");
            else if (block is HeadingBlock heading) text.Append(PlainText.Of(heading).ToUpperInvariant()).Append('\n');
            else text.Append(Indent(PlainText.Of(block), wrap: block is ParagraphBlock or ListBlock)).Append("\n\n");
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static string Indent(string text, bool wrap) =>
        string.Join('\n', text.Split('\n').SelectMany(line => wrap ? Wrap(line) : [line]).Select(line => line.Length == 0 ? "" : "    " + line));

    private static IEnumerable<string> Wrap(string line)
    {
        var current = new StringBuilder();
        var hanging = line.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
        foreach (var word in line.Split(' '))
        {
            if (current.Length > 0 && current.Length + 1 + word.Length > Width - 4)
            {
                yield return current.ToString();
                current.Clear().Append(hanging);
            }
            else if (current.Length > 0)
            {
                current.Append(' ');
            }

            current.Append(word);
        }

        yield return current.ToString();
    }
}
