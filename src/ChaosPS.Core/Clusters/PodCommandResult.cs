namespace ChaosPS.Clusters;

/// <summary>What became of a command in a container.</summary>
/// <param name="ExitCode">The command's exit code.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
public sealed record PodCommandResult(int ExitCode, string Output, string Error);
