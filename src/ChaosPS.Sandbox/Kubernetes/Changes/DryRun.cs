using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>The parameter <c>dryRun</c>: everything but the change itself.</summary>
internal static class DryRun
{
    /// <summary>Whether nothing may be changed.</summary>
    /// <exception cref="StatusException">The parameter says something else than <c>All</c>.</exception>
    public static bool IsAsked(FaceRequest request) => request.Query("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw StatusException.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };
}
