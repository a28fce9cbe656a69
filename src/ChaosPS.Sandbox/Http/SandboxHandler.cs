using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Http;

/// <summary>Sends each request to the face that serves its host. Nothing leaves the process.</summary>
/// <param name="faces">The faces by host.</param>
/// <param name="time">The sandbox's clock, for the Date header.</param>
internal sealed class SandboxHandler(IReadOnlyDictionary<string, IFace> faces, TimeProvider time) : HttpMessageHandler
{
    /// <summary>Names the face where the host of the request does not: at the address where the sandbox is served, all faces share one.</summary>
    public static readonly HttpRequestOptionsKey<string> Face = new("face");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var host = request.Options.TryGetValue(Face, out var named) ? named : request.RequestUri?.Host ?? "";
        if (!faces.TryGetValue(host, out var face)) throw SandboxDescription.NotServed(host, faces.Keys);

        var answer = await face.AnswerAsync(await FaceRequest.ReadAsync(request, cancellationToken), cancellationToken);
        return answer.ToMessage(request, time);
    }
}
