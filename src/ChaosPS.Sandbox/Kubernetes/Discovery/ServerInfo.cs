using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Sandbox.Kubernetes.Discovery;

/// <summary>What the API server says about itself: version, health, and what it serves.</summary>
internal static class ServerInfo
{
    private const string Group = "apidiscovery.k8s.io";
    private const string GroupList = "APIGroupDiscoveryList";

    /// <summary>The paths outside of the API's groups.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "/api", "/api/v1", "/apis", "/healthz", "/healthz/ping", "/livez", "/livez/ping", "/openapi/v3", "/readyz", "/readyz/ping", "/version",
    ];

    /// <summary>The answer; null when the path is none of these.</summary>
    /// <exception cref="StatusException">The path is one of these, but the client wants something else than to read it.</exception>
    public static FaceResponse? Answer(FaceRequest request, string version, ServedTypes types)
    {
        var answer = request.Segments switch
        {
            [] => Ok(new JsonObject { ["paths"] = new JsonArray([.. Paths]) }),
            ["healthz" or "livez" or "readyz", .. var checks] => Health(request.Segments[0], checks, request.Query("verbose") is not null),
            ["openapi", ..] => OpenApiFace.Answer(request.Segments, types),
            ["version"] => Ok(VersionInfo(version)),
            ["api"] when Aggregated(request) is { } form => form(name => AggregatedDiscovery.CoreGroup(name, types)),
            ["api"] => Ok(LegacyDiscovery.Versions(request.Uri.Authority)),
            ["apis"] when Aggregated(request) is { } form => form(name => AggregatedDiscovery.NamedGroups(name, types)),
            ["apis"] => Ok(LegacyDiscovery.Groups(types)),
            ["apis", var group] => LegacyDiscovery.Group(group, types) is { } json ? Ok(json) : null,
            ["api", var number] => Resources("", number, types),
            ["apis", var group, var number] => Resources(group, number, types),
            _ => null,
        };
        return answer is null || request.Method == HttpMethod.Get ? answer : throw StatusException.MethodNotAllowed();
    }

    private static FaceResponse Ok(JsonObject json) => FaceResponse.Json(HttpStatusCode.OK, json);

    private static FaceResponse? Resources(string group, string version, ServedTypes types) => LegacyDiscovery.Resources(group, version, types) is { } json ? Ok(json) : null;

    /// <summary>How to answer a client that takes everything in one document; null for one that asks step by step, or for a version that is not there.</summary>
    private static Func<Func<string, JsonObject>, FaceResponse>? Aggregated(FaceRequest request)
    {
        foreach (var wish in request.Accept.OrderByDescending(wish => wish.Quality ?? 1).Where(wish => wish.MediaType is "application/json" or "application/*" or "*/*"))
        {
            var parameters = wish.Parameters.Where(parameter => parameter.Name is "g" or "v" or "as").ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
            if (parameters.Count == 0) return null;
            if (parameters.GetValueOrDefault("g") != Group || parameters.GetValueOrDefault("as") != GroupList) continue;
            if (parameters.GetValueOrDefault("v") is not ("v2" or "v2beta1") || parameters["v"] is not { } version) continue;
            return write => FaceResponse.Json(HttpStatusCode.OK, write(version), $"application/json;g={Group};v={version};as={GroupList}").With("Vary", "Accept");
        }

        return null;
    }

    private static FaceResponse? Health(string name, string[] checks, bool isVerbose) => checks switch
    {
        [] when isVerbose => FaceResponse.Text(HttpStatusCode.OK, $"[+]ping ok\n[+]simulation ok\n{name} check passed\n"),
        [] or ["ping" or "simulation"] => FaceResponse.Text(HttpStatusCode.OK, "ok"),
        _ => null,
    };

    private static JsonObject VersionInfo(string version)
    {
        var numbers = version.TrimStart('v').Split('.');
        return new JsonObject
        {
            ["major"] = numbers[0],
            ["minor"] = numbers[1],
            ["gitVersion"] = version,
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "",
            ["platform"] = "linux/amd64",
        };
    }
}
