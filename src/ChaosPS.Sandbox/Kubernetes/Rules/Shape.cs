using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Requests;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>Refuses an object that a real API server would not decode, as far as the sandbox reads it: fields of another type than they have.</summary>
/// <param name="manifest">The object.</param>
internal sealed class Shape(JsonObject manifest)
{
    /// <summary>An object that must be there.</summary>
    public JsonObject Need(JsonObject parent, string name) =>
        parent[name] as JsonObject ?? throw RequestBody.Unreadable(manifest, $"{name} is missing or of another type");

    /// <summary>An object that may be missing: then an empty one.</summary>
    public JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is { } value and not JsonObject) throw RequestBody.Unreadable(manifest, $"{name} is of another type: {value.ToJsonString()}");
        return parent[name] as JsonObject ?? [];
    }

    /// <summary>The objects of a list that may be missing.</summary>
    public IEnumerable<JsonObject> Objects(JsonObject parent, string name) =>
        List(parent, name).Select(item => item as JsonObject ?? throw RequestBody.Unreadable(manifest, $"an item of {name} is no object")).ToArray();

    /// <summary>A list that may be missing.</summary>
    public JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is { } value and not JsonArray) throw RequestBody.Unreadable(manifest, $"{name} is of another type: {value.ToJsonString()}");
        return parent[name] as JsonArray ?? [];
    }

    /// <summary>Texts that may be missing.</summary>
    public void Texts(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent[name] is { } value && value.GetValueKind() != JsonValueKind.String) throw RequestBody.Unreadable(manifest, $"{name} is no text: {value.ToJsonString()}");
        }
    }

    /// <summary>Lists of texts that may be missing.</summary>
    public void ListsOfTexts(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (List(parent, name).Any(item => item?.GetValueKind() != JsonValueKind.String)) throw RequestBody.Unreadable(manifest, $"an item of {name} is no text");
        }
    }

    /// <summary>Maps from texts to texts that may be missing.</summary>
    public void Maps(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var (key, value) in Object(parent, name))
            {
                if (value?.GetValueKind() != JsonValueKind.String) throw RequestBody.Unreadable(manifest, $"{name}.{key} is no text: {value?.ToJsonString() ?? "null"}");
            }
        }
    }

    /// <summary>32-bit integers that may be missing.</summary>
    public void Counts(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent[name] is { } value && !IsInt32(value)) throw RequestBody.Unreadable(manifest, $"{name} is no 32-bit integer: {value.ToJsonString()}");
        }
    }

    /// <summary>Yes or no, or missing.</summary>
    public void Flags(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent[name]?.GetValueKind() is not (null or JsonValueKind.True or JsonValueKind.False)) throw RequestBody.Unreadable(manifest, $"{name} is neither true nor false");
        }
    }

    /// <summary>Numbers or percentages that may be missing.</summary>
    public void CountsOrPercents(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent[name] is not { } value || IsInt32(value)) continue;
            var isPercent = value.GetValueKind() == JsonValueKind.String && value.ToString() is [.. var digits, '%'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            if (!isPercent) throw RequestBody.Unreadable(manifest, $"{name} is neither a number nor a percentage: {value.ToJsonString()}");
        }
    }

    /// <summary>Maps from resources to quantities that may be missing.</summary>
    public void Quantities(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var (resource, quantity) in Object(parent, name))
            {
                if (quantity?.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number) || !KubernetesQuantity.TryParse(quantity.ToString(), out _))
                {
                    throw RequestBody.Unreadable(manifest, $"the {name} of {resource} is no quantity: {quantity?.ToJsonString() ?? "null"}");
                }
            }
        }
    }

    /// <summary>A label selector that may be missing.</summary>
    public void Selector(JsonObject parent, string name)
    {
        var selector = Object(parent, name);
        Maps(selector, "matchLabels");
        foreach (var expression in Objects(selector, "matchExpressions")) Texts(expression, "key", "operator");
    }

    /// <summary>The metadata that every object has.</summary>
    public void Metadata(JsonObject metadata)
    {
        Texts(metadata, "name", "generateName", "namespace", "uid", "resourceVersion");
        Maps(metadata, "labels", "annotations");
        foreach (var reference in Objects(metadata, "ownerReferences"))
        {
            Texts(reference, "apiVersion", "kind", "name", "uid");
            Flags(reference, "controller", "blockOwnerDeletion");
        }

        ListsOfTexts(metadata, "finalizers");
    }

    /// <summary>Whether a value is a 32-bit integer.</summary>
    public static bool IsInt32(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out _);
}
