namespace ChaosPS.Sandbox.Http;

/// <summary>A host that the sandbox serves.</summary>
internal interface IFace
{
    /// <summary>Answers a request.</summary>
    /// <exception cref="HttpRequestException">The connection fails, as it would to a dead machine.</exception>
    Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken);
}
