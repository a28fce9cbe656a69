using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Reads the files of Kubernetes objects that an experiment names: of JSON or YAML, by their extension.</summary>
/// <param name="documents">Reads YAML and JSON; null for an experiment that was not read from a text.</param>
/// <param name="workingDirectory">The directory where relative paths are looked for first.</param>
/// <param name="folder">The directory of the experiment's own file, where relative paths are looked for too; null when it has none.</param>
internal sealed class SpecFiles(IDocumentReader? documents, string workingDirectory, string? folder)
{
    /// <summary>The object in a file.</summary>
    /// <exception cref="ChaosException">
    /// There is no such file (<c>FileNotFound</c>), it cannot be read (<c>FileUnreadable</c>), it is no document (<c>DocumentInvalid</c>) or no object
    /// (<c>SpecFileInvalid</c>).
    /// </exception>
    public JsonObject Read(string path) => ReadAny(path) as JsonObject ?? throw ChaosErrors.SpecFileInvalid(path, "it holds no mapping");

    /// <summary>What is in a file, which may be a list too.</summary>
    /// <exception cref="ChaosException">As above.</exception>
    public JsonNode? ReadAny(string path)
    {
        if (Path.GetExtension(path) is not (".json" or ".yaml" or ".yml")) throw ChaosErrors.SpecFileInvalid(path, "its name does not end in .json, .yaml or .yml");
        return ParseAny(Text(path), path);
    }

    /// <summary>The object in a text of YAML or JSON.</summary>
    /// <exception cref="ChaosException">It is no document (<c>DocumentInvalid</c>) or no object (<c>SpecFileInvalid</c>).</exception>
    public JsonObject Parse(string text, string what) => ParseAny(text, what) as JsonObject ?? throw ChaosErrors.SpecFileInvalid(what, "it holds no mapping");

    private JsonNode? ParseAny(string text, string what) => documents is null
        ? throw ChaosErrors.SpecFileInvalid(what, "the experiment was made without a reader of documents")
        : JsonValues.ToJson(DocumentValues.ToValue(documents.Read(text, what)));

    private string Text(string path)
    {
        try
        {
            var here = Path.GetFullPath(path, workingDirectory);
            return File.ReadAllText(File.Exists(here) || folder is null ? here : Path.GetFullPath(path, folder));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ChaosErrors.FileNotFound(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }
    }
}
