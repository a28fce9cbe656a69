using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>Serves OpenAPI v3: an index, and a document for each group and version.</summary>
internal static class OpenApiFace
{
    /// <summary>The documents of the types that the API brings, by their paths below <c>/openapi/v3/</c>.</summary>
    private static readonly Lazy<Dictionary<string, string>> s_documents = new(() => Write(ResourceTypes.All));

    /// <summary>The answer; null when the path is no document.</summary>
    public static FaceResponse? Answer(string[] path, ServedTypes types) => path is ["openapi", "v3", .. var rest] ? Answer(rest, Documents(types)) : null;

    private static FaceResponse? Answer(string[] path, Dictionary<string, string> documents) => path switch
    {
        [] => FaceResponse.Json(HttpStatusCode.OK, new JsonObject
        {
            ["paths"] = new JsonObject(documents.Select(document => KeyValuePair.Create(document.Key, (JsonNode?)new JsonObject
            {
                ["serverRelativeURL"] = $"/openapi/v3/{document.Key}?hash={Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(document.Value)))}",
            }))),
        }),
        _ => documents.TryGetValue(string.Join('/', path), out var json) ? FaceResponse.Text(HttpStatusCode.OK, json, "application/json") : null,
    };

    /// <summary>All documents: those of groups that a definition has added to are written anew.</summary>
    private static Dictionary<string, string> Documents(ServedTypes types)
    {
        var added = types.All.Where(type => type.Definition is not null).Select(type => type.Root).ToHashSet();
        if (added.Count == 0) return s_documents.Value;
        var documents = new Dictionary<string, string>(s_documents.Value);
        foreach (var (root, document) in Write(types.All.Where(type => added.Contains(type.Root)))) documents[root] = document;
        return documents;
    }

    private static Dictionary<string, string> Write(IEnumerable<ResourceType> types) =>
        types.GroupBy(type => type.Root).ToDictionary(group => group.Key, group => OpenApiDocument.Write([.. group]).ToJsonString());
}
