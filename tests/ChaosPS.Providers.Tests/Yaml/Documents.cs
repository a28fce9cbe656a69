using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Yaml;

namespace ChaosPS.Providers.Tests.Yaml;

internal static class Documents
{
    private static readonly YamlDocumentReader s_reader = new();
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static DocumentNode Read(string text, string source = "experiment.yaml") => s_reader.Read(text, source);

    public static ChaosException Error(string text, string source = "experiment.yaml")
    {
        var error = Assert.Throws<ChaosException>(() => Read(text, source));
        Assert.Equal("DocumentInvalid", error.ErrorId);
        return error;
    }

    /// <summary>A node in short: <c>{a: long 1}</c>.</summary>
    public static string Show(DocumentNode node) => node switch
    {
        DocumentMapping mapping => "{" + string.Join(", ", mapping.Entries.Select(entry => $"{Show(entry.Key)}: {Show(entry.Value)}")) + "}",
        DocumentSequence sequence => "[" + string.Join(", ", sequence.Items.Select(Show)) + "]",
        DocumentScalar { Value: null } => "null",
        DocumentScalar { Value: string text } => JsonSerializer.Serialize(text, s_readable),
        DocumentScalar { Value: bool flag } => flag ? "true" : "false",
        DocumentScalar { Value: double number } => "double " + number.ToString("R", CultureInfo.InvariantCulture),
        DocumentScalar { Value: DateOnly date } => "date " + date.ToString("O", CultureInfo.InvariantCulture),
        DocumentScalar { Value: DateTime time } => "time " + time.ToString("O", CultureInfo.InvariantCulture),
        DocumentScalar { Value: DateTimeOffset time } => "time " + time.ToString("O", CultureInfo.InvariantCulture),
        DocumentScalar { Value: IFormattable number } => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "?",
    };
}
