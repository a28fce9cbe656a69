using System.Text.Json.Nodes;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Runs;

/// <summary>Writes down what became of a run.</summary>
internal static class RunEnding
{
    /// <summary>Ends the journal and the recovery log.</summary>
    public static ChaosRun End(RunScope run, DateTimeOffset start, UndoResult undo)
    {
        var end = run.Time.GetUtcNow();
        var played = run.Player.Played();
        var prediction = run.Prediction.Compare();
        var (outcome, reason) = run.Verdict.Worst();
        if (outcome == RunOutcome.Passed) (outcome, reason) = Pretence.Judge(run.Experiment, run.Options.Dry, played);
        var (status, deviated, exitCode) = (run.Verdict.Status(played), run.Verdict.Deviated, run.Verdict.ExitCode(outcome, undo));
        run.Journal.Update(root =>
        {
            root["status"] = status;
            root["deviated"] = deviated;
            root["end"] = Journal.Time(end);
            root["duration"] = Journal.Seconds(end - start);
            root["outcome"] = outcome.ToString();
            root["exit_code"] = exitCode;
            root["error_id"] = run.Verdict.ErrorId ?? run.Verdict.CrashId;
            root["reason"] = reason;
            root["undo"] = new JsonObject
            {
                ["complete"] = undo.Complete,
                ["steps"] = new JsonArray([.. undo.Steps.Select(static step => JsonValue.Create(step))]),
                ["remaining"] = new JsonArray([.. undo.Remaining.Select(static step => JsonValue.Create(step))]),
            };
        });
        run.Journal.End();
        run.Changes.End(outcome.ToString());
        run.Log.Progress(run.Title, outcome.ToString(), 100, completed: true);
        if (prediction is not null) run.Log.Write(ChaosLogLevel.Information, $"Prediction: {prediction}");
        run.Log.Write(ChaosLogLevel.Information, $"The experiment ended: {outcome}.");
        return new ChaosRun
        {
            Outcome = outcome,
            ExitCode = exitCode,
            Dry = run.Options.Dry,
            Title = run.Title,
            Source = run.Experiment.Source,
            RunId = run.Recovery.RunId,
            Start = start,
            End = end,
            Status = status,
            Deviated = deviated,
            Reason = reason,
            ErrorId = run.Verdict.ErrorId ?? run.Verdict.CrashId,
            Activities = played,
            Targets = run.Work.Context.All,
            UndoSteps = undo.Steps,
            Journal = run.Journal.Content,
            JournalPath = run.Journal.FilePath,
            Prediction = prediction,
        };
    }
}
