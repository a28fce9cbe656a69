namespace ChaosPS.Health;

/// <summary>What one request to the application found.</summary>
public sealed record AppHealthResult
{
    /// <summary>The endpoint's name.</summary>
    public required string Name { get; init; }

    /// <summary>The address.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public required int? StatusCode { get; init; }

    /// <summary>Time until the answer's headers, or until the attempt was given up.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>The statuses that count as healthy.</summary>
    public required IReadOnlyList<int> Tolerance { get; init; }

    /// <summary>Whether the status is one of them.</summary>
    public required bool Healthy { get; init; }

    /// <summary>Why it is not healthy, or <c>OK</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>When the request was sent.</summary>
    public required DateTimeOffset At { get; init; }
}
