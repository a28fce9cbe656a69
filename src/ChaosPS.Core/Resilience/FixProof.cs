namespace ChaosPS.Resilience;

/// <summary>What simulations say of one candidate.</summary>
/// <param name="Failure">What is against it; null where it has stood all.</param>
/// <param name="FailedGoal">What <see cref="Failure"/> does not survive; null where a rollout does not come to its end.</param>
internal sealed record FixProof(RejectedChange? Failure, ResilienceGoal? FailedGoal)
{
    /// <summary>Whether it has stood the first loss, and fails in a second one after the return of what was lost.</summary>
    public bool FailsAgain { get; init; }

    /// <summary>The longest that no ready pod runs.</summary>
    public TimeSpan Down { get; init; }

    /// <summary>The longest that some, but not all, run.</summary>
    public TimeSpan Degraded { get; init; }

    /// <summary>How many simulations of losses, drains and rollouts it took.</summary>
    public int Simulations { get; init; }
}
