namespace ChaosPS.Experiments;

/// <summary>One thing that validation found, and where.</summary>
/// <param name="Severity">Whether it keeps the experiment from running.</param>
/// <param name="Code">A stable PascalCase code, such as <c>UnknownFunction</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to write instead; null when nothing useful can be said.</param>
/// <param name="Source">The file's name.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public sealed record ExperimentFinding(
    FindingSeverity Severity, string Code, string Message, string? Suggestion, string Source, int Line, int Column)
{
    /// <summary><c>file:line:column: severity code: message suggestion</c>, as compilers write it.</summary>
    public override string ToString() =>
        $"{Source}:{Line}:{Column}: {(Severity == FindingSeverity.Error ? "error" : "warning")} {Code}: {Message}{(Suggestion is null ? "" : " " + Suggestion)}";
}
