using System.CommandLine;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Cli;

/// <summary><c>chaosps run</c>: runs an experiment and ends with its outcome as exit code.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new ExperimentArguments();
        var running = new RunArguments();
        var command = new Command("run", "Run an experiment. Exit code: 0 passed, 1 deviated, 2 usage, 3 invalid definition, "
            + "4 not started, 5 activity failed, 6 interrupted, 7 rollback incomplete, 8 untested; 0 for a dry run.");
        arguments.AddTo(command);
        running.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var experiment = await arguments.ReadAsync(parsed, cancellationToken);
            var quiet = new TerminalLog(terminal.Error, live: false, arguments.Verbose(parsed));
            var log = quiet;
            using var undo = new UndoControl();
            using var interruption = new Interruption(
                quiet, "stopping. What was changed is put back; once more says what is left.", () => Left(log.Current, undo), cancellationToken)
            {
                Hurry = undo.Hurry,
            };
            var connection = await arguments.ConnectAsync(parsed, quiet, interruption.Token);
            var options = running.Options(parsed, arguments, experiment, undo);

            // Where time jumps over every wait the report is there at once; elsewhere it is minutes away.
            log = new TerminalLog(terminal.Error, live: connection.Time is not VirtualClock, arguments.Verbose(parsed));
            var run = await ExperimentRunner.RunAsync(experiment, connection, options, log, interruption.Token);
            try
            {
                if (arguments.Json(parsed)) terminal.Output.WriteLine(run.Journal.ToJsonString(JsonText.Options));
                else RunReport.Write(terminal.Output, run, Describe(connection, options));
            }
            catch (IOException exception)
            {
                // Of a terminal that was closed, or a disk that is full; what has become of the run is known all the same.
                log.Say($"warning: the report cannot be written: {exception.Message} The journal has all of it: {run.JournalPath}");
            }

            return run.ExitCode;
        });
        return command;
    }

    private static IReadOnlyList<string> Left(string? now, UndoControl undo) =>
    [
        $"Still putting back what was changed. Now: {now ?? "finishing"}.",
        .. undo.Describe(static (id, state) => $"chaosps restore {id}{(state is null ? "" : $" --state-path '{state}'")}"),
    ];

    private static string Describe(ChaosConnection connection, RunOptions options) =>
        connection.Kind != ConnectionKind.Sandbox ? $"cluster {connection.Name}"
        : connection.Origin.Sandbox is { } uri ? $"sandbox {connection.Name} at {uri.GetLeftPart(UriPartial.Authority)}"
        : $"sandbox {connection.Name}, seed {options.Seed}";
}
