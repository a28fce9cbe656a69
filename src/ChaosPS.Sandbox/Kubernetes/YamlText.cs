using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>Writes JSON as YAML in block style, members in the order of their names as the API server does.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions s_quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document.</summary>
    public static string Write(JsonObject json)
    {
        var text = new StringBuilder();
        Map(text, json, indent: 0);
        return text.ToString();
    }

    private static void Map(StringBuilder text, JsonObject map, int indent, bool isInLine = false)
    {
        foreach (var (name, value) in map.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            if (!isInLine) text.Append(' ', indent);
            isInLine = false;
            text.Append(Scalar(name)).Append(':');
            Value(text, value, value is JsonArray ? indent : indent + 2);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                Map(text.Append('\n'), map, indent);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list) Item(text, item, indent);
                break;
            default:
                text.Append(' ').Append(Leaf(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is JsonObject { Count: > 0 } map) Map(text.Append(' '), map, indent + 2, isInLine: true);
        else Value(text, item, indent + 2);
    }

    private static string Leaf(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue leaf when leaf.GetValueKind() == JsonValueKind.String => Scalar(leaf.ToString()),
        _ => value.ToJsonString(),
    };

    /// <summary>A text without quotes only where no reader can take it for anything else.</summary>
    private static string Scalar(string text) =>
        Plain().IsMatch(text) && !Special().IsMatch(text) ? text : JsonSerializer.Serialize(text, s_quoted);

    [GeneratedRegex(@"^[A-Za-z_/][\w./\-]*(?: [\w./\-]+)*\z", RegexOptions.ECMAScript)]
    private static partial Regex Plain();

    /// <summary>What YAML 1.1 or 1.2 reads as null, yes, no, or a number.</summary>
    [GeneratedRegex(@"^(?:null|true|false|yes|no|on|off|y|n|_[\d_.]*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Special();
}
