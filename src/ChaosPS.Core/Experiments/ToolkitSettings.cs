using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>A settings file of the Chaos Toolkit: controls for every experiment, strategies of those that have none, and who signs in where experiments are fetched from.</summary>
/// <remarks>Read only where it is named: what a run does shall not depend on a file that its command line does not name.</remarks>
public sealed class ToolkitSettings
{
    private readonly string _path;
    private readonly DocumentMapping _file;
    private readonly Dictionary<string, string> _signIns = new(StringComparer.OrdinalIgnoreCase);

    private ToolkitSettings(string path, DocumentMapping file)
    {
        _path = path;
        _file = file;
        foreach (var entry in Mapping(file, "auths")?.Entries ?? [])
        {
            var host = DocumentValues.Key(entry);
            if (entry.Value is not DocumentMapping auth || Text(auth["type"]) is not { } type || Text(auth["value"]) is not { } value)
                throw ChaosErrors.SettingsInvalid(path, entry.Value.Line, $"what signs in at '{host}' must be a type and a value");
            _signIns[host] = $"{type} {value}";
        }
    }

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file, YAML or JSON, as messages name it; an empty one says nothing.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">
    /// It cannot be read, or is no settings file: ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c>, <c>SettingsInvalid</c>.
    /// </exception>
    public static ToolkitSettings Read(string path, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return documents.Read(ExperimentFile.ReadText(path), path) switch
        {
            DocumentMapping file => new ToolkitSettings(path, file),
            DocumentScalar { Value: null } nothing => new ToolkitSettings(path, new DocumentMapping([], nothing.Line, nothing.Column)),
            var other => throw ChaosErrors.SettingsInvalid(path, other.Line, "it is no mapping"),
        };
    }

    /// <summary>Adds to an experiment what the file says of all. What is wrong with that is for <see cref="ExperimentValidator"/> to say.</summary>
    public Experiment AddTo(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var findings = new FindingList(_path);
        if (Mapping(_file, "controls") is not null) experiment = ControlFile.AddTo(experiment, _file, findings);
        if (_file["notifications"] is { } notifications)
            findings.Warning("KeyIgnored", notifications, "Nobody is notified of runs: that would send the experiment and its secrets along.", "Let the exit code, or --output json, tell what a pipeline is to say.");
        var (hypothesis, rollbacks) = (RuntimeBlock.Hypothesis(_file, findings), RuntimeBlock.Rollbacks(_file, findings));
        experiment = experiment with { Findings = [.. experiment.Findings, .. findings.InOrder] };

        // A runtime block of the experiment's own hides that of the file wholly, also where it says less.
        return experiment.Document is DocumentMapping document && document["runtime"] is { } own && PythonValue.IsTrue(DocumentValues.ToValue(own))
            ? experiment
            : experiment with { HypothesisStrategy = hypothesis, NamedRollbackStrategy = rollbacks };
    }

    /// <summary>What signs in at a server, as the header has it: the host and port must be as in the address. Null when nothing does.</summary>
    internal string? SignIn(Uri uri) => _signIns.GetValueOrDefault($"{uri.Host}:{uri.Port}") ?? (uri.IsDefaultPort ? _signIns.GetValueOrDefault(uri.Host) : null);

    private static DocumentMapping? Mapping(DocumentMapping file, string key) => file[key] as DocumentMapping;

    private static string? Text(DocumentNode? node) => node is DocumentScalar { Value: { } value } ? PythonValue.Text(value) : null;
}
