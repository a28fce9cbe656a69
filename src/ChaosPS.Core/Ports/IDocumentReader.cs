namespace ChaosPS.Ports;

/// <summary>Reads YAML and JSON text into nodes that know where they stand.</summary>
public interface IDocumentReader
{
    /// <summary>Reads one document.</summary>
    /// <param name="text">YAML 1.1 or JSON.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">The text is no document: id <c>DocumentInvalid</c>, with line and column.</exception>
    DocumentNode Read(string text, string source);

    /// <summary>Reads a document that is JSON, whatever its source is called.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="source">The source's name, for messages.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">The text is no JSON: id <c>DocumentInvalid</c>, with line and column.</exception>
    DocumentNode ReadJson(string text, string source);

    /// <summary>Reads all documents of a stream, such as Kubernetes manifests separated by <c>---</c>; JSON has one.</summary>
    /// <param name="text">YAML 1.1 or JSON.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <returns>In the order of the text. A document without content is a scalar of null.</returns>
    /// <exception cref="ChaosPS.Errors.ChaosException">The text is no document: id <c>DocumentInvalid</c>, with line and column.</exception>
    IReadOnlyList<DocumentNode> ReadAll(string text, string source);
}
