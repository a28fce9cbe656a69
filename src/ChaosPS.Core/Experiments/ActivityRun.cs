using System.Text.Json.Nodes;

namespace ChaosPS.Experiments;

/// <summary>One activity as it was carried out.</summary>
public sealed record ActivityRun
{
    /// <summary>The part of the run that it belongs to.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>The activity's name.</summary>
    public required string Name { get; init; }

    /// <summary>Probe or action.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required ActivityStatus Status { get; init; }

    /// <summary>When it began, after its pause.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended, before its pause.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>From <see cref="Start"/> to <see cref="End"/>.</summary>
    public TimeSpan Duration => End - Start;

    /// <summary>What it returned, secrets taken out, as it stands in the journal; null when it returned nothing or failed.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>Whether the output is within the tolerance; null when there is none to hold it against.</summary>
    public bool? ToleranceMet { get; init; }

    /// <summary>What the tolerance asks for, such as <c>status 200</c>.</summary>
    public string? Expected { get; init; }

    /// <summary>What it was held against, such as <c>status 503</c>.</summary>
    public string? Got { get; init; }

    /// <summary>Why it failed, was not met or was left out; null when all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of the error that it failed with, or that its tolerance could not be evaluated with; null when there was none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>How often it was carried out until it was within its tolerance, or no longer waited for.</summary>
    internal int Attempts { get; init; } = 1;

    /// <summary>Whether it could not do its work; one that an error cut, where it is judged as the Chaos Toolkit judges, has no status there.</summary>
    internal bool HasFailed => Status == ActivityStatus.Failed || (Status == ActivityStatus.Interrupted && ErrorId is not null);

    /// <summary>Why its tolerance was not met, for people.</summary>
    internal string Unmet => $"'{Name}': expected {Expected}, got {Got}{(Status == ActivityStatus.Succeeded && Reason is not null ? $" ({Reason})" : "")}.";

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
