namespace ChaosPS.Experiments;

/// <summary>What came of holding a value against a tolerance.</summary>
/// <param name="Met">Whether it is within; false when that cannot be told.</param>
/// <param name="Expected">What the tolerance asks for, such as <c>status 200</c>.</param>
/// <param name="Got">What it was held against, such as <c>status 503</c>.</param>
/// <param name="Problem">Why it cannot be told; null when it can.</param>
internal sealed record ToleranceVerdict(bool Met, string Expected, string Got, string? Problem = null);
