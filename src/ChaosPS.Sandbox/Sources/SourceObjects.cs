using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>The objects of a cluster that is to be emulated, and what they do not say themselves.</summary>
internal sealed record SourceObjects
{
    /// <summary>The sandbox's name; hosts are made of it.</summary>
    public required string Name { get; init; }

    /// <summary>The objects, in an order in which they can be made.</summary>
    public required IReadOnlyList<JsonObject> Objects { get; init; }

    /// <summary>The API server's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the objects were as they are.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>When the sandbox's clock starts: what should happen before has happened by then.</summary>
    public required DateTimeOffset StartsAt { get; init; }
}
