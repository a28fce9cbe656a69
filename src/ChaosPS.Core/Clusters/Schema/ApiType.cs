namespace ChaosPS.Clusters.Schema;

/// <summary>A type of the API.</summary>
/// <param name="apiVersion">The apiVersion that it belongs to; <c>meta/v1</c> for what all have in common.</param>
/// <param name="name">Its name; of the type of an object: the kind.</param>
/// <param name="model">Its name in OpenAPI.</param>
/// <param name="isAtomic">Whether server-side apply treats its values as one.</param>
internal sealed class ApiType(string apiVersion, string name, string model, bool isAtomic)
{
    /// <summary>The apiVersion that it belongs to; <c>meta/v1</c> for what all have in common.</summary>
    public string ApiVersion => apiVersion;

    /// <summary>Its name; of the type of an object: the kind.</summary>
    public string Name => name;

    /// <summary>Its name in OpenAPI, such as <c>io.k8s.api.core.v1.Pod</c>.</summary>
    public string Model => model;

    /// <summary>Whether server-side apply treats its values as one: their fields cannot belong to different people.</summary>
    public bool IsAtomic => isAtomic;

    /// <summary>Its fields.</summary>
    public List<ApiField> Fields { get; } = [];

    /// <summary>Its fields at the places of their numbers in protobuf messages, which are small; null where there is none of a number.</summary>
    public ApiField?[] ByNumber => field ??= Place(Fields);

    /// <summary>Its fields by their names in JSON, those of inline fields among them.</summary>
    public Dictionary<string, ApiField> ByName => field ??= Fields
        .SelectMany(known => known.IsInline ? (IEnumerable<ApiField>)known.Type!.ByName.Values : [known])
        .ToDictionary(known => known.Name);

    /// <summary>The inline fields by the names of the fields that stand in their place.</summary>
    public Dictionary<string, ApiField> InlineByName => field ??= Fields
        .Where(known => known.IsInline)
        .SelectMany(known => known.Type!.ByName.Keys.Select(name => (Name: name, Field: known)))
        .ToDictionary(known => known.Name, known => known.Field);

    private static ApiField?[] Place(List<ApiField> fields)
    {
        var places = new ApiField?[fields.Count == 0 ? 0 : fields.Max(static field => field.Number) + 1];
        foreach (var field in fields) places[field.Number] = field;
        return places;
    }
}
