namespace ChaosPS.Experiments;

/// <summary>One thing that validation found, and where.</summary>
/// <param name="Severity">Whether it keeps the experiment from running.</param>
/// <param name="Code">A stable PascalCase code, such as <c>UnknownFunction</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to write instead; null when nothing useful can be said.</param>
/// <param name="Source">The file's name.</param>
/// <param name="Line">1-based line; 0 in an experiment that was an object.</param>
/// <param name="Column">1-based column; 0 in an experiment that was an object.</param>
public sealed record ExperimentFinding(
    FindingSeverity Severity, string Code, string Message, string? Suggestion, string Source, int Line, int Column)
{
    /// <summary>The place in an experiment that was an object, such as <c>method[0].provider</c>; null in one that has lines.</summary>
    public string? Path { get; init; }

    /// <summary>Whether a run that is not validated may begin with it: one activity fails of it, or nothing does.</summary>
    internal bool IsBearable { get; init; }

    /// <summary>Whether the Chaos Toolkit's validation accepts it and its run dies of it: an error for a run, and a warning where nothing runs.</summary>
    internal bool BreaksRun { get; init; }

    /// <summary>Whether it says what Azure would do, so that subscription, tenant and cloud belong to it as far as they are known.</summary>
    internal bool IsOfAzure { get; init; }

    /// <summary><c>file:line:column: severity code: message suggestion</c>, as compilers write it.</summary>
    public override string ToString() =>
        $"{Place}: {(Severity == FindingSeverity.Error ? "error" : "warning")} {Code}: {Message}{(Suggestion is null ? "" : " " + Suggestion)}";

    private string Place => Path switch
    {
        null => $"{Source}:{Line}:{Column}",
        "" => Source,
        _ => $"{Source} at {Path}",
    };
}
