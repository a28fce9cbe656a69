using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Host;
using ChaosPS.Ports;

namespace ChaosPS.Commands;

/// <summary>
/// Where asynchronous work says what it does: a queue that the pipeline thread empties. Any thread can write.
/// </summary>
/// <remarks>
/// After a pipeline stop PowerShell takes no records any more, so what work that is being undone has to tell a user (warnings and
/// information) goes to the host itself, and so do failures.
/// </remarks>
public sealed class CommandSink : IChaosLog, IDisposable
{
    private readonly BlockingCollection<SinkRecord> _records = [];
    private readonly PSHostUserInterface? _ui;
    private readonly CancellationToken _stop;
    private readonly bool _resultsLast;

    /// <param name="ui">Takes what there is to say after a stop.</param>
    /// <param name="resultsLast">Whether results are kept until the work is over, and then come in the order of their targets.</param>
    /// <param name="stop">Tells of the stop.</param>
    internal CommandSink(PSHostUserInterface? ui, bool resultsLast, CancellationToken stop)
    {
        _ui = ui;
        _stop = stop;
        _resultsLast = resultsLast;
    }

    /// <summary>The records, as they come, until the work is over.</summary>
    internal IEnumerable<SinkRecord> Records
    {
        get
        {
            List<SinkRecord.Result> last = [];
            foreach (var record in _records.GetConsumingEnumerable())
            {
                if (_resultsLast && record is SinkRecord.Result result) last.Add(result);
                else if (_stop.IsCancellationRequested) ShowAfterStop(record);
                else yield return record;
            }

            foreach (var record in last.OrderBy(static result => result.Place))
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

    /// <summary>Says what became of one of several targets, the one at <paramref name="place"/>.</summary>
    internal void Result(int place, object value) => Add(new SinkRecord.Result(place, value));

    /// <summary>Has work done by the pipeline's thread.</summary>
    internal void Call(Action work, Action refuse)
    {
        var call = new SinkRecord.Call(work, refuse);
        if (!Add(call)) refuse();
    }

    /// <summary>Takes the messages that wait to be shown; what is work waits on.</summary>
    internal IEnumerable<SinkRecord> Waiting
    {
        get
        {
            while (_records.TryTake(out var record))
            {
                if (record is not (SinkRecord.Message or SinkRecord.Progress))
                {
                    Add(record);
                    yield break;
                }

                yield return record;
            }
        }
    }

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

    private bool Add(SinkRecord record)
    {
        try
        {
            _records.Add(record, CancellationToken.None);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The work is over: a stray callback of its has nobody to talk to, and must not bring the process down.
            return false;
        }
    }

    private void ShowAfterStop(SinkRecord record)
    {
        switch (record)
        {
            case SinkRecord.Message { Level: ChaosLogLevel.Warning } message:
                HostLine.Warn(_ui, message.Text);
                break;
            case SinkRecord.Message { Level: ChaosLogLevel.Information } message:
                HostLine.Write(_ui, message.Text);
                break;
            case SinkRecord.Call call:
                call.Refuse();
                break;
            case SinkRecord.Result { Value: ErrorRecord error }:
                HostLine.Warn(_ui, error.ToString());
                break;
        }
    }
}
