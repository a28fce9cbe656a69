namespace ChaosPS.Ports;

/// <summary>What kind of cluster a connection leads to.</summary>
public enum ConnectionKind
{
    /// <summary>A real cluster, through a kubeconfig context.</summary>
    Cluster,

    /// <summary>An emulated cluster.</summary>
    Sandbox,
}

/// <summary>A way to one cluster, its machines and its application, and the clock that all of them share.</summary>
public sealed class ChaosConnection
{
    /// <summary>The name that people use: the kubeconfig context or the sandbox.</summary>
    public required string Name { get; init; }

    /// <summary>The API server's address.</summary>
    public required string Server { get; init; }

    /// <summary>Real or emulated.</summary>
    public required ConnectionKind Kind { get; init; }

    /// <summary>How it was found, so that another process can find the same cluster.</summary>
    public ConnectionOrigin Origin { get; init; } = new();

    /// <summary>The Kubernetes API.</summary>
    public required ICluster Cluster { get; init; }

    /// <summary>The machines.</summary>
    public required INodePower Power { get; init; }

    /// <summary>Sends the probes' requests. It has no time-out of its own: whoever sends brings one.</summary>
    public required HttpMessageInvoker Http { get; init; }

    /// <summary>The hosts that a sandbox serves: nothing else is to be reached from it. Null for a real cluster.</summary>
    public IReadOnlyList<string>? ServedHosts { get; init; }

    /// <summary>The way to hosts that a sandbox does not serve, for runs that may use it; null for a real cluster.</summary>
    public HttpMessageInvoker? ExternalHttp { get; init; }

    /// <summary>The clock: everything that waits or looks at the time uses this one.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Variables that come before the process environment: the sandbox brings the ones that point at it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
