using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>The two sides of a command that runs in a container: each message of the WebSocket begins with the number of its channel.</summary>
/// <param name="withInput">Whether the client sends input.</param>
/// <param name="withOutput">Whether it wants output.</param>
/// <param name="withError">Whether it wants what is said of errors.</param>
/// <param name="isTerminal">Whether it is a terminal: both outputs are one then, with a terminal's ends of lines.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/websockets/ .</remarks>
internal sealed class ExecSession(bool withInput, bool withOutput, bool withError, bool isTerminal)
{
    private const byte InputChannel = 0;
    private const byte OutputChannel = 1;
    private const byte ErrorChannel = 2;
    private const byte StatusChannel = 3;

    /// <summary>Since v5 a message of this channel closes the one that it names.</summary>
    private const byte CloseChannel = 255;

    private readonly Channel<byte[]> _input = Channel.CreateUnbounded<byte[]>();
    private WebSocket? _socket;

    /// <summary>Whether there is a terminal to read from.</summary>
    public bool ReadsTerminal => withInput && isTerminal;

    /// <summary>Speaks with the client until the command has ended, and tells how.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="protocol">The protocol that was agreed on.</param>
    /// <param name="run">The command; returns its exit code.</param>
    public async Task TalkAsync(Stream stream, string protocol, Func<CancellationToken, Task<int>> run)
    {
        using var gone = new CancellationTokenSource();
        using var socket = _socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = protocol });
        if (!withInput) _input.Writer.Complete();
        var listening = ListenAsync(socket, gone);
        try
        {
            var exitCode = await run(gone.Token);
            await SendAsync(StatusChannel, Encoding.UTF8.GetBytes(Status(exitCode).ToJsonString(FaceResponse.JsonOptions)), gone.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, gone.Token);
        }
        finally
        {
            await gone.CancelAsync();
            await listening;
        }
    }

    /// <summary>The command writes.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        if (withOutput) await SendAsync(OutputChannel, Bytes(text), cancellationToken);
    }

    /// <summary>The command says what is wrong.</summary>
    public async Task ComplainAsync(string text, CancellationToken cancellationToken)
    {
        if (isTerminal) await WriteAsync(text, cancellationToken);
        else if (withError) await SendAsync(ErrorChannel, Bytes(text), cancellationToken);
    }

    /// <summary>What the client sends, as it comes, until it ends it.</summary>
    public IAsyncEnumerable<byte[]> ReadAsync(CancellationToken cancellationToken) => _input.Reader.ReadAllAsync(cancellationToken);

    private byte[] Bytes(string text) => Encoding.UTF8.GetBytes(isTerminal ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);

    private async Task SendAsync(byte channel, byte[] content, CancellationToken cancellationToken) =>
        await _socket!.SendAsync((byte[])[channel, .. content], WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    /// <summary>Hears the client, whose leaving ends the command. Never throws.</summary>
    private async Task ListenAsync(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), gone.Token) is { MessageType: not WebSocketMessageType.Close } received)
            {
                message.Write(buffer, 0, received.Count);
                if (!received.EndOfMessage) continue;
                Hear(message.ToArray());
                message.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The client has gone, or the command has ended.
        }

        _input.Writer.TryComplete();
        await gone.CancelAsync();
    }

    private void Hear(byte[] message)
    {
        if (message is [InputChannel, .. var content]) _input.Writer.TryWrite(content);
        else if (message is [CloseChannel, InputChannel]) _input.Writer.TryComplete();
    }

    private static JsonObject Status(int exitCode) => exitCode == 0
        ? new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" }
        : new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: exit status {exitCode}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{exitCode}" }) },
        };
}
