using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Controls in files, for every experiment that is run with them.</summary>
public static class ControlFile
{
    /// <summary>Adds the controls of files to an experiment. What is wrong with them is for <see cref="ExperimentValidator"/> to say.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="paths">
    /// YAML or JSON files with a mapping of names to controls: <c>{bypass: {provider: {type: python, module: …}}}</c>. In a settings file of the Chaos Toolkit it
    /// stands under <c>controls</c>. An empty file says nothing.
    /// </param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">
    /// A file cannot be read, or is no mapping: ids <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>DocumentInvalid</c>, <c>ControlFileInvalid</c>.
    /// </exception>
    public static Experiment AddTo(Experiment experiment, IEnumerable<string> paths, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(documents);
        foreach (var path in paths)
        {
            var text = ExperimentFile.ReadText(path);
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (documents.Read(text, path) is not DocumentMapping file) throw ChaosErrors.ControlFileInvalid(path);
            var findings = new FindingList(path);
            experiment = AddTo(experiment, file, findings);
            experiment = experiment with { Findings = [.. experiment.Findings, .. findings.InOrder] };
        }

        return experiment;
    }

    /// <summary>Adds the controls of one file.</summary>
    internal static Experiment AddTo(Experiment experiment, DocumentMapping file, FindingList findings)
    {
        var document = experiment.Document as DocumentMapping ?? new DocumentMapping([], 1, 1);
        return experiment with { GlobalControls = [.. experiment.GlobalControls, .. new ActivityReader(document, findings).Controls.ReadOfFile(file)] };
    }
}
