using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Experiments;

/// <summary>Turns plain values into JSON and back.</summary>
internal static class JsonValues
{
    /// <summary>The JSON of a value. What JSON has no form for becomes text.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long number => JsonValue.Create(number),
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        double number when double.IsFinite(number) => Number(number),
        string text => JsonValue.Create(text),
        byte[] bytes => JsonValue.Create(Encoding.UTF8.GetString(bytes)),
        DateOnly or DateTime or DateTimeOffset => JsonValue.Create(PythonValue.Date(value, 'T')),
        IReadOnlyList<object?> list => new JsonArray([.. list.Select(ToJson)]),
        IReadOnlyDictionary<string, object?> map =>
            new JsonObject(map.Select(static entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        _ => JsonValue.Create(PythonValue.Text(value)),
    };

    /// <summary>A float keeps its point, as Python writes it: <c>1.0</c>.</summary>
    private static JsonNode? Number(double number) => JsonNode.Parse(PythonValue.Repr(number));

    /// <summary>The value of JSON; of equal keys the last counts.</summary>
    public static object? FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => FromNumber(element),
        JsonValueKind.Array => element.EnumerateArray().Select(FromJson).ToArray(),
        JsonValueKind.Object => PythonValue.Map(element.EnumerateObject().Select(static p => KeyValuePair.Create(p.Name, FromJson(p.Value)))),
        _ => null,
    };

    private static object FromNumber(JsonElement element)
    {
        var text = element.GetRawText();
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return element.GetDouble();
        if (element.TryGetInt64(out var number)) return number;
        return BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }
}
