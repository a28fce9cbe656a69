using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads an experiment from YAML or JSON.</summary>
public static class ExperimentReader
{
    /// <summary>Reads an experiment. What is wrong with its content is for <see cref="ExperimentValidator"/> to say.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">The text is no document: id <c>DocumentInvalid</c>, with line and column.</exception>
    public static Experiment Read(string text, string source, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var document = documents.Read(text, source);
        return new Experiment { Source = source, Document = document };
    }
}
