using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>
/// Sees, for as long as a run is at work, the signals that PowerShell does not pass on: the second Ctrl+C, for a pipeline is stopped once only,
/// and SIGTERM and SIGHUP, of which a process dies.
/// </summary>
/// <remarks>
/// Of SIGTERM and SIGHUP the process dies all the same, only not before everything is put back: until then their handler does not return. Ctrl+C
/// stops the pipeline, also in a host that would have died of it.
/// </remarks>
internal sealed class RunSignals : IDisposable
{
    private static readonly PosixSignal[] s_signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    /// <summary>Signals that come within this are one: <c>timeout</c> sends one to the process and one to its group.</summary>
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(1);

    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PSHostUserInterface? _ui;
    private readonly Action _stop;
    private readonly UndoControl _undo;
    private readonly Func<string, string?, string> _restore;
    private int _seen;
    private long _first;

    /// <param name="ui">Takes what it says.</param>
    /// <param name="stop">Interrupts the run.</param>
    /// <param name="undo">The run's undo.</param>
    /// <param name="restore">The command that restores a run, from its id and state directory.</param>
    public RunSignals(PSHostUserInterface? ui, Action stop, UndoControl undo, Func<string, string?, string> restore)
    {
        _ui = ui;
        _stop = stop;
        _undo = undo;
        _restore = restore;
        _registrations = [.. s_signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Whether a signal came: nothing of the pipeline shall go on.</summary>
    public bool Came => Volatile.Read(ref _seen) > 0;

    /// <summary>Lets go of the signals that came.</summary>
    public void Dispose()
    {
        _over.TrySetResult();
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // The host has a handler of its own for Ctrl+C, which may come after this one: it must not be held up.
        var signal = context.Signal;
        context.Cancel |= signal == PosixSignal.SIGINT;
        if (Interlocked.Increment(ref _seen) == 1)
        {
            Volatile.Write(ref _first, TimeProvider.System.GetTimestamp());
            _stop();
            HostLine.Write(_ui, $"{signal}: stopping. What was changed is put back; once more says what is left.");
        }
        else
        {
            // Whoever sends SIGTERM after something else kills the process within seconds, as a cancelled pipeline of Azure does.
            if (signal == PosixSignal.SIGTERM && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _first)) >= s_together) _undo.Hurry();
            HostLine.Write(_ui, "Still putting back what was changed.");
            foreach (var line in _undo.Describe(_restore)) HostLine.Write(_ui, line);
        }

        if (!context.Cancel) _over.Task.Wait();
    }
}
