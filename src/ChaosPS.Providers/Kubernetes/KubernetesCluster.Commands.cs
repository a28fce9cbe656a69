using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using k8s.Autorest;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Commands in containers.</content>
internal sealed partial class KubernetesCluster
{
    private const byte OutputChannel = 1;
    private const byte ErrorChannel = 2;
    private const byte StatusChannel = 3;

    /// <inheritdoc/>
    /// <remarks>The protocol: https://kubernetes.io/docs/reference/using-api/websockets/ ; each message begins with the number of its channel.</remarks>
    public async Task<PodCommandResult> RunInPodAsync(
        string @namespace, string pod, string container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var what = $"run '{string.Join(' ', command)}' in container '{container}' of pod '{@namespace}/{pod}'";
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var isBegun = false;
        try
        {
            using var socket = await _transport.WebSocketNamespacedPodExecAsync(
                pod, @namespace, command, container, stderr: true, stdin: false, stdout: true, tty: false, cancellationToken: either.Token);
            isBegun = true;
            var channels = await ReadAsync(socket, either.Token);
            return new PodCommandResult(ExitCode(channels[StatusChannel], what), channels[OutputChannel], channels[ErrorChannel]);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ChaosErrors.PodCommandTimeout(what, _name, timeout);
        }
        catch (Exception exception) when (!isBegun && exception is (WebSocketException or HttpOperationException))
        {
            throw await RefusalAsync(@namespace, pod, container, command, what, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or HttpOperationException or HttpRequestException or IOException)
        {
            throw ChaosErrors.PodCommandFailed(what, _name, exception.Message, exception);
        }
    }

    /// <summary>Why nothing was run, in the words that a plain request is refused with: a WebSocket that is refused has none.</summary>
    private async Task<ChaosException> RefusalAsync(
        string @namespace, string pod, string container, IReadOnlyList<string> command, string what, Exception inner, CancellationToken cancellationToken)
    {
        var query = string.Concat(command.Select(static part => $"&command={Uri.EscapeDataString(part)}"));
        var call = new ApiCall("get", "", "v1", "pods", @namespace, pod, "exec");
        return await _transport.RefusalAsync(call, $"?container={Uri.EscapeDataString(container)}{query}", cancellationToken)
            ?? ChaosErrors.PodCommandFailed(what, _name, inner.Message, inner);
    }

    private static async Task<Dictionary<byte, string>> ReadAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<byte, MemoryStream>();
        var buffer = new byte[16 * 1024];
        byte? channel = null;
        var left = OutputLimit.Mebibytes << 20;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) break;
            left -= received.Count;
            if (left < 0) throw new IOException($"it has written more than {OutputLimit.Mebibytes} MiB, and is read no further");
            var content = buffer.AsMemory(0, received.Count);
            if (channel is null && content.Length > 0)
            {
                channel = content.Span[0];
                content = content[1..];
            }

            if (channel is { } number)
            {
                if (!contents.TryGetValue(number, out var stream)) contents[number] = stream = new MemoryStream();
                stream.Write(content.Span);
            }

            if (received.EndOfMessage) channel = null;
        }

        return new byte[] { OutputChannel, ErrorChannel, StatusChannel }.ToDictionary(
            static number => number, number => contents.TryGetValue(number, out var stream) ? Encoding.UTF8.GetString(stream.ToArray()) : "");
    }

    private int ExitCode(string status, string what)
    {
        var json = Parse(status);
        if ((string?)json?["status"] == "Success") return 0;
        var causes = json?["details"]?["causes"] as JsonArray ?? [];
        var code = causes.FirstOrDefault(static cause => (string?)cause?["reason"] == "ExitCode")?["message"];
        return int.TryParse((string?)code, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ChaosErrors.PodCommandFailed(what, _name, (string?)json?["message"] ?? "the connection was closed before the command's end", null);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // a proxy answers in HTML
        }
    }
}
