using System.Net;
using System.Security.Cryptography;
using System.Text;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Processes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>A connection to the subresource <c>exec</c> of a pod: a command in one of its containers, over a WebSocket.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/websockets/ ; SPDY, which older clients speak, is not served.</remarks>
internal static class ExecRequest
{
    /// <summary>What a server adds to the client's key to prove that it knows WebSockets (RFC 6455, 1.3).</summary>
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly string[] s_protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    /// <summary>Begins to run the command.</summary>
    /// <exception cref="StatusException">There is no such container, or the client does not speak a protocol of these.</exception>
    public static FaceResponse Answer(FaceRequest request, ResourcePath path, ObjectStore store, SandboxCluster cluster)
    {
        var target = ContainerTarget.Find(request, path, store);
        var command = request.QueryAll("command");
        if (command.Count == 0) throw StatusException.BadRequest("you must specify at least 1 command for the container");
        if (target.Pod.NodeName is null) throw StatusException.BadRequest($"pod {target.Pod.Name} does not have a host assigned");
        if (request.Header("Upgrade")?.Equals("websocket", StringComparison.OrdinalIgnoreCase) != true || request.Header("Sec-WebSocket-Key") is not { } key)
            throw StatusException.BadRequest("Upgrade request required: the sandbox runs commands over WebSockets only");
        var spoken = (request.Header("Sec-WebSocket-Protocol") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var protocol = spoken.FirstOrDefault(s_protocols.Contains)
            ?? throw StatusException.BadRequest($"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', spoken)}], server accepts [{string.Join(' ', s_protocols)}]");
        if (target.Unreachable(store, "exec") is { } refusal) return refusal;
        if (target.Status?.State != ContainerState.Running)
            return FaceResponse.Text(HttpStatusCode.InternalServerError, $"container not found (\"{target.Name}\")");

        var json = store.KindOf(target.Item.Type).Write(target.Item);
        var session = new ExecSession(request.IsSet("stdin"), request.IsSet("stdout"), request.IsSet("stderr"), request.IsSet("tty"));
        var shell = new ContainerShell(cluster, target, ContainerEnvironment.Of(json, target), session);
        return FaceResponse.Switch("websocket", stream => session.TalkAsync(stream, protocol, token => shell.RunAsync(command, token)))
            .With("Sec-WebSocket-Accept", Proof(key)).With("Sec-WebSocket-Protocol", protocol);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "The protocol says so; it keeps no secret.")]
    private static string Proof(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
}
