using System.Management.Automation;
using System.Management.Automation.Language;

namespace ChaosPS.Cli.Demo;

/// <summary>A script cut into what a presenter says (its comments) and what they type (its statements), in the order of the text.</summary>
internal static class WorkshopScript
{
    public static IReadOnlyList<WorkshopStep> Read(string path)
    {
        var script = Parser.ParseFile(path, out var tokens, out var errors);
        if (errors.Length > 0) throw new ParseException(errors);

        var statements = script.EndBlock.Statements;
        var comments = tokens.Where(token => token.Kind == TokenKind.Comment
            && !token.Text.StartsWith("#Requires", StringComparison.OrdinalIgnoreCase)
            && !statements.Any(statement => Contains(statement.Extent, token.Extent)));
        return
        [
            .. comments.Select(token => (token.Extent.StartOffset, Step: new WorkshopStep(token.Text.TrimStart('#').Trim(), null)))
                .Concat(statements.Select(statement => (statement.Extent.StartOffset, Step: new WorkshopStep(statement.Extent.Text, Compile(statement, path)))))
                .OrderBy(step => step.StartOffset)
                .Select(step => step.Step),
        ];
    }

    private static bool Contains(IScriptExtent outer, IScriptExtent inner) =>
        outer.StartOffset <= inner.StartOffset && inner.EndOffset <= outer.EndOffset;

    /// <summary>Keeps the file and the line, so that <c>$PSScriptRoot</c> and the positions in errors are those of the script.</summary>
    private static ScriptBlock Compile(StatementAst statement, string path)
    {
        var lines = new string('\n', statement.Extent.StartLineNumber - 1);
        return Parser.ParseInput(lines + statement.Extent.Text, path, out _, out _).GetScriptBlock();
    }
}

/// <summary>A step of the script.</summary>
/// <param name="Text">What is said, or typed.</param>
/// <param name="Code">What is run; null for a comment.</param>
internal sealed record WorkshopStep(string Text, ScriptBlock? Code);
