namespace ChaosPS.Safety;

/// <summary>The mark of a run in the cluster that it changes: a Lease of the namespace <c>default</c>, which other machines see.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/architecture/leases/ .</remarks>
public sealed record RunLease
{
    /// <summary>How long a mark holds that is not renewed.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>Who runs it: machine and process.</summary>
    public required string Holder { get; init; }

    /// <summary>When it was last renewed, by the clock of the cluster's connection.</summary>
    public required DateTimeOffset RenewTime { get; init; }

    /// <summary>The Azure resource ids of the machines that the run may change.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The run's recovery log, as far as it is written.</summary>
    public required string Log { get; init; }

    /// <summary>Whether somebody still renews it.</summary>
    public bool IsHeld(DateTimeOffset now) => now < RenewTime + Duration;
}
