using System.Globalization;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>The parameter <c>resourceVersion</c>: how new an answer must be, or where a watch begins.</summary>
internal static class ResourceVersions
{
    /// <summary>Its value; 0 when it is missing or says that any state will do.</summary>
    /// <exception cref="StatusException">It is no number, or one that nothing in the cluster has had yet.</exception>
    public static long Read(FaceRequest request, long current)
    {
        if (request.Query("resourceVersion") is not { Length: > 0 } text) return 0;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw StatusException.Internal($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
        }

        return version <= current ? version : throw StatusException.TooLargeResourceVersion(version, current);
    }
}
