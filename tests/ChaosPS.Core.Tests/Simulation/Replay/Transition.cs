namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>One change of one field of one object, as recordings and simulations both write it.</summary>
/// <param name="At">When.</param>
/// <param name="Object">Kind and name; a generated name is replaced by one that says which of its kind it is.</param>
/// <param name="Field">The field, <c>ADDED</c>, <c>DELETED</c>, or an event's type, reason and source.</param>
/// <param name="Old">Before; null when it was not there.</param>
/// <param name="New">After; an event's text.</param>
internal sealed record Transition(DateTimeOffset At, string Object, string Field, string? Old, string? New)
{
    public const string Added = "ADDED";
    public const string Deleted = "DELETED";

    /// <summary>What a watcher sees beside: how often an event was seen, what a new object began with. Null where it is not known.</summary>
    public string? Detail { get; init; }

    /// <summary>The times in the new value. Null where they are not known.</summary>
    public IReadOnlyList<DateTimeOffset>? Times { get; init; }

    public bool IsEvent => Field.StartsWith("event ", StringComparison.Ordinal);

    /// <summary>What happened, without the time.</summary>
    public string What => IsEvent ? $"{Object} {Field}: {New}" : $"{Object} {Field}: {Old ?? "-"} -> {New ?? "-"}";

    public override string ToString() => $"{At:HH:mm:ss.fff} {What}";
}
