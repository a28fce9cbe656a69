using System.Globalization;
using System.Net;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Faults;

/// <summary>Stands before one of the two APIs and does not let through what a fault hits. The API does not learn of such requests.</summary>
/// <param name="face">The API.</param>
/// <param name="target">Which of the two it is.</param>
/// <param name="faults">The faults.</param>
/// <param name="types">The types that a Kubernetes API serves; null for Azure.</param>
/// <param name="isAway">Whether nobody answers at present, without any fault; null for never.</param>
internal sealed class FaultyFace(IFace face, SandboxFaultTarget target, FaultList faults, ServedTypes? types = null, Func<bool>? isAway = null) : IFace
{
    /// <summary>Seconds until a client shall come again: what an API server says, and what Azure says for the shortest of its limits.</summary>
    private int RetryAfter => target == SandboxFaultTarget.Kubernetes ? 1 : 10;

    private SandboxFaultKind Away => target == SandboxFaultTarget.Kubernetes ? SandboxFaultKind.ApiServerAway : SandboxFaultKind.AzureAway;

    /// <inheritdoc/>
    public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken)
    {
        if (isAway?.Invoke() == true || faults.Hits(Away, target))
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"Connection refused ({request.Uri.Authority})");
        if (faults.Hits(SandboxFaultKind.Throttling, target))
            return Task.FromResult(Throttled().With("Retry-After", RetryAfter.ToString(CultureInfo.InvariantCulture)));
        if (Changes(request) && faults.Hits(SandboxFaultKind.Conflict, target)) return Task.FromResult(Conflict(request));
        return face.AnswerAsync(request, cancellationToken);
    }

    private bool Changes(FaceRequest request) => target == SandboxFaultTarget.Kubernetes
        ? request.Method == HttpMethod.Put || request.Method == HttpMethod.Patch || request.Method == HttpMethod.Delete
        : request.Method != HttpMethod.Get && request.Segments is not ["providers", ..]; // queries of Resource Graph are posted

    private FaceResponse Throttled() => target == SandboxFaultTarget.Kubernetes
        ? FaceResponse.Text(HttpStatusCode.TooManyRequests, "Too many requests, please try again later.\n")
        : ArmException.TooManyRequests().ToResponse();

    private FaceResponse Conflict(FaceRequest request) => types is null
        ? ArmException.Conflict("OperationNotAllowed", "Another operation on this or a dependent resource is in progress.").ToResponse()
        : ResourcePath.Parse(request.Segments, types) is { Name: { } name } path
            ? StatusException.Conflict(path.Type, name).ToResponse()
            : StatusException.BadRequest("the request names no object").ToResponse();
}
