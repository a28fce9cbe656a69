namespace ChaosPS.Ports;

/// <summary>Reads YAML and JSON text into nodes that know where they stand.</summary>
public interface IDocumentReader
{
    /// <summary>Reads one document.</summary>
    /// <param name="text">YAML 1.1 or JSON.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">The text is no document: id <c>DocumentInvalid</c>, with line and column.</exception>
    DocumentNode Read(string text, string source);
}
