using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>Writes values as YAML or JSON.</summary>
internal static partial class NodeWriter
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a value takes one line in either style.</summary>
    public static bool IsSimple(JsonNode? value) => value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 });

    /// <summary>A scalar, or an empty collection.</summary>
    /// <param name="value">The value.</param>
    /// <param name="quote">How the text before it is quoted.</param>
    public static string Simple(JsonNode? value, char quote = '\0') => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue scalar when scalar.TryGetValue(out string? text) => Text(text, quote),
        _ => value.ToJsonString(s_json),
    };

    /// <summary>A key.</summary>
    public static string Key(string key) => Text(key, '\0');

    /// <summary>An entry of a mapping in lines of block style, each as it stands behind the mapping's own indentation.</summary>
    public static IEnumerable<string> Entry(string key, JsonNode? value, TextLayout layout)
    {
        if (IsSimple(value)) return [$"{Key(key)}: {Simple(value)}"];
        return value is JsonObject
            ? [$"{Key(key)}:", .. Indented(Lines(value, layout), layout.Step)]
            : [$"{Key(key)}:", .. Indented(Lines(value, layout), layout.DashOffset)];
    }

    /// <summary>A value in lines of block style.</summary>
    public static IReadOnlyList<string> Lines(JsonNode? value, TextLayout layout) => value switch
    {
        JsonObject { Count: > 0 } members => [.. members.SelectMany(member => Entry(member.Key, member.Value, layout))],
        JsonArray { Count: > 0 } items => [.. items.SelectMany(item => Item(item, layout))],
        _ => [Simple(value)],
    };

    /// <summary>An item of a list in lines of block style.</summary>
    public static IEnumerable<string> Item(JsonNode? value, TextLayout layout)
    {
        var lines = Lines(value, layout);
        return [$"-{new string(' ', layout.ContentOffset - 1)}{lines[0]}", .. Indented(lines.Skip(1), layout.ContentOffset)];
    }

    private static IEnumerable<string> Indented(IEnumerable<string> lines, int columns) => lines.Select(line => new string(' ', columns) + line);

    /// <summary>A value in one line, with brackets.</summary>
    /// <param name="value">The value.</param>
    /// <param name="style">As its surroundings are written.</param>
    public static string Flow(JsonNode? value, FlowStyle style) => value switch
    {
        JsonObject { Count: > 0 } members => $"{{{style.Padding}{string.Join(style.Comma, members.Select(member => FlowEntry(member.Key, member.Value, style)))}{style.Padding}}}",
        JsonArray { Count: > 0 } items => $"[{string.Join(style.Comma, items.Select(item => Flow(item, style)))}]",
        _ when style.IsJson => value is null ? "null" : value.ToJsonString(s_json),
        _ => Simple(value),
    };

    /// <summary>An entry of a mapping in brackets.</summary>
    public static string FlowEntry(string key, JsonNode? value, FlowStyle style) =>
        style.IsJson ? $"{JsonSerializer.Serialize(key, s_json)}{style.Colon}{Flow(value, style)}" : $"{Key(key)}: {Flow(value, style)}";

    /// <summary>A value as JSON over several lines; the first begins where it is put.</summary>
    public static IReadOnlyList<string> Pretty(JsonNode? value, FlowStyle style)
    {
        if (IsSimple(value)) return [Flow(value, style)];
        List<string> lines = [value is JsonObject ? "{" : "["];
        var parts = value is JsonObject members
            ? members.Select(member => PrettyEntry(member.Key, member.Value, style))
            : ((JsonArray)value!).Select(item => Pretty(item, style));
        foreach (var part in parts)
        {
            if (lines.Count > 1) lines[^1] += ",";
            lines.AddRange(part.Select(line => style.Indent + line));
        }

        lines.Add(value is JsonObject ? "}" : "]");
        return lines;
    }

    /// <summary>An entry of a JSON object over several lines.</summary>
    public static IReadOnlyList<string> PrettyEntry(string key, JsonNode? value, FlowStyle style)
    {
        var lines = Pretty(value, style);
        return [$"{JsonSerializer.Serialize(key, s_json)}{style.Colon}{lines[0]}", .. lines.Skip(1)];
    }

    /// <summary>A text: plain where every reader of YAML takes it for text, else quoted.</summary>
    private static string Text(string text, char quote)
    {
        if (quote == '"') return JsonSerializer.Serialize(text, s_json);
        if (quote == '\'' && text.All(static c => c is >= ' ' and <= '~')) return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return Plain().IsMatch(text) && YamlScalar.Resolve(text) == "str" && !Ambiguous().IsMatch(text) ? text : JsonSerializer.Serialize(text, s_json);
    }

    [GeneratedRegex(@"^(?:[A-Za-z_/][A-Za-z0-9_./-]*|[0-9]{1,4}%)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary>What some readers take for a boolean or for nothing, and PyYAML for text.</summary>
    [GeneratedRegex(@"^(?:[yYnN]|[tT]rue|[fF]alse|[nN]ull)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ambiguous();
}

/// <summary>How a collection with brackets is written.</summary>
/// <param name="IsJson">With quoted keys.</param>
/// <param name="Padding">What stands inside of braces.</param>
/// <param name="Comma">Comma and what follows it.</param>
/// <param name="Colon">Colon and what follows it.</param>
/// <param name="Indent">What a line is further in than the one around it.</param>
internal sealed record FlowStyle(bool IsJson, string Padding, string Comma, string Colon, string Indent);
