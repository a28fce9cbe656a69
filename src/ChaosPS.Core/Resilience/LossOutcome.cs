namespace ChaosPS.Resilience;

/// <summary>What a loss does to one workload: of all runs together.</summary>
internal sealed record LossOutcome
{
    /// <summary>How long no ready pod runs, whatever the API says.</summary>
    public required DurationInterval Down { get; init; }

    /// <summary>How long some pods run, but fewer than before.</summary>
    public required DurationInterval Degraded { get; init; }

    /// <summary>
    /// The share of calls to its Services from inside the cluster that fail while it is degraded, 0 to 1: the mean over that time, in the likely run. Null
    /// where no Service leads to it, and where it is degraded for less than a second.
    /// </summary>
    public required double? FailingShare { get; init; }

    /// <summary>Whether as many pods as before are ready again in the end, in every run.</summary>
    public required bool Recovers { get; init; }

    /// <summary>Whether a ready pod is there in the end, in every run.</summary>
    public bool Returns { get; init; } = true;

    /// <summary>The most pods, of all runs, that have no node in the end.</summary>
    public required int Pending { get; init; }

    /// <summary>Why the scheduler finds none for them, in its words; null when all have one.</summary>
    public required string? PendingReason { get; init; }

    /// <summary>What a StatefulSet's names or a volume wait for, or what has freed them; null where nothing has to be freed.</summary>
    public required string? FreedBy { get; init; }

    /// <summary>How many times it was simulated.</summary>
    public required int Runs { get; init; }

    /// <summary>How long every call to one of its Services fails, at worst.</summary>
    public TimeSpan Unanswered { get; init; }

    /// <summary>How long calls fail, each moment by the share of them, at worst: half of the calls for ten seconds are five.</summary>
    public TimeSpan Failed { get; init; }

    /// <summary>Whether what happened has come to its end, in every run: a rollout, a drain.</summary>
    public bool Ends { get; init; } = true;

    /// <summary>Why it has not, in the API's words; null where it has.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether a ready pod is left all the time, in every run.</summary>
    public bool Survives => Down.Worst == TimeSpan.Zero;
}
