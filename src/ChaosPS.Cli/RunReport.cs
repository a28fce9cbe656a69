using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Cli;

/// <summary>A finished run for people: what was asked and answered, what was changed, what came of it.</summary>
internal static class RunReport
{
    public static void Write(TextWriter writer, ChaosRun run, string cluster)
    {
        writer.WriteLine(run.Title);
        writer.WriteLine($"{run.Source} on {cluster}");
        var width = run.Activities.Select(static activity => activity.Name.Length).DefaultIfEmpty().Max();
        foreach (var phase in run.Activities.GroupBy(static activity => activity.Phase))
        {
            writer.WriteLine();
            writer.WriteLine(Heading(phase.Key));
            foreach (var activity in phase)
                writer.WriteLine($"  {Mark(activity)}  {activity.Name.PadRight(width)}  {Detail(run, activity)}".TrimEnd());
        }

        if (run.UndoSteps.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine("Undo");
            foreach (var step in run.UndoSteps) writer.WriteLine($"  {step}");
        }

        if (run.Prediction is { } prediction)
        {
            writer.WriteLine();
            writer.WriteLine($"Prediction: {prediction}");
        }

        writer.WriteLine();
        writer.WriteLine($"{run.Outcome} after {Text.Seconds(run.Duration)}{(run.Reason is null ? "" : $": {run.Reason}")}");
        writer.WriteLine($"journal: {run.JournalPath}");
    }

    private static string Heading(RunPhase phase) => phase switch
    {
        RunPhase.Before => "Steady state before",
        RunPhase.Method => "Method",
        RunPhase.During => "Steady state during the method",
        RunPhase.After => "Steady state after",
        _ => "Rollbacks",
    };

    private static string Mark(ActivityRun activity) => activity switch
    {
        { Status: ActivityStatus.Interrupted } => "stopped",
        { Status: ActivityStatus.Skipped } => activity.Reason is null ? "dry    " : "bypass ",
        { ToleranceMet: true } => "met    ",
        { ToleranceMet: false } => "NOT MET",
        { Status: ActivityStatus.Failed } => "failed ",
        _ => "done   ",
    };

    private static string Detail(ChaosRun run, ActivityRun activity)
    {
        List<string> parts = [];
        var targets = run.Targets.Where(target => target.Phase == activity.Phase && target.Activity == activity.Name)
            .Select(static target => target.ToString());
        parts.AddRange(targets);
        if (activity.Expected is { } expected) parts.Add($"expected {expected}, got {activity.Got ?? activity.Reason ?? "nothing"}");
        else if (activity.Reason is { } reason) parts.Add(reason);
        parts.Add(Text.Seconds(activity.Duration));
        return string.Join(", ", parts);
    }
}
