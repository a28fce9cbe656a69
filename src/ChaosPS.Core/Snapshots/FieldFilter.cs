using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Snapshots;

/// <summary>Lets through the fields that are on a list, and nothing else.</summary>
/// <remarks>
/// The list is written <c>a,b(c,d),e(*),f()</c>: a is a scalar or an array of scalars; b an object, or an array of objects, of which c and d
/// pass; e an object of which all scalars pass, whatever their names; f an object of which only its being there passes. A value of another shape
/// than its entry does not pass, so nothing hides below a name that is on the list.
/// </remarks>
internal sealed class FieldFilter
{
    private readonly SortedDictionary<string, FieldFilter?> _fields = new(StringComparer.Ordinal);
    private bool _allScalars;

    private FieldFilter()
    {
    }

    /// <summary>Reads a list.</summary>
    public static FieldFilter Parse(string list)
    {
        var position = 0;
        var filter = Read(list, ref position);
        return position == list.Length ? filter : throw new FormatException($"The list of fields is wrong at '{list[position..]}'.");
    }

    /// <summary>A copy of an object with the fields that pass, sorted by name.</summary>
    public JsonObject Apply(JsonElement json)
    {
        var result = new JsonObject();
        if (_allScalars)
        {
            foreach (var property in json.EnumerateObject().Where(static property => IsScalar(property.Value)).OrderBy(static property => property.Name, StringComparer.Ordinal))
                result[property.Name] = JsonValue.Create(property.Value);
            return result;
        }

        foreach (var (name, below) in _fields)
        {
            if (json.TryGetProperty(name, out var value) && Pass(value, below) is { } passed) result[name] = passed;
        }

        return result;
    }

    private static JsonNode? Pass(JsonElement value, FieldFilter? below) => value.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => PassOne(item, below)).OfType<JsonNode>()]),
        _ => PassOne(value, below),
    };

    private static JsonNode? PassOne(JsonElement value, FieldFilter? below) => below is null
        ? IsScalar(value) ? JsonValue.Create(value) : null
        : value.ValueKind == JsonValueKind.Object ? below.Apply(value) : null;

    private static bool IsScalar(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static FieldFilter Read(string list, ref int position)
    {
        var filter = new FieldFilter();
        while (position < list.Length && list[position] != ')')
        {
            var end = list.AsSpan(position).IndexOfAny("(),");
            var name = (end < 0 ? list[position..] : list.Substring(position, end)).Trim();
            position = end < 0 ? list.Length : position + end;
            if (name == "*")
            {
                filter._allScalars = true;
            }
            else if (position < list.Length && list[position] == '(')
            {
                position++;
                filter._fields.Add(name, Read(list, ref position));
                position++; // the closing bracket
            }
            else if (name.Length > 0)
            {
                filter._fields.Add(name, null);
            }

            if (position < list.Length && list[position] == ',') position++;
        }

        return filter;
    }
}
