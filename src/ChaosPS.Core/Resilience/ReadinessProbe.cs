namespace ChaosPS.Resilience;

/// <summary>How a kubelet is to find out that a container is ready: it calls the address, or only opens the port.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Port">The number, or the name, of one of its ports.</param>
public sealed record ReadinessProbe(string Container, string Port)
{
    /// <summary>The path of an HTTP call that must answer 200 to 399; null to open the port only (<c>tcpSocket</c>).</summary>
    public string? HttpPath { get; init; }

    /// <summary>Seconds between two probes.</summary>
    public int PeriodSeconds { get; init; } = 5;

    /// <summary>As a manifest has it, in a line.</summary>
    public override string ToString() => HttpPath is null ? $"tcpSocket {Port} every {PeriodSeconds} s" : $"httpGet {HttpPath} on {Port} every {PeriodSeconds} s";
}
