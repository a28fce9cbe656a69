using System.Net.Sockets;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Serving;

/// <summary>Serves a sandbox over HTTP to the other processes of this machine, until it is disposed of.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    /// <summary>After a connection that could not be taken.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Socket _listener;
    private readonly SandboxEntrance _entrance;
    private readonly IChaosLog _log;
    private readonly Task _accepting;

    private SandboxServer(Socket listener, ChaosSandbox sandbox, IChaosLog log)
    {
        _listener = listener;
        _log = log;
        var uri = new Uri($"http://{listener.LocalEndPoint}");
        Sandbox = sandbox.ServedAt(uri);
        _entrance = new SandboxEntrance(sandbox, uri);
        _accepting = AcceptAsync();
    }

    /// <summary>The sandbox that is served, with its address.</summary>
    public ChaosSandbox Sandbox { get; }

    /// <summary>Begins to serve.</summary>
    /// <param name="sandbox">A sandbox whose clock runs: one that stands still would keep its clients waiting for ever.</param>
    /// <param name="address">An address of this machine's own, such as <c>127.0.0.1:0</c>; with port 0 the system chooses one.</param>
    /// <param name="log">Where failures are reported that are the sandbox's own.</param>
    /// <exception cref="ChaosException">
    /// The address is none: id <c>ListenAddressInvalid</c>; others could reach it: id <c>ListenAddressNotLocal</c>; it is taken: id <c>ListenFailed</c>.
    /// </exception>
    public static SandboxServer Start(ChaosSandbox sandbox, string address, IChaosLog log)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        if (sandbox.Clock is not RunningClock) throw new ArgumentException("Only a sandbox with a speed can be served.", nameof(sandbox));
        var endPoint = LoopbackEndPoint.Parse(address);
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen();
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw ChaosErrors.ListenFailed(address, exception);
        }

        return new SandboxServer(listener, sandbox, log);
    }

    /// <summary>Takes no more connections, ends every answer that is still being made, and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        Task[] connections;
        lock (_lock) connections = [.. _connections];
        await Task.WhenAll(connections);
        _entrance.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (OperationCanceledException)
            {
                // The server stops.
            }
            catch (SocketException exception)
            {
                _log.Write(ChaosLogLevel.Verbose, $"A connection failed before it was made: {exception.Message}");
                await PauseAsync(); // with too many files open the next one fails at once too
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await TimeProvider.System.DelayAsync(s_pause, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Serve(Socket socket)
    {
        // Apart from the accepting: a request that is there already is answered in one go.
        var connection = Task.Run(() => new HttpConnection(socket, _entrance, _log, _stopping.Token).RunAsync());
        lock (_lock) _connections.Add(connection);
        _ = connection.ContinueWith(
            done =>
            {
                lock (_lock) _connections.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
