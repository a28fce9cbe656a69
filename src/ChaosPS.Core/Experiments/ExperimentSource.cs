using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Experiments by what a user names them by: a file, a URL, or their own text.</summary>
public static class ExperimentSource
{
    /// <summary>What an experiment is called that came as a text.</summary>
    private const string TextName = "(text)";

    /// <summary>What an experiment is called that came as an object.</summary>
    private const string ObjectName = "(object)";

    /// <summary>Reads an experiment from a file or from the web.</summary>
    /// <param name="source">The file, as messages name it, or an http or https URL.</param>
    /// <param name="composition">Reads documents and sends requests.</param>
    /// <param name="verifyCertificates">Whether the certificate of an https server must be a trusted one.</param>
    /// <param name="settings">Says who signs in where; null when nothing does.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="ChaosException">See <see cref="ExperimentFile.Read"/>; for URLs the ids that begin with <c>Source</c>.</exception>
    public static async Task<Experiment> ReadAsync(
        string source, IComposition composition, bool verifyCertificates, ToolkitSettings? settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(composition);
        if (!IsUri(source) || File.Exists(source)) return ExperimentFile.Read(source, composition.Documents);
        var download = new ExperimentDownload(
            verifyCertificates ? composition.Http : composition.UnverifiedHttp, composition.Documents, EnvironmentVariables.For(null), settings, TimeProvider.System);
        return await download.ReadAsync(source, cancellationToken);
    }

    /// <summary>Whether a source is an address rather than a path. A Windows drive is no scheme.</summary>
    public static bool IsUri(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.IndexOf("://", StringComparison.Ordinal) is > 1 and var colon && source.AsSpan(0, colon).IndexOfAnyExcept(s_schemeLetters) < 0;
    }

    /// <summary>Whether a text is an experiment itself rather than the name of one: it has lines, or begins as JSON does.</summary>
    public static bool IsText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\n', StringComparison.Ordinal) || text.AsSpan().TrimStart().StartsWith('{');
    }

    /// <summary>Reads an experiment from its text: JSON, or else YAML.</summary>
    /// <exception cref="ChaosException">It is neither: id <c>DocumentInvalid</c>.</exception>
    public static Experiment ReadText(string text, IDocumentReader documents) => ExperimentReader.Read(Parse(text, TextName, documents), TextName, documents);

    /// <summary>Reads an experiment that is an object already: mappings, lists and scalars. Findings name places in it by path.</summary>
    /// <param name="value">The experiment, as <c>IReadOnlyDictionary&lt;string, object?&gt;</c>, <c>IReadOnlyList&lt;object?&gt;</c> and scalars.</param>
    /// <param name="documents">Reads the files that the experiment names.</param>
    public static Experiment ReadObject(object? value, IDocumentReader documents)
    {
        var root = DocumentValues.ToDocument(PythonValue.From(value), out var paths);
        return ExperimentReader.Read(root, ObjectName, documents) with { Paths = paths };
    }

    /// <summary>The document of a text of which nobody says what it is: JSON, or else YAML.</summary>
    internal static DocumentNode Parse(string text, string source, IDocumentReader documents)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(documents);
        if (!text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith('{')) return documents.Read(text, source);
        try
        {
            return documents.ReadJson(text, source);
        }
        catch (ChaosException json)
        {
            try
            {
                return documents.Read(text, source); // YAML can begin with a brace too
            }
            catch (ChaosException)
            {
                throw json;
            }
        }
    }

    private static readonly System.Buffers.SearchValues<char> s_schemeLetters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
