using ChaosPS.Clusters;

namespace ChaosPS.Experiments;

/// <summary>A machine that an action was resolved to.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Action">What it does to the machine.</param>
/// <param name="Instance">The machine, as it was when the run began.</param>
public sealed record ActivityTarget(RunPhase Phase, string Activity, PowerAction Action, ScaleSetInstance Instance);
