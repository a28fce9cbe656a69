using System.Text.Json.Serialization;

namespace ChaosPS.Sandboxes;

/// <summary>A fault of a sandbox's platform, as it is now.</summary>
public sealed record SandboxFault
{
    /// <summary>How much longer a start takes under <see cref="SandboxFaultKind.SlowStart"/> where nothing else is said.</summary>
    public static TimeSpan UsualDelay { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Its number in the sandbox, from 1; 0 before it is there.</summary>
    public int Id { get; init; }

    /// <summary>What goes wrong.</summary>
    public required SandboxFaultKind Fault { get; init; }

    /// <summary>The one API that it is in front of; null for both, and for faults of machines.</summary>
    public SandboxFaultTarget? Target { get; init; }

    /// <summary>The nodes whose machines it hits, with <c>*</c> and <c>?</c>; null for all, and for faults that hit no machines.</summary>
    public string? NodeName { get; init; }

    /// <summary>How many requests, or operations, it still hits; null for as many as come.</summary>
    public int? Count { get; init; }

    /// <summary>When it ends by itself, in the sandbox's time; null when it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For <see cref="SandboxFaultKind.SlowStart"/>: how much longer a start takes; null otherwise.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>For <see cref="SandboxFaultKind.Refusal"/> and <see cref="SandboxFaultKind.FailedOperation"/>: Azure's error code; null for the usual one.</summary>
    public string? Code { get; init; }

    /// <summary>How many requests, or operations, it has hit.</summary>
    public int Hits { get; init; }

    /// <summary>Whether it is about what Azure does with machines, not about answers as such.</summary>
    [JsonIgnore]
    public bool IsOfMachines => Fault is SandboxFaultKind.FailedOperation or SandboxFaultKind.CanceledOperation or SandboxFaultKind.LostOperation
        or SandboxFaultKind.SlowStart or SandboxFaultKind.Refusal or SandboxFaultKind.LocationOnly or SandboxFaultKind.StatusOnly;

    /// <summary>What it is, for people: <c>Throttling of Azure</c>.</summary>
    public override string ToString() => $"{Fault}{(Target is { } target ? $" of {target}" : "")}{(NodeName is { } node ? $" of {node}" : "")}";
}
