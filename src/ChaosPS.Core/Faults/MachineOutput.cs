namespace ChaosPS.Faults;

/// <summary>What a script inside a machine has written.</summary>
/// <param name="StandardOutput">What it has written to its output.</param>
/// <param name="StandardError">What it has written to its errors.</param>
/// <param name="Message">What Azure says of it besides, such as the exit status of one that failed; empty when there is nothing.</param>
public sealed record MachineOutput(string StandardOutput, string StandardError, string Message);
