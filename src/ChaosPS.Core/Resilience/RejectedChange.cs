namespace ChaosPS.Resilience;

/// <summary>A change that costs no more than the one that was chosen, and what simulations showed against it.</summary>
/// <param name="Description">The change, in words.</param>
/// <param name="Cost">What it would take.</param>
/// <param name="Goal">What it does not survive.</param>
/// <param name="Counterexample">The loss or rollout that it fails in, and how: one that was simulated.</param>
/// <param name="Down">How long no ready pod runs then; zero where it fails otherwise.</param>
public sealed record RejectedChange(string Description, FixCost Cost, ResilienceGoal Goal, string Counterexample, TimeSpan Down)
{
    /// <summary>The change and what is against it.</summary>
    public override string ToString() => $"{Description}: {Counterexample}";
}
