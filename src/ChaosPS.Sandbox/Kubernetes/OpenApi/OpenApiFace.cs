using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>Serves OpenAPI v3: an index, and a document for each group and version.</summary>
internal static class OpenApiFace
{
    /// <summary>The documents by their paths below <c>/openapi/v3/</c>.</summary>
    private static readonly Lazy<Dictionary<string, string>> s_documents = new(() => ResourceTypes.Groups.ToDictionary(
        group => group.Group.Length == 0 ? $"api/{group.Version}" : $"apis/{group.Group}/{group.Version}",
        group => OpenApiDocument.Write(group.Group, group.Version).ToJsonString()));

    /// <summary>The answer; null when the path is no document.</summary>
    public static FaceResponse? Answer(string[] path) => path switch
    {
        ["openapi", "v3"] => FaceResponse.Json(HttpStatusCode.OK, new JsonObject
        {
            ["paths"] = new JsonObject(s_documents.Value.Select(document => KeyValuePair.Create(document.Key, (JsonNode?)new JsonObject
            {
                ["serverRelativeURL"] = $"/openapi/v3/{document.Key}?hash={Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(document.Value)))}",
            }))),
        }),
        ["openapi", "v3", .. var rest] when s_documents.Value.TryGetValue(string.Join('/', rest), out var json) =>
            FaceResponse.Text(HttpStatusCode.OK, json, "application/json"),
        _ => null,
    };
}
