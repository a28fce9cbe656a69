namespace ChaosPS.Clusters.Schema;

/// <summary>Whether a field has one value, or a list or map of them.</summary>
internal enum FieldShape
{
    /// <summary>One value.</summary>
    Single,

    /// <summary>A list.</summary>
    List,

    /// <summary>A map from text.</summary>
    Map,
}

/// <summary>A field of a type of the API.</summary>
/// <param name="Number">Its number in protobuf messages.</param>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Shape">Whether it has one value, or a list or map of them.</param>
/// <param name="Scalar">What a value is, such as <c>string</c>, <c>int</c>, <c>quantity</c>; the name of its type when it has fields itself.</param>
internal sealed record ApiField(int Number, string Name, FieldShape Shape, string Scalar)
{
    /// <summary>The type of a value that has fields itself; null for any other value.</summary>
    public ApiType? Type { get; set; }

    /// <summary>Whether protobuf writes a value as a number of variable length.</summary>
    public bool IsNumber { get; } = Scalar is "int" or "bool";

    /// <summary>Whether a missing value is another thing than zero or empty.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it has to be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the fields of the value stand in place of the field.</summary>
    public bool IsInline { get; init; }

    /// <summary>How a strategic merge patch treats a list: <c>merge</c>, <c>retainKeys</c>, both with a comma; empty: it is replaced.</summary>
    public string PatchStrategy { get; init; } = "";

    /// <summary>Whether a strategic merge patch adds to a list instead of replacing it.</summary>
    public bool MergesInPatch => PatchStrategy.StartsWith("merge", StringComparison.Ordinal);

    /// <summary>The key by which a strategic merge patch matches the items of a list; null for items that are plain values.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>How server-side apply treats a list or a map: <c>map</c>, <c>set</c>, <c>atomic</c>; empty when nothing is said.</summary>
    public string ListType { get; init; } = "";

    /// <summary>The keys by which server-side apply matches the items of a list.</summary>
    public IReadOnlyList<string> ListKeys { get; init; } = [];
}
