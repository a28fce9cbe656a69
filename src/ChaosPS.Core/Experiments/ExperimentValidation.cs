namespace ChaosPS.Experiments;

/// <summary>The result of a validation: everything that was found, not only the first.</summary>
/// <param name="Source">The file's name.</param>
/// <param name="Title">The experiment's title; empty when it has none.</param>
/// <param name="Findings">In the order of the file.</param>
public sealed record ExperimentValidation(string Source, string Title, IReadOnlyList<ExperimentFinding> Findings)
{
    /// <summary>Whether the experiment can run: there may be warnings, but no error.</summary>
    public bool IsValid => !Findings.Any(static finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The same findings, with every warning an error.</summary>
    public ExperimentValidation AsStrict() => this with { Findings = [.. Findings.Select(static finding => finding with { Severity = FindingSeverity.Error })] };

    /// <summary>The same findings where no run follows: what the Chaos Toolkit's validation accepts, and only its run dies of, is a warning.</summary>
    public ExperimentValidation AsVerdict() => this with
    {
        Findings = [.. Findings.Select(static finding =>
            finding.BreaksRun ? finding with { Severity = FindingSeverity.Warning, Message = $"{finding.Message} A run is refused." } : finding)],
    };

    /// <summary>The same findings for a run that is not validated: what makes one activity fail, and nothing else, is a warning.</summary>
    internal ExperimentValidation AsUnvalidated() =>
        this with { Findings = [.. Findings.Select(static finding => finding.IsBearable ? finding with { Severity = FindingSeverity.Warning } : finding)] };

    /// <summary>The findings that keep it from running.</summary>
    public IEnumerable<ExperimentFinding> Errors => Findings.Where(static finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The findings that do not.</summary>
    public IEnumerable<ExperimentFinding> Warnings => Findings.Where(static finding => finding.Severity == FindingSeverity.Warning);
}
