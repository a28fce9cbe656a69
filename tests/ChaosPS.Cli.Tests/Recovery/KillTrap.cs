using System.Diagnostics;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>Kills the process of a run at one moment, and lets nothing of it through from then on.</summary>
/// <param name="point">The moment.</param>
/// <param name="logLength">How long the run's log is.</param>
internal sealed class KillTrap(KillPoint point, Func<long> logLength) : Obstacle
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<Process> _victim = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _length;

    /// <summary>Whether the moment came.</summary>
    public bool Sprung { get; private set; }

    /// <summary>How many requests have arrived.</summary>
    public int Requests { get; private set; }

    /// <summary>How many times the log had grown when a request arrived.</summary>
    public int Growths { get; private set; }

    /// <summary>The first request that the log had announced: the line before says what the run is.</summary>
    public int FirstAnnounced { get; private set; }

    /// <summary>How long the log was before what no request has followed yet.</summary>
    public long AnnouncedLength { get; private set; }

    /// <summary>Names the process, once it has been started.</summary>
    public void Set(Process victim) => _victim.SetResult(victim);

    public override async Task ArrivedAsync(SeenRequest request)
    {
        lock (_lock)
        {
            if (Sprung) throw Broken();
            Requests++;
            var length = logLength();
            var grown = length > _length;
            if (grown) Growths++;
            if (grown && Growths == 2) FirstAnnounced = request.Number;
            AnnouncedLength = _length;
            _length = length;
            Sprung = point.Phase switch
            {
                KillPhase.Unprocessed => request.Number == point.At,
                KillPhase.Writing => grown && Growths == point.At,
                _ => false,
            };
            if (!Sprung) return;
        }

        await KillAsync();
    }

    public override async Task ProcessedAsync(SeenRequest request)
    {
        if (point.Phase != KillPhase.Unanswered || request.Number != point.At) return;
        lock (_lock) Sprung = true;
        await KillAsync();
    }

    public override void Answered(SeenRequest request)
    {
        if (point.Phase != KillPhase.Answered || request.Number != point.At) return;
        lock (_lock) Sprung = true;
        _victim.Task.Result.Kill();
    }

    /// <summary>It is dead before its connection breaks: it has nothing to wonder about.</summary>
    private async Task KillAsync()
    {
        var victim = await _victim.Task;
        victim.Kill();
        await victim.WaitForExitAsync();
        throw Broken();
    }
}
