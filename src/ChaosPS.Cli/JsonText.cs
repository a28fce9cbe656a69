using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChaosPS.Cli;

/// <summary>How JSON is written: indented, and readable where it is no HTML.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
