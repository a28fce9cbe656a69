using System.CommandLine;
using ChaosPS.Cli.Demo;

namespace ChaosPS.Cli;

/// <summary><c>chaosps demo</c>: the workshop, typed at PowerShell on an emulated cluster.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("demo", "The workshop on an emulated AKS cluster: the problem, the experiment, the fix. Touches nothing outside this process.");
        command.SetAction((_, cancellationToken) =>
        {
            using var interruption = new Interruption(
                new TerminalLog(terminal.Error, live: true, verbose: false), "stopping after the statement that runs.",
                static () => ["Still waiting for the statement that runs."], cancellationToken);
            using var session = new DemoSession(terminal.Output, terminal.Colour);
            var script = Path.Combine(AppContext.BaseDirectory, "samples", "workshop.ps1");
            var shown = session.Run(ModuleFolder.Find(AppContext.BaseDirectory), script, interruption.Token);
            return Task.FromResult(shown ? ExitCode.Ok : ExitCode.DemoFailed);
        });
        return command;
    }
}
