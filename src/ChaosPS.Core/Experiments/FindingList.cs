using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Collects what the reading and the validation of one file find.</summary>
internal sealed class FindingList(string source)
{
    private readonly List<ExperimentFinding> _findings = [];

    /// <summary>What was found, in the order of the file.</summary>
    public IReadOnlyList<ExperimentFinding> InOrder =>
        [.. _findings.Distinct().OrderBy(static finding => finding.Line).ThenBy(static finding => finding.Column)];

    /// <summary>How many there are so far.</summary>
    public int Count => _findings.Count;

    /// <summary>Says of what was found since that a run which is not validated may begin with it.</summary>
    /// <param name="since">How many findings there were before.</param>
    /// <returns>The first error since then; null when there is none.</returns>
    public ExperimentFinding? Bear(int since)
    {
        for (var i = since; i < _findings.Count; i++) _findings[i] = _findings[i] with { IsBearable = true };
        return _findings.Skip(since).FirstOrDefault(static finding => finding.Severity == FindingSeverity.Error);
    }

    /// <summary>Says of the last one that it is about what Azure would do.</summary>
    public void OfAzure() => _findings[^1] = _findings[^1] with { IsOfAzure = true };

    /// <summary>Takes over findings of another list.</summary>
    public void Add(IEnumerable<ExperimentFinding> findings) => _findings.AddRange(findings);

    /// <summary>Something that keeps the experiment from running.</summary>
    public void Error(string code, DocumentNode at, string message, string? suggestion = null) =>
        _findings.Add(new ExperimentFinding(FindingSeverity.Error, code, message, suggestion, source, at.Line, at.Column));

    /// <summary>Something that keeps the experiment from running, though the Chaos Toolkit's validation accepts it.</summary>
    public void BreaksRun(string code, DocumentNode at, string message, string? suggestion = null) =>
        _findings.Add(new ExperimentFinding(FindingSeverity.Error, code, message, suggestion, source, at.Line, at.Column) { BreaksRun = true });

    /// <summary>Something that looks unintended.</summary>
    public void Warning(string code, DocumentNode at, string message, string? suggestion = null) =>
        _findings.Add(new ExperimentFinding(FindingSeverity.Warning, code, message, suggestion, source, at.Line, at.Column));

    /// <summary>Warns of keys that nothing reads, with the nearest that something does.</summary>
    public void UnknownKeys(DocumentMapping mapping, string what, IReadOnlyCollection<string> known)
    {
        foreach (var entry in mapping.Entries)
        {
            var key = DocumentValues.Key(entry);
            if (known.Contains(key)) continue;
            Warning("UnknownKey", entry.Key, $"Nothing reads the key '{key}' of {what}.", NearestNames.Suggest(key, known));
        }
    }
}
