namespace ChaosPS.Cli;

/// <summary>Where the command line writes: results to <paramref name="Output"/>, everything about them to <paramref name="Error"/>.</summary>
/// <param name="Output">What a pipe gets.</param>
/// <param name="Error">Messages.</param>
/// <param name="Colour">Whether <paramref name="Output"/> shows colours.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool Colour)
{
    /// <summary>The process's own. Colour only on a screen, and never when <c>NO_COLOR</c> is set (https://no-color.org).</summary>
    public static Terminal OfProcess() => new(
        Console.Out, Console.Error, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
}
