using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Experiments in files.</summary>
public static class ExperimentFile
{
    /// <summary>Reads an experiment from a file of UTF-8 text.</summary>
    /// <param name="path">The file, as messages name it.</param>
    /// <param name="documents">Reads YAML and JSON.</param>
    /// <exception cref="ChaosException">
    /// No such file, no access to it (ids <c>FileNotFound</c>, <c>FileUnreadable</c>), or no document in it (id <c>DocumentInvalid</c>).
    /// </exception>
    public static Experiment Read(string path, IDocumentReader documents) =>
        ExperimentReader.Read(ReadText(path), path, documents) with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) };

    /// <summary>The text of a file, or the error that says why there is none.</summary>
    internal static string ReadText(string path)
    {
        if (Directory.Exists(path)) throw ChaosErrors.FileIsFolder(path);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ChaosErrors.FileNotFound(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnreadable(path, exception);
        }
    }
}
