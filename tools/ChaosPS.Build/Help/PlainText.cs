using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ChaosPS.Build.Help;

/// <summary>Markdown as the text that a terminal shows: paragraphs apart, list items with a dash, table rows as lines.</summary>
internal static class PlainText
{
    public static string Of(IEnumerable<Block> blocks) => string.Join("\n\n", blocks.Select(Of).Where(text => text.Length > 0));

    public static string Of(Block block) => block switch
    {
        LeafBlock { Inline: { } inline } => Of(inline),
        FencedCodeBlock fence => Indent(fence.Lines.ToString()),
        CodeBlock code => Indent(code.Lines.ToString()),
        Table table => string.Join("\n", table.OfType<TableRow>().Where(row => !row.IsHeader).Select(Of)),
        ListBlock list => string.Join("\n", list.OfType<ListItemBlock>().Select(item => "- " + Of((IEnumerable<Block>)item).Replace("\n", "\n  ", StringComparison.Ordinal))),
        ContainerBlock container => Of((IEnumerable<Block>)container),
        _ => "",
    };

    private static string Of(TableRow row) => string.Join(": ", row.OfType<TableCell>().Select(cell => Of((IEnumerable<Block>)cell)));

    private static string Of(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (var inline in container)
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                AutolinkInline link => link.Url,
                ContainerInline inner => Of(inner),
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string Indent(string text) => "    " + text.TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal);
}
