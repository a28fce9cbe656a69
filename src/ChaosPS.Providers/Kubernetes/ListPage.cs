using System.Text.Json;
using ChaosPS.Clusters;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is made of each item.</typeparam>
internal sealed class ListPage<T>
{
    /// <summary>The items.</summary>
    public List<T> Items { get; } = [];

    /// <summary>What the next part is asked for with; empty when this is the last.</summary>
    public string Continue { get; set; } = "";

    /// <summary>The version of the list: from here on a watch tells of every change.</summary>
    public string ResourceVersion { get; set; } = "";

    /// <summary>Reads a list in JSON.</summary>
    /// <exception cref="InvalidDataException">It is no list.</exception>
    public static ListPage<T> Read(JsonElement list, Action<JsonElement, List<T>> add)
    {
        if (list.ValueKind != JsonValueKind.Object || !list.TryGetProperty("items", out var items)) throw new InvalidDataException("it has no items");
        var fields = new ApiFields(list);
        var page = new ListPage<T>
        {
            Continue = fields.Text("metadata", "continue") ?? "",
            ResourceVersion = fields.Text("metadata", "resourceVersion") ?? "",
        };
        if (items.ValueKind != JsonValueKind.Array) return page; // an empty list may be null
        foreach (var item in items.EnumerateArray()) add(item, page.Items);
        return page;
    }
}
