using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Runs;

/// <summary>All that has to be known before anything is touched.</summary>
internal sealed class RunPreparation(RunScope run, RunLeaseHold lease)
{
    /// <summary>Finds out what is still open, and whether the run may begin.</summary>
    /// <returns>Whether it may.</returns>
    public async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await run.Gate.StoppedByAsync(cancellationToken) is { } lever) throw ChaosErrors.StopLeverPulled(run.Title, lever);
            await ConfigureAsync(cancellationToken);
            Control();
            await ResolveAsync(cancellationToken);
            await lease.TakeAsync(cancellationToken);
            return true;
        }
        catch (ChaosException refusal)
        {
            run.Verdict.Refused(refusal);
            return false;
        }
    }

    /// <summary>Plays the probes of the configuration. What they answer is in the placeholders from then on.</summary>
    private async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        if (run.Experiment.DynamicConfiguration.Count == 0) return;
        var (configuration, missing) = await DynamicConfiguration.LoadAsync(run.Experiment, run.Values, run.Work.Context, cancellationToken);
        if (missing.Count > 0)
        {
            var problem = ChaosErrors.ConfigurationNotFound(string.Join("; ", missing.Select(static item => $"'{item.Key}': {item.Reason}")));
            if (!run.JudgedAsThere) throw problem;
            run.Log.Write(ChaosLogLevel.Warning, problem.Message);
        }

        run.Work.Context = run.Work.Context with { Substitution = new Substitution(configuration, run.Values.Secrets) };
        run.Title = run.Redactor.Redact(PythonValue.Text(run.Work.Context.Substitution.Apply(run.Experiment.Title)));
        run.Journal.Update(root => root["experiment"]!["title"] = run.Title);
    }

    /// <summary>Finds out what controls make of the activities. What is left out, or goes without its control, is said at once.</summary>
    private void Control()
    {
        if (run.Experiment.AllControls.Count == 0) return;
        var controls = ControlPlan.Create(run.Experiment, run.Options, run.Work.Context.Substitution);
        foreach (var skipped in controls.Skipped)
            run.Log.Write(ChaosLogLevel.Warning, $"The run goes without the control '{skipped}' ({skipped.Module}), which this version does not apply.");
        foreach (var bypassed in controls.Bypassed)
            run.Log.Write(ChaosLogLevel.Warning, $"The control '{bypassed.Key}' leaves out {string.Join(", ", bypassed.Select(static name => $"'{name}'"))}.");
        run.Work.Controls = controls;
        run.Journal.Update(root => root["controls"] = controls.ToJson());
    }

    /// <summary>Finds the targets of all actions, also of the rollbacks, before any of them touches anything.</summary>
    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        var work = run.Work;
        foreach (var (activity, targets) in await TargetResolver.ResolveAsync(
            run.Experiment, run.Connection, run.Options, run.Gate, work.Context.Substitution, work.Controls, run.Values.Secrets, work.Context.Azure, run.Log,
            cancellationToken))
        {
            work.Targets[activity] = targets;
            foreach (var target in targets) run.Log.Write(ChaosLogLevel.Verbose, $"'{target.Activity}' will {target} ({target.FullName}).");
        }

        work.Context = work.Context with { All = [.. work.Targets.Values.SelectMany(static targets => targets)] };
        run.Journal.Update(root => root["targets"] = new JsonArray([.. work.Context.All.Select(JournalParts.Target)]));
    }
}
