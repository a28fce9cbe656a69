namespace ChaosPS.Simulation;

/// <summary>A Kubernetes event about an object.</summary>
public sealed class SimulatedEvent : SimulatedObject
{
    internal SimulatedEvent(string @namespace, string name, string uid, DateTimeOffset creationTimestamp)
        : base("Event", @namespace, name, uid, creationTimestamp)
    {
    }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public required string Type { get; init; }

    /// <summary>A machine word for what happened.</summary>
    public required string Reason { get; init; }

    /// <summary>The same for people.</summary>
    public required string Message { get; init; }

    /// <summary>What it is about.</summary>
    public required SimulatedObject InvolvedObject { get; init; }

    /// <summary>The resource version that the object had when it first happened.</summary>
    public required long InvolvedResourceVersion { get; init; }

    /// <summary>Who says so: <c>node-controller</c>, <c>default-scheduler</c>, <c>kubelet</c> …</summary>
    public required string Component { get; init; }

    /// <summary>The node that the component runs on; null for those of the control plane.</summary>
    public string? Host { get; init; }

    /// <summary>For the newer form of events, which the scheduler writes: what was being done (<c>Binding</c>); null for the older form.</summary>
    /// <remarks>The newer form has an event time instead of first and last time, and no source.</remarks>
    public string? Action { get; init; }

    /// <summary>When it first happened.</summary>
    public DateTimeOffset FirstTimestamp => CreationTimestamp;

    /// <summary>When it last happened.</summary>
    public DateTimeOffset LastTimestamp { get; internal set; }

    /// <summary>How often it happened.</summary>
    public int Count { get; internal set; } = 1;
}
