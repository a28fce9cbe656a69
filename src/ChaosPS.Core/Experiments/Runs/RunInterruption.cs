using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Ends a run early: its caller does, or it takes too long, or somebody pulls a stop lever, or something that guards it asks for it.</summary>
internal sealed class RunInterruption(RunScope run, CancellationToken caller) : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
    private readonly CancellationTokenSource _over = new();
    private string? _reason;
    private Task _watching = Task.CompletedTask;

    /// <summary>Ends what is being played.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Why the run was interrupted, the first reason of several; null when its caller did it, or nobody has.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Begins to look at the time and at the levers.</summary>
    public void Begin() => _watching = run.Time.RunAsync(WatchAsync);

    /// <summary>Interrupts the run.</summary>
    public void Interrupt(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _stop.Cancel();
    }

    /// <summary>Looks no more: what follows puts things back, and is not interrupted.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await run.Time.WhenAllAsync([_watching]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        var began = run.Time.GetUtcNow();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var left = run.Options.MaxDuration - (run.Time.GetUtcNow() - began);
                if (left <= TimeSpan.Zero) Interrupt($"The run took longer than {Text.Seconds(run.Options.MaxDuration!.Value)}, the most that it may take.");
                else if (await LeverAsync() is { } lever) Interrupt($"The run was stopped by {lever}.");
                else await run.Time.DelayAsync(left < s_interval ? left.Value : s_interval, _over.Token);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The run has come to its end by itself.
        }
    }

    /// <summary>What stops all runs. A lever that cannot be looked at is not pulled: the run goes on under the rules that let it begin.</summary>
    private async Task<string?> LeverAsync()
    {
        try
        {
            return await run.Gate.StoppedByAsync(_over.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is, it must not come between the run and its undo.
            run.Log.Write(ChaosLogLevel.Verbose, $"The stop lever in the cluster cannot be looked at: {ActivityWork.Describe(exception)}");
            return null;
        }
    }
}
