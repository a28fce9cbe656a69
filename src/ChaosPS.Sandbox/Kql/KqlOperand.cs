using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kql;

/// <summary>A side of a comparison.</summary>
internal abstract record KqlOperand
{
    /// <summary>Its value as text; empty when the row has none.</summary>
    public abstract string Text(JsonObject row);
}

/// <summary>A value that stands in the query.</summary>
internal sealed record KqlLiteral(string Value) : KqlOperand
{
    /// <inheritdoc/>
    public override string Text(JsonObject row) => Value;
}

/// <summary>A column, or something inside one: <c>properties.provisioningState</c>, <c>tags['env']</c>, <c>zones[0]</c>.</summary>
internal sealed record KqlPath(IReadOnlyList<KqlPathStep> Steps) : KqlOperand
{
    /// <summary>The name that <c>project</c> gives the column.</summary>
    public string ColumnName => string.Join('_', Steps.Select(step => step.Name ?? step.Index.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The value in a row; null when there is none.</summary>
    public JsonNode? Read(JsonObject row)
    {
        JsonNode? node = row;
        foreach (var step in Steps)
        {
            node = (node, step.Name) switch
            {
                (JsonObject map, { } name) => map[name],
                (JsonArray list, null) when step.Index < list.Count => list[step.Index],
                _ => null,
            };
        }

        return node;
    }

    /// <inheritdoc/>
    public override string Text(JsonObject row) => Read(row) switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var node => node.ToJsonString(),
    };
}

/// <summary>A step into a value: by name into an object, or by index into a list.</summary>
internal readonly record struct KqlPathStep(string? Name, int Index = 0);
