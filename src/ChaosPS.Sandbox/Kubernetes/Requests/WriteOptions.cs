using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>The parameters of a request that writes.</summary>
/// <param name="IsDryRun">Everything but the change itself.</param>
/// <param name="Manager">Who the fields belong to afterwards.</param>
internal sealed record WriteOptions(bool IsDryRun, string Manager)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="StatusException"><c>dryRun</c> says something else than <c>All</c>.</exception>
    public static WriteOptions Of(FaceRequest request)
    {
        var isDryRun = request.Query("dryRun") switch
        {
            null or "" => false,
            "All" => true,
            var other => throw StatusException.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
        };

        // Who does not say who he is, is called as his program.
        var manager = request.Query("fieldManager") is { Length: > 0 } named ? named : request.UserAgent.Split('/')[0];
        return new WriteOptions(isDryRun, manager.Length > 0 ? manager : "unknown");
    }
}
