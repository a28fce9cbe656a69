using System.Text.Json.Nodes;
using ChaosPS.Experiments.Controls;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Watches what guards a run, from before anything is touched until the method has been judged.</summary>
internal sealed class SafeguardWatch(RunScope run) : IDisposable
{
    private readonly List<(Safeguard Safeguard, JsonObject Entry)> _guards = [];
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _watching = [];

    /// <summary>Looks at all of them, but for those in the background, until one is not met.</summary>
    /// <returns>Which is not met, and why; null when all are.</returns>
    public async Task<string?> LookFirstAsync(CancellationToken cancellationToken)
    {
        _guards.AddRange(run.Experiment.Safeguards.Select(safeguard => (safeguard, Entry(safeguard))));
        run.Journal.Update(root => root["safeguards"] = new JsonArray([.. _guards.Select(static guard => guard.Entry)]));
        foreach (var (safeguard, entry) in _guards.Where(static guard => !guard.Safeguard.Background))
        {
            if (await LookAsync(safeguard, entry, cancellationToken) is { } notMet) return notMet;
        }

        return null;
    }

    /// <summary>Begins to look at those that are looked at again, and at those in the background.</summary>
    public void Begin(RunInterruption interruption)
    {
        foreach (var (safeguard, entry) in _guards)
        {
            if (safeguard.Background || safeguard.Frequency is not null)
                _watching.Add(run.Time.RunAsync(() => WatchAsync(safeguard, entry, interruption)));
        }
    }

    /// <summary>Looks no more.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        if (_watching.Count > 0) await run.Time.WhenAllAsync(_watching);
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    private async Task WatchAsync(Safeguard safeguard, JsonObject entry, RunInterruption interruption)
    {
        var interval = safeguard.Interval(run.Work.Context.Substitution);
        try
        {
            if (!safeguard.Background) await run.Time.DelayAsync(interval!.Value, _over.Token);
            while (true)
            {
                if (await LookAsync(safeguard, entry, _over.Token) is { } notMet)
                {
                    interruption.Interrupt($"A safeguard was not met. {notMet}");
                    return;
                }

                if (interval is null) return;
                await run.Time.DelayAsync(interval.Value, _over.Token);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // What it guards is over.
        }
    }

    private async Task<string?> LookAsync(Safeguard safeguard, JsonObject entry, CancellationToken cancellationToken)
    {
        var look = await run.Work.LookAsync(safeguard.Probe, cancellationToken);
        if (look.Status == ActivityStatus.Skipped) return null;
        var met = look.ToleranceMet == true;
        run.Journal.Update(_ =>
        {
            entry["checks"] = (int)entry["checks"]! + 1;
            entry["met"] = met;
            if (met) return;
            entry["at"] = Journal.Time(run.Time.GetUtcNow());
            entry["expected"] = look.Expected;
            entry["got"] = look.Got;
            entry["output"] = look.Output;
        });
        return met ? null : look.Unmet;
    }

    private JsonObject Entry(Safeguard safeguard) => new()
    {
        ["name"] = safeguard.Probe.Name,
        ["frequency"] = safeguard.Interval(run.Work.Context.Substitution) is { } interval ? Journal.Seconds(interval) : null,
        ["background"] = safeguard.Background,
        ["checks"] = 0,
        ["met"] = null,
    };
}
