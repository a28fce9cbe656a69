using System.Management.Automation;
using System.Runtime.ExceptionServices;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Sessions;
using ChaosPS.Time;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>
/// The base of every cmdlet: asynchronous work runs away from the pipeline thread as a member of the connection's clock, and what it
/// has to say is pumped back to the pipeline thread.
/// </summary>
/// <remarks>
/// The work gets a log and a token, never the cmdlet. Records are written by the pipeline thread, and on a virtual clock when the work is
/// over: a record that is written while its producer is still a member would let the next cmdlet of the pipeline race it, or wait for ever.
/// </remarks>
public abstract class AsyncCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private CommandSink? _sink;
    private int _thread;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The clock of the run whose script runs on this thread now: a cmdlet in it works in the place of the run, which waits for it.</summary>
    [ThreadStatic]
    private static TimeProvider? s_scriptClock;

    /// <summary>Cancelled when the pipeline is stopped (Ctrl+C, or <c>PowerShell.Stop()</c>).</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Does the cmdlet's work for one record; a <see cref="ChaosException"/> becomes a non-terminating error.</summary>
    protected abstract void Process();

    /// <summary>Does what is left when all records have come.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>Whether the pipeline was stopped: it runs nothing any more.</summary>
    internal bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Stops the work, as a stop of the pipeline does.</summary>
    internal void Interrupt() => StopProcessing();

    /// <summary>What whoever called the cmdlet may do. When a record comes from a function that may do more, the session says that function's mode.</summary>
    internal PSLanguageMode LanguageMode { get; private set; }

    /// <summary>The clock of the run whose script runs on this thread; null when none does.</summary>
    private protected static TimeProvider? ScriptClock => s_scriptClock;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _thread = Environment.CurrentManagedThreadId;
        LanguageMode = SessionState.LanguageMode;
        if (SessionViews.Load() is { } missing) WriteVerbose(missing);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Try(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Try(Finish);

    /// <summary>Does <paramref name="work"/> for one of several targets: a <see cref="ChaosException"/> becomes an error, and the next one follows.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="target">The target, for the error; null for what the exception says itself.</param>
    protected void Try(Action work, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            work();
        }
        catch (ChaosException exception)
        {
            WriteError(exception.ToErrorRecord(target));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline came to its end while the stop was on its way.
        }
    }

    /// <summary>Releases the stop token.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }

    /// <summary>Runs <paramref name="work"/> off the pipeline thread until it is over, showing meanwhile what it says.</summary>
    /// <param name="time">The clock that the work joins.</param>
    /// <param name="work">Gets where to say things, and the stop token.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped; the work has ended by then.</exception>
    protected T Run<T>(TimeProvider time, Func<CommandSink, CancellationToken, Task<T>> work)
    {
        using var sink = new CommandSink(Host.UI, resultsLast: time is VirtualClock, StopToken);
        var inPlace = ReferenceEquals(time, s_scriptClock);
        _sink = sink;
        var task = Task.Run(() => inPlace ? work(sink, StopToken) : time.RunAsync(() => work(sink, StopToken)));
        sink.CompleteWith(task);
        try
        {
            foreach (var record in sink.Records)
            {
                Show(record);
                _failure?.Throw();
            }
        }
        catch
        {
            // Writing throws when a later cmdlet wants no more or the pipeline is stopped: the work is interrupted, but never left alone.
            StopProcessing();
            sink.WaitForEnd();
            throw;
        }

        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Does work on the pipeline's thread, which has the session's commands and variables, and waits for it.</summary>
    /// <exception cref="OperationCanceledException">The pipeline was stopped first.</exception>
    internal T OnPipeline<T>(Func<T> work) => OnPipelineAsync(work).GetAwaiter().GetResult();

    /// <summary>Does work on the pipeline's thread: at once when it is asked for there.</summary>
    /// <exception cref="OperationCanceledException">The pipeline was stopped first.</exception>
    internal Task<T> OnPipelineAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Environment.CurrentManagedThreadId == _thread) Do();
        else _sink!.Call(Do, () => done.TrySetCanceled());
        return done.Task;

        void Do()
        {
            try
            {
                done.TrySetResult(work());
            }
            catch (Exception exception)
            {
                // Whoever asked for it gets it.
                done.TrySetException(exception);
            }
        }
    }

    /// <summary>Runs a script of a run on this thread; cmdlets in it work in the run's place on its clock.</summary>
    internal static void RunScript(TimeProvider clock, Action script)
    {
        var before = s_scriptClock;
        s_scriptClock = clock;
        try
        {
            script();
        }
        finally
        {
            s_scriptClock = before;
        }
    }

    /// <summary>Shows what the work has said so far, while the pipeline's thread is busy with a script of it. What that throws ends the work.</summary>
    internal void ShowWaiting()
    {
        if (Environment.CurrentManagedThreadId != _thread || _failure is not null) return;
        try
        {
            foreach (var record in _sink!.Waiting) Show(record);
        }
        catch (Exception exception)
        {
            // A message that ends the pipeline must not pass through the script, which might catch it.
            _failure = ExceptionDispatchInfo.Capture(exception);
            StopProcessing();
        }
    }

    /// <summary>Runs work that has no result.</summary>
    protected void Run(TimeProvider time, Func<CommandSink, CancellationToken, Task> work) => Run(time, async (sink, stop) =>
    {
        await work(sink, stop);
        return true;
    });

    /// <summary>A path of the file system as the user's current location makes it whole; null stays null.</summary>
    private protected string? ResolvePath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>Warns, once for each cluster of a session, of runs whose processes died and left something changed there.</summary>
    private protected void WarnOfUnfinishedRuns(ChaosConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!Session.Current.IsNew(connection)) return;
        try
        {
            var unfinished = new RunStore().Unfinished(unreadable: exception => WriteVerbose(exception.Message));
            if (unfinished.Count == 0) return;
            var cluster = Run(connection.Time, (_, stop) => connection.Cluster.GetIdentityAsync(stop));
            RecordedRun[] here = [.. unfinished.Where(run => run.ClusterId == cluster.Id)];
            if (here.Length == 0) return;
            WriteWarning(
                $"{here.Length} {(here.Length == 1 ? "run has" : "runs have")} ended without putting back what they changed on {connection.Name}: "
                + $"{string.Join(", ", here.SelectMany(static run => run.Changes).Where(static change => change.NeedsUndo))}. "
                + "This puts it back: Get-ChaosRun -Unfinished | Restore-ChaosRun");
        }
        catch (ChaosException exception)
        {
            // What the cluster or the disk has to say will be said by the cmdlet itself; here it only keeps the warning from being given.
            WriteVerbose($"Unfinished runs could not be looked for: {exception.Message}");
        }
    }

    private void Show(SinkRecord record)
    {
        switch (record)
        {
            case SinkRecord.Message { Level: ChaosLogLevel.Debug } message:
                WriteDebug(message.Text);
                break;
            case SinkRecord.Message { Level: ChaosLogLevel.Verbose } message:
                WriteVerbose(message.Text);
                break;
            case SinkRecord.Message { Level: ChaosLogLevel.Information } message:
                WriteInformation(new HostInformationMessage { Message = message.Text }, ["PSHOST"]);
                break;
            case SinkRecord.Message { Level: ChaosLogLevel.Warning } message:
                WriteWarning(message.Text);
                break;
            case SinkRecord.Progress progress:
                WriteProgress(new ProgressRecord(0, progress.Activity, progress.Status)
                {
                    PercentComplete = progress.Percent ?? -1,
                    RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
                });
                break;
            case SinkRecord.Call call:
                call.Do();
                break;
            case SinkRecord.Result { Value: ErrorRecord error }:
                WriteError(error);
                break;
            case SinkRecord.Result result:
                WriteObject(result.Value);
                break;
        }
    }
}
