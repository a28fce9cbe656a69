namespace ChaosPS.Simulation;

/// <summary>What all objects of the simulated API have.</summary>
public abstract class SimulatedObject
{
    private protected SimulatedObject(string kind, string @namespace, string name, string uid, DateTimeOffset creationTimestamp)
    {
        Kind = kind;
        Namespace = @namespace;
        Name = name;
        Uid = uid;
        CreationTimestamp = creationTimestamp;
    }

    /// <summary>The kind, such as <c>Pod</c>.</summary>
    public string Kind { get; }

    /// <summary>The namespace; empty for nodes.</summary>
    public string Namespace { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The uid.</summary>
    public string Uid { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreationTimestamp { get; }

    /// <summary>The cluster-wide number of its last change.</summary>
    public long ResourceVersion { get; internal set; }

    /// <summary>How often its spec has changed, beginning with 1.</summary>
    public long Generation { get; internal set; } = 1;

    /// <summary>When its deletion is to be finished; null while nobody wants it deleted.</summary>
    public DateTimeOffset? DeletionTimestamp { get; internal set; }

    /// <summary>The grace that the deletion grants, seconds.</summary>
    public long? DeletionGracePeriodSeconds { get; internal set; }

    /// <summary>Whether its deletion has begun.</summary>
    public bool Terminating => DeletionTimestamp is not null;

    /// <summary>Whether it is no longer in the API: a controller that still speaks of it is late.</summary>
    internal bool IsGone { get; set; }

    /// <summary>kind/namespace/name.</summary>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";
}
