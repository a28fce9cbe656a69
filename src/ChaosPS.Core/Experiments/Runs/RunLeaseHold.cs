using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Runs;

/// <summary>Sees to it that no two runs are at work on one machine, as far as runs are marked.</summary>
internal sealed class RunLeaseHold(RunScope run) : IDisposable
{
    private static readonly TimeSpan s_releaseTimeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _over = new();
    private LeaseKeeper? _lease;
    private Task _renewing = Task.CompletedTask;

    /// <summary>Looks for other runs on the targets, and marks this one when it is to be marked.</summary>
    /// <exception cref="ChaosException">Another run holds a target, or has left it changed, or the mark cannot be written.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        string[] targets = [.. run.Work.Context.All.Select(static target => target.Id).Distinct()];
        if (targets.Length == 0) return;
        try
        {
            await LeaseKeeper.CheckAsync(run.Connection, targets, cancellationToken);
        }
        catch (ChaosException exception) when (exception.Kind == ErrorKind.PermissionDenied && !run.Options.Lease)
        {
            run.Log.Write(ChaosLogLevel.Verbose, $"Whether other runs are at work on the targets cannot be read: {exception.Message}");
        }

        if (!run.Options.Lease) return;
        var lease = new LeaseKeeper(run.Connection, run.Recovery, targets, run.Log);
        _lease = lease; // from here on it is taken away in the end, also when nobody saw the answer to its writing
        await lease.BeginAsync(cancellationToken);
        run.Changes.AnnounceBy(lease);
        _renewing = run.Time.RunAsync(() => lease.KeepAsync(_over.Token));
    }

    /// <summary>Takes the mark away.</summary>
    /// <param name="complete">Whether everything was put back; otherwise the mark stays for whoever does it.</param>
    public async Task ReleaseAsync(bool complete)
    {
        if (_lease is null) return;
        await _over.CancelAsync();
        await run.Time.WhenAllAsync([_renewing]);
        using var limit = new CancellationTokenSource(s_releaseTimeout, run.Time);
        await _lease.ReleaseAsync(complete, limit.Token);
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();
}
