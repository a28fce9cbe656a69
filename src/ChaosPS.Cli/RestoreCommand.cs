using System.CommandLine;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Cli;

/// <summary><c>chaosps restore</c>: puts back what runs have left changed, whatever became of their processes.</summary>
internal static class RestoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var ids = new Argument<string[]>("run")
        {
            Description = "Ids of runs. Default: every run whose process is gone and that left something to put back.",
            HelpName = "RUNID",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var cluster = new ClusterArguments();
        var lease = new Option<bool>("--lease") { Description = "Put back what runs of other machines left, by their Leases in the cluster." };
        var force = new Option<bool>("--force") { Description = "With --lease: put it back. Without, what would be put back is only said." };
        var timeout = new Option<double?>("--timeout")
        {
            Description = "How many seconds each run's undo may take at most.",
            HelpName = "SECONDS",
            CustomParser = Amounts.Seconds,
            DefaultValueFactory = static _ => 1200,
        };
        var command = new Command("restore", "Put back what runs have left changed. Exit code: 0 nothing is left, 7 something is left.");
        command.Arguments.Add(ids);
        cluster.AddTo(command);
        command.Options.Add(lease);
        command.Options.Add(force);
        command.Options.Add(timeout);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var complete = true;
            var store = new RunStore(cluster.StatePath(parsed));
            var log = new TerminalLog(terminal.Error, live: true, cluster.Verbose(parsed));
            using var interruption = new Interruption(
                log, "stopping. What is left can be put back later.", () => [$"Still stopping. Now: {log.Current ?? "finishing"}."], cancellationToken);
            var chosen = await cluster.ConnectChosenAsync(parsed, log, interruption.Token);
            var wanted = parsed.GetValue(lease) ? await FindLeasedAsync()
                : parsed.GetValue(ids) is { Length: > 0 } named ? [.. named.Select(store.Get)]
                : store.Unfinished(unreadable: Unreadable);
            var results = new JsonArray();
            foreach (var run in wanted)
            {
                var restored = await RestoreAsync(run);
                complete &= restored.Complete;
                if (cluster.Json(parsed)) results.Add(ToJson(restored));
                else Write(terminal.Output, restored);
            }

            if (cluster.Json(parsed)) terminal.Output.WriteLine(results.ToJsonString(JsonText.Options));
            else if (wanted.Count == 0 && complete) terminal.Output.WriteLine("Nothing is left to put back.");
            return complete ? ExitCode.Ok : (int)RunOutcome.RollbackIncomplete;

            async Task<IReadOnlyList<RecordedRun>> FindLeasedAsync()
            {
                chosen ??= await cluster.ConnectAsync(parsed, log, interruption.Token);
                var marked = await chosen.Time.RunAsync(() => store.ListLeasedAsync(chosen, interruption.Token));
                if (parsed.GetValue(ids) is { Length: > 0 } named)
                    return [.. named.Select(id => marked.FirstOrDefault(run => run.RunId == id) ?? throw ChaosErrors.RunNotFound(id, $"the Leases of {chosen.Name}"))];
                foreach (var busy in marked.Where(static run => run.State == RunState.Running))
                    terminal.Error.WriteLine($"{busy.RunId} is left alone: it is at work on {busy.MachineName}, or died there less than a minute ago.");
                return [.. marked.Where(static run => run.State != RunState.Running)];
            }

            // What a log that cannot be opened left is not known.
            void Unreadable(ChaosException exception)
            {
                complete = false;
                terminal.Error.WriteLine($"error {exception.ErrorId}: {exception.Message}");
                terminal.Error.WriteLine($"  {exception.RecommendedAction}");
            }

            // One run that cannot be restored must not keep the others from being restored.
            async Task<RestoredRun> RestoreAsync(RecordedRun run)
            {
                try
                {
                    if (run.FromLease && !parsed.GetValue(force)) throw ChaosErrors.LeaseUnconfirmed(run, null);
                    if (run.IsOfFiles) return await RunRecovery.RestoreFilesAsync(run, log, interruption.Token);
                    var connection = chosen ?? await cluster.ConnectAsync(run.Origin, interruption.Token);
                    return await RunRecovery.RestoreAsync(run, connection, TimeSpan.FromSeconds(parsed.GetValue(timeout)!.Value), log, interruption.Token);
                }
                catch (ChaosException exception)
                {
                    return RestoredRun.Failed(run, exception);
                }
                catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
                {
                    return RestoredRun.Failed(run, ChaosErrors.RestoreInterrupted(run.RunId));
                }
            }
        });
        return command;
    }

    private static void Write(TextWriter writer, RestoredRun run)
    {
        writer.WriteLine($"{run.RunId} ({run.Command}) on {(run.Cluster.Length == 0 ? "files" : run.Cluster)}: {(run.Complete ? "complete" : "INCOMPLETE")}");
        foreach (var step in run.Steps) writer.WriteLine($"  {step}");
        foreach (var remaining in run.Remaining) writer.WriteLine($"  LEFT: {remaining}");
    }

    private static JsonObject ToJson(RestoredRun run) => new()
    {
        ["runId"] = run.RunId,
        ["command"] = run.Command,
        ["cluster"] = run.Cluster,
        ["complete"] = run.Complete,
        ["steps"] = new JsonArray([.. run.Steps.Select(static step => JsonValue.Create(step))]),
        ["remaining"] = new JsonArray([.. run.Remaining.Select(static step => JsonValue.Create(step))]),
    };
}
