using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Http;

/// <summary>What follows the answer 101: a connection on which both sides speak (RFC 9110, 7.8).</summary>
internal sealed class TalkContent : HttpContent
{
    // Whoever waits for a part is told at once: on a clock that jumps, a moment later would be too late.
    private static readonly PipeOptions s_options = new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    private readonly DuplexStream _client;

    /// <summary>Begins to talk.</summary>
    /// <param name="talk">The server's part; it may end before the client's.</param>
    /// <param name="time">The clock that the server works on, and the client waits on.</param>
    public TalkContent(Func<Stream, Task> talk, TimeProvider time)
    {
        var (up, down) = (new Pipe(s_options), new Pipe(s_options));
        _client = new DuplexStream(down.Reader, up.Writer, time);
        var server = new DuplexStream(up.Reader, down.Writer, null);
        _ = time.RunAsync(() => RunAsync(talk, server));
    }

    /// <inheritdoc/>
    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _client;

    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_client);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("A connection that both sides use is not copied.");

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _client.Dispose();
        base.Dispose(disposing);
    }

    private static async Task RunAsync(Func<Stream, Task> talk, DuplexStream server)
    {
        try
        {
            await talk(server);
            await server.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or OperationCanceledException)
        {
            await server.DisposeAsync(); // one of the two has gone
        }
        catch (Exception exception)
        {
            server.Break(exception);
        }
    }
}
