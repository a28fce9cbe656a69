using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>Where a value stands, as far as the schema knows: what parts it has, and whether they can belong to different people.</summary>
/// <param name="Type">The type of an object; null for any other value, and for what the schema does not know.</param>
/// <param name="Field">The field that the value is of; null for an object of the API, and for an item of a list or map.</param>
internal readonly record struct ApiPlace(ApiType? Type, ApiField? Field = null)
{
    /// <summary>Whether the value is in an object of a type without a schema: then objects have parts, and lists are values.</summary>
    private bool IsFree { get; init; }

    /// <summary>The place of an object that says what it is.</summary>
    public static ApiPlace Of(JsonObject json) => ApiSchema.Of(json) is { } type ? new ApiPlace(type) : new ApiPlace(null) { IsFree = true };

    /// <summary>Whether the value is one, although it has parts.</summary>
    public bool IsWhole => !IsFree && (Field?.ListType == "atomic" || (Field?.Shape is null or FieldShape.Single && Type?.IsAtomic == true));

    /// <summary>Whether it is a list of values, each of which may be somebody else's.</summary>
    public bool IsSet => Field?.ListType == "set";

    /// <summary>The members that tell the items of a list apart; none for a list that is one value.</summary>
    public IReadOnlyList<string> Keys => Field?.ListKeys ?? [];

    /// <summary>The place of an item of a list or map.</summary>
    public ApiPlace Item => new(Type) { IsFree = IsFree };

    /// <summary>The place of a member of an object.</summary>
    public ApiPlace Member(string name)
    {
        if (IsFree || Field?.Shape == FieldShape.Map) return Item;
        return Type?.ByName.GetValueOrDefault(name) is { } field ? new ApiPlace(field.Type, field) : default;
    }
}
