using System.Collections.Concurrent;
using System.Management.Automation.Host;
using ChaosPS.Ports;

namespace ChaosPS.Commands;

/// <summary>
/// Where asynchronous work says what it does: a queue that the pipeline thread empties. Any thread can write.
/// </summary>
/// <remarks>
/// After a pipeline stop PowerShell takes no records any more, so what work that is being undone has to tell a user (warnings and
/// information) goes to the host itself.
/// </remarks>
public sealed class CommandSink : IChaosLog, IDisposable
{
    private readonly BlockingCollection<SinkRecord> _records = [];
    private readonly PSHostUserInterface? _ui;
    private readonly CancellationToken _stop;

    internal CommandSink(PSHostUserInterface? ui, CancellationToken stop)
    {
        _ui = ui;
        _stop = stop;
    }

    /// <summary>The records, as they come, until the work is over.</summary>
    internal IEnumerable<SinkRecord> Records
    {
        get
        {
            foreach (var record in _records.GetConsumingEnumerable())
            {
                if (_stop.IsCancellationRequested) ShowAfterStop(record);
                else yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    /// <inheritdoc/>
    public void Write(ChaosLogLevel level, string message) => Add(new SinkRecord.Message(level, message));

    /// <inheritdoc/>
    public void Progress(string activity, string status, int? percent, bool completed) =>
        Add(new SinkRecord.Progress(activity, status.Length > 0 ? status : activity, percent, completed));

    /// <summary>Ends <see cref="Records"/> when the work is over.</summary>
    internal void CompleteWith(Task work) =>
        _ = work.ContinueWith(
            static (_, state) => ((BlockingCollection<SinkRecord>)state!).CompleteAdding(),
            _records, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Waits for interrupted work, whose outcome nobody asks for any more.</summary>
    internal void WaitForEnd()
    {
        foreach (var record in _records.GetConsumingEnumerable()) ShowAfterStop(record);
    }

    private void Add(SinkRecord record)
    {
        try
        {
            _records.Add(record, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            // The work is over: a stray callback of its has nobody to talk to, and must not bring the process down.
        }
    }

    private void ShowAfterStop(SinkRecord record)
    {
        if (record is not SinkRecord.Message message) return;
        if (message.Level == ChaosLogLevel.Warning) HostLine.Warn(_ui, message.Text);
        else if (message.Level == ChaosLogLevel.Information) HostLine.Write(_ui, message.Text);
    }
}
