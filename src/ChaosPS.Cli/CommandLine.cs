using System.CommandLine;
using System.CommandLine.Help;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Cli;

/// <summary>The command line <c>chaosps</c>.</summary>
internal static class CommandLine
{
    /// <summary>The longest line of a help page: what most terminals show, and a page in a pipe too.</summary>
    private const int HelpWidth = 100;

    /// <summary>Runs a command; the result is the process's exit code.</summary>
    public static async Task<int> InvokeAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var root = new Command("chaosps", "Chaos engineering for applications on Kubernetes nodes.")
        {
            new HelpOption { Action = new HelpAction { MaxWidth = HelpWidth } },
            new VersionOption(),
            RunCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            RestoreCommand.Create(terminal),
            SandboxCommand.Create(terminal),
            DemoCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours: a stopped run puts everything back first
        };
        try
        {
            var exitCode = await parsed.InvokeAsync(configuration, cancellationToken);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;
        }
        catch (ChaosException exception)
        {
            terminal.Error.WriteLine($"error {exception.ErrorId}: {exception.Message}");
            if (exception.RecommendedAction is { } action) terminal.Error.WriteLine($"  {action}");
            return RunArguments.IsJudgedAsThere(parsed) ? ExitCode.ToolkitFailed : ExitCode.Of(exception);
        }
        catch (OperationCanceledException)
        {
            new TerminalLog(terminal.Error, live: true, verbose: false).Say("Interrupted before anything was touched.");
            return (int)RunOutcome.Interrupted;
        }
        catch (Exception exception)
        {
            terminal.Error.WriteLine($"chaosps itself failed; please report this: {exception}");
            return ExitCode.Defect;
        }
    }
}
