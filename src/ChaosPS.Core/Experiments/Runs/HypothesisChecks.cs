using System.Text.Json.Nodes;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Checks the steady-state hypothesis of a run.</summary>
internal sealed class HypothesisChecks(RunScope run)
{
    /// <summary>Whether it is checked before the method.</summary>
    public bool Before => run.HypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.BeforeMethodOnly or HypothesisStrategy.Continuously;

    /// <summary>Whether it is checked while the method is played.</summary>
    public bool During =>
        run.Experiment.Hypothesis is not null && run.HypothesisStrategy is HypothesisStrategy.DuringMethodOnly or HypothesisStrategy.Continuously;

    /// <summary>Whether it is checked after the method.</summary>
    public bool After => run.HypothesisStrategy is HypothesisStrategy.Default or HypothesisStrategy.AfterMethodOnly or HypothesisStrategy.Continuously;

    /// <summary>Checks it once: each probe in order, until one is not within its tolerance.</summary>
    public async Task<HypothesisCheck> CheckAsync(RunPhase phase, CancellationToken cancellationToken)
    {
        if (run.Experiment.Hypothesis is not { } hypothesis) return default;
        run.Log.Write(phase == RunPhase.During ? ChaosLogLevel.Verbose : ChaosLogLevel.Information, $"Steady-state hypothesis: {hypothesis.Title}");
        var state = new JsonObject { ["steady_state_met"] = null, ["probes"] = new JsonArray() };
        run.Journal.Update(root =>
        {
            var states = root["steady_states"]!;
            if (phase == RunPhase.During) states["during"]!.AsArray().Add(state);
            else states[phase == RunPhase.Before ? "before" : "after"] = state;
        });
        var check = default(HypothesisCheck);
        foreach (var probe in hypothesis.Probes)
        {
            var played = await run.Player.PlayAsync(phase, probe, (JsonArray)state["probes"]!, cancellationToken);
            check = check with { Seen = check.Seen + (played.Status == ActivityStatus.Skipped ? 0 : 1) };
            if (played.ToleranceMet == true) continue;
            check = check with { NotMet = played.Unmet, ProbeFailed = played.Status == ActivityStatus.Failed };
            break;
        }

        run.Journal.Update(_ => state["steady_state_met"] = check.NotMet is null);
        if (phase != RunPhase.During && check.NotMet is null) run.Log.Write(ChaosLogLevel.Information, Met(check.Seen, hypothesis.Probes.Count));
        return check;
    }

    /// <summary>Checks it again and again.</summary>
    /// <param name="method">Ends the method, where a check that is not met is to.</param>
    /// <param name="over">Fires when the method is over.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task CheckUntilAsync(CancellationTokenSource method, CancellationToken over, CancellationToken cancellationToken)
    {
        var (checks, failures) = (0, 0);
        string? first = null;
        try
        {
            while (!over.IsCancellationRequested)
            {
                var check = await CheckAsync(RunPhase.During, cancellationToken);
                checks++;
                if (check.NotMet is { } notMet)
                {
                    failures++;
                    first ??= notMet;
                    if (run.Options.FailFast)
                    {
                        run.Verdict.Toolkit.FailFast();
                        if (!run.JudgedAsThere) await method.CancelAsync(); // there, the activity that is being played is played to its end
                        break;
                    }
                }
                else if (checks == 1 && check.Seen > 0)
                {
                    run.Verdict.SteadyBefore = true;
                }

                await run.Time.DelayAsync(run.Options.HypothesisFrequency, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The method is over.
        }
        catch (ToolkitCrash crash)
        {
            run.Verdict.MethodCrashed(crash);
        }

        if (first is not null)
            run.Verdict.Setback(RunOutcome.Deviated, $"The steady state was not met in {failures} of {checks} checks while the method was played. The first: {first}");
    }

    /// <summary>Looks at it without a place in the journal.</summary>
    /// <returns>Which probe is not within its tolerance, and why; null when all are.</returns>
    public async Task<string?> LookAsync(CancellationToken cancellationToken)
    {
        foreach (var probe in run.Experiment.Hypothesis?.Probes ?? [])
        {
            var look = await run.Work.LookAsync(probe, cancellationToken);
            if (look.Status != ActivityStatus.Skipped && look.ToleranceMet != true) return look.Unmet;
        }

        return null;
    }

    /// <summary>What was not looked at was not met either.</summary>
    private static string Met(int seen, int all) =>
        seen == all ? "The steady state is met."
        : seen == 0 ? "The steady state was not looked at: its probes were not carried out."
        : $"The steady state is met as far as it was looked at: {all - seen} of {all} probes were not carried out.";
}
