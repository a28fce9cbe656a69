namespace ChaosPS.Experiments.Runs;

/// <summary>An activity failed in a way that crashes the Chaos Toolkit's runner, and the run is judged as there.</summary>
internal sealed class ToolkitCrash(string activity, Exception inner) : Exception($"'{activity}' crashed: {inner.Message}", inner);
