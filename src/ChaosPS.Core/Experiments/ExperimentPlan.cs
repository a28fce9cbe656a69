using ChaosPS.Errors;

namespace ChaosPS.Experiments;

/// <summary>What a run would change, found without changing anything.</summary>
/// <param name="Title">The experiment's title, placeholders filled.</param>
/// <param name="Targets">The machines that the actions of method and rollbacks resolve to now; empty when they cannot be resolved.</param>
/// <param name="Refusal">Why the run would not start; null when it would.</param>
public sealed record ExperimentPlan(string Title, IReadOnlyList<ActivityTarget> Targets, ChaosException? Refusal);
