using System.Runtime.InteropServices;

namespace ChaosPS.Cli;

/// <summary>
/// Turns Ctrl+C, SIGTERM and SIGHUP into a cancelled token while it lives. The process goes on, because what was changed is put back first;
/// every further signal only says what that is waiting for.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly PosixSignal[] s_signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _writer;
    private readonly Func<string?> _left;

    /// <param name="writer">Where it says what it does.</param>
    /// <param name="left">What is going on at this moment.</param>
    /// <param name="cancellationToken">Another reason to stop.</param>
    public Interruption(TextWriter writer, Func<string?> left, CancellationToken cancellationToken)
    {
        _writer = writer;
        _left = left;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. s_signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            _writer.WriteLine($"Still putting back what was changed. Now: {_left() ?? "finishing"}.");
            return;
        }

        _writer.WriteLine($"{context.Signal}: stopping. Rollbacks and undo still run; once more says what they wait for.");
        _source.Cancel();
    }
}
