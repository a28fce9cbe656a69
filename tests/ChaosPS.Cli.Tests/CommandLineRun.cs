namespace ChaosPS.Cli.Tests;

/// <summary>What a command line wrote and ended with.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLineRun> InvokeAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.InvokeAsync(args, new Terminal(output, error, Colour: false));
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }
}
