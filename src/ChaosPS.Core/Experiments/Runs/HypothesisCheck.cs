namespace ChaosPS.Experiments.Runs;

/// <summary>What one check of the hypothesis has come to.</summary>
/// <param name="NotMet">Which probe was not within its tolerance, and why; null when all were.</param>
/// <param name="ProbeFailed">Whether that probe could not do its work.</param>
/// <param name="Seen">How many probes were carried out.</param>
internal readonly record struct HypothesisCheck(string? NotMet, bool ProbeFailed, int Seen);
