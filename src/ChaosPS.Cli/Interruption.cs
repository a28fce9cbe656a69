using System.Runtime.InteropServices;

namespace ChaosPS.Cli;

/// <summary>
/// Turns Ctrl+C, SIGTERM and SIGHUP into a cancelled token while it lives. The process goes on, because what was changed is put back first;
/// every further signal only says what that is waiting for.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly PosixSignal[] s_signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _time;
    private long _first;
    private readonly TerminalLog _log;
    private readonly string _stopping;
    private readonly Func<IReadOnlyList<string>> _left;

    /// <param name="log">Takes what it says.</param>
    /// <param name="stopping">What the first signal leads to, one sentence.</param>
    /// <param name="left">What is going on and what is left at this moment: what a further signal says.</param>
    /// <param name="cancellationToken">Another reason to stop.</param>
    /// <param name="time">Tells signals that come together from those that follow; null means the system's.</param>
    public Interruption(
        TerminalLog log, string stopping, Func<IReadOnlyList<string>> left, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _log = log;
        _stopping = stopping;
        _left = left;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. s_signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Called when SIGTERM follows another signal: whoever sends that kills the process within seconds, as a cancelled pipeline of Azure does.</summary>
    /// <remarks>Not when they come together: <c>timeout</c> sends one to the process and one to its group.</remarks>
    public Action? Hurry { get; init; }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_source.IsCancellationRequested)
        {
            // What has to be done first: the terminal may be gone, or not take any more.
            _first = _time.GetTimestamp();
            _ = _source.CancelAsync();
            _log.Say($"{context.Signal}: {_stopping}");
            return;
        }

        if (context.Signal == PosixSignal.SIGTERM && _time.GetElapsedTime(_first) >= s_together) Hurry?.Invoke();
        foreach (var line in _left()) _log.Say(line);
    }
}
