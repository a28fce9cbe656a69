namespace ChaosPS.Clusters;

/// <summary>Which objects of a list are wanted; without anything, all.</summary>
/// <param name="LabelSelector">As kubectl's <c>--selector</c> takes it; null for any labels.</param>
/// <param name="FieldSelector">As kubectl's <c>--field-selector</c> takes it; null for any.</param>
/// <param name="Limit">At most so many, 1 or more; null for all.</param>
public sealed record ObjectQuery(string? LabelSelector = null, string? FieldSelector = null, int? Limit = null)
{
    /// <summary>The one object of that name, as a list: who may list need not be allowed to get.</summary>
    public static ObjectQuery Named(string name) => new(FieldSelector: $"metadata.name={name}");
}
