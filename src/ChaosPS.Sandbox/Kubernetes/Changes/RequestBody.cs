using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Patches;

namespace ChaosPS.Sandbox.Kubernetes.Changes;

/// <summary>Reads what a client wants an object to become.</summary>
internal static class RequestBody
{
    /// <summary>The object that a PUT brings, or the present one with a PATCH in it.</summary>
    /// <exception cref="StatusException">The body cannot be read or applied, or speaks of another or an older object.</exception>
    public static JsonObject Apply(FaceRequest request, JsonObject current, ResourceType type)
    {
        var wanted = request.Method == HttpMethod.Put ? Put(request, current) : Patch(request, current);
        if (!JsonNode.DeepEquals(wanted["kind"], current["kind"]) || !JsonNode.DeepEquals(wanted["apiVersion"], current["apiVersion"]))
        {
            throw StatusException.BadRequest($"{wanted["kind"]} in version \"{wanted["apiVersion"]}\" cannot be handled as a {current["kind"]}");
        }

        if (wanted["metadata"] is not JsonObject metadata) throw Unreadable(current, "metadata is no object");
        var known = current["metadata"]!;
        var name = (string)known["name"]!;
        foreach (var field in new[] { "name", "namespace" })
        {
            metadata[field] ??= known[field]?.DeepClone();
            if (!JsonNode.DeepEquals(metadata[field], known[field]))
            {
                throw StatusException.BadRequest(
                    $"the {field} of the object ({metadata[field]}) does not match the {field} on the URL ({known[field]})");
            }
        }

        if (metadata["uid"] is { } uid && !JsonNode.DeepEquals(uid, known["uid"]))
        {
            throw StatusException.UidConflict(type, name, uid.ToString(), known["uid"]!.ToString());
        }

        if (metadata["resourceVersion"] is { } version && !JsonNode.DeepEquals(version, known["resourceVersion"]))
        {
            throw StatusException.Conflict(type, name);
        }

        return wanted;
    }

    /// <summary>The options of a DELETE; empty without a body.</summary>
    public static JsonObject DeleteOptions(FaceRequest request) => request.Body.Length == 0 ? [] : Parse(request) as JsonObject ?? throw NotAnObject();

    /// <summary>The value is not of the type that the field has.</summary>
    public static StatusException Unreadable(JsonObject item, string why) =>
        StatusException.BadRequest($"{item["kind"]} in version \"{item["apiVersion"]}\" cannot be handled as a {item["kind"]}: {why}");

    private static JsonObject Put(FaceRequest request, JsonObject current)
    {
        if (request.ContentType is not (null or "application/json")) throw StatusException.UnsupportedMediaType();
        var wanted = Parse(request) as JsonObject ?? throw NotAnObject();
        wanted["kind"] ??= current["kind"]!.DeepClone();
        wanted["apiVersion"] ??= current["apiVersion"]!.DeepClone();
        return wanted;
    }

    private static JsonObject Patch(FaceRequest request, JsonObject current) => request.ContentType switch
    {
        "application/merge-patch+json" => JsonMergePatch.Apply(current, Parse(request) as JsonObject ?? throw NotAnObject()),
        "application/strategic-merge-patch+json" => StrategicMergePatch.Apply(current, Parse(request) as JsonObject ?? throw NotAnObject()),
        "application/json-patch+json" => JsonPatch.Apply(current, Parse(request) as JsonArray ?? throw StatusException.PatchRejected()),
        _ => throw StatusException.UnsupportedMediaType(),
    };

    private static JsonNode? Parse(FaceRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body);
        }
        catch (JsonException exception)
        {
            throw StatusException.BadRequest($"json parse error: {exception.Message}");
        }
    }

    private static StatusException NotAnObject() => StatusException.BadRequest("json parse error: the body is no JSON object");
}
