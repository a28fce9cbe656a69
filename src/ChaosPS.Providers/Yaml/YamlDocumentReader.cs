using ChaosPS.Errors;
using ChaosPS.Ports;
using YamlDotNet.Core;

namespace ChaosPS.Providers.Yaml;

/// <summary>Reads YAML as PyYAML's safe loader does, and JSON by JSON's own rules when the source's name ends in <c>.json</c>.</summary>
/// <remarks>
/// What is read as in PyYAML: the scalars of YAML 1.1, merge keys, aliases, the last of equal keys, no second document, no unknown tags,
/// no tabs between tokens; in texts of several documents, which are Kubernetes', tabs may stand within lines as kubectl takes them. What is not: <c>!!binary</c>, <c>!!set</c>, <c>!!omap</c> and <c>!!pairs</c>, which a journal could not
/// hold, are refused, and a plain <c>=</c> or <c>&lt;&lt;</c> as a value, which PyYAML cannot load, is text.
/// </remarks>
public sealed class YamlDocumentReader : IDocumentReader
{
    /// <summary>How deep sequences and mappings may be nested.</summary>
    internal const int DeepestNesting = 200;

    /// <inheritdoc/>
    public DocumentNode Read(string text, string source) =>
        Read(text, source, hasTabs: false, static composer => composer.Compose(), static document => document);

    /// <inheritdoc/>
    public DocumentNode ReadJson(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        return new JsonDocumentParser(text.TrimStart('\uFEFF'), source).Parse();
    }

    /// <inheritdoc/>
    public IReadOnlyList<DocumentNode> ReadAll(string text, string source) =>
        Read<IReadOnlyList<DocumentNode>>(text, source, hasTabs: true, static composer => composer.ComposeAll(), static document => [document]);

    private static T Read<T>(string text, string source, bool hasTabs, Func<YamlComposer, T> compose, Func<DocumentNode, T> fromJson)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (source.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return fromJson(new JsonDocumentParser(text, source).Parse());

        YamlCharacters.Check(text, source, hasTabs);
        var composer = new YamlComposer(text, source);
        try
        {
            return compose(composer);
        }
        catch (YamlException exception)
        {
            throw ChaosErrors.DocumentInvalid(source, Number(exception.Start.Line), Number(exception.Start.Column), Reason(exception), exception);
        }
        catch (Exception exception) when (IsUnforeseen(exception))
        {
            // What it then throws says nothing to a reader.
            throw ChaosErrors.DocumentInvalid(
                source, composer.Line, composer.Column, "this cannot be read as YAML: a bracket, brace or quote may be missing here or before", exception);
        }
    }

    /// <summary>Whether the parser stumbled: its own checks do not cover every malformed text.</summary>
    internal static bool IsUnforeseen(Exception exception) =>
        exception is ArgumentException or InvalidOperationException or FormatException or OverflowException;

    private static int Number(long position) => (int)Math.Max(1, position);

    /// <summary>The parser's words start with what it was doing ("While parsing a …, "), which helps nobody else.</summary>
    private static string Reason(YamlException exception)
    {
        var message = exception.Message.TrimEnd('.');
        if (message.StartsWith("While ", StringComparison.Ordinal) && message.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma)
        {
            message = message[(comma + 2)..];
        }

        return message;
    }
}
