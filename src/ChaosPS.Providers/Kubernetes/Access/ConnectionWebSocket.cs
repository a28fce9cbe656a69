using System.Net.WebSockets;
using k8s;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Opens the library's WebSockets over the same connections, with the same credentials and checks, as every other request.</summary>
internal sealed class ConnectionWebSocket(HttpMessageInvoker connections) : WebSocketBuilder
{
    /// <inheritdoc/>
    public override async Task<WebSocket> BuildAndConnectAsync(Uri uri, CancellationToken cancellationToken)
    {
        await WebSocket.ConnectAsync(uri, connections, cancellationToken);
        return WebSocket;
    }
}
