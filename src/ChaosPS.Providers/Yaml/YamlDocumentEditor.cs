using ChaosPS.Ports;
using ChaosPS.Providers.Yaml.Editing;

namespace ChaosPS.Providers.Yaml;

/// <summary>Changes fields in the text of YAML and JSON where they stand.</summary>
public sealed class YamlDocumentEditor : IDocumentEditor
{
    /// <inheritdoc/>
    public IReadOnlyList<TextSplice> Edit(string text, string source, IReadOnlyList<FieldEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(edits);
        _ = new YamlDocumentReader().ReadAll(text, source); // says what is wrong with the text, and where
        return DocumentEditor.Edit(text, source, edits);
    }
}
