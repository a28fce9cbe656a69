using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Ownership;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>
/// Looks for fields that the API does not have, as misspelt ones are. What becomes of them the client says with the parameter
/// <c>fieldValidation</c>: <c>Strict</c> refuses the request, <c>Warn</c> (when nothing is said) and <c>Ignore</c> leave them out.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation .</remarks>
internal static class FieldValidation
{
    private const string Merge = "application/merge-patch+json";
    private const string StrategicMerge = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    /// <summary>The request without unknown fields, and what the client should be warned of.</summary>
    /// <exception cref="StatusException">There are unknown fields, and the client wants none.</exception>
    public static (FaceRequest Request, IReadOnlyList<string> Warnings) Check(FaceRequest request, ResourcePath path)
    {
        var mode = request.Query("fieldValidation") is { Length: > 0 } named ? named : "Warn";
        if (mode is not ("Strict" or "Warn" or "Ignore"))
        {
            throw StatusException.BadRequest($"fieldValidation: Unsupported value: \"{mode}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
        }

        if (path.Subresource is not null and not "status" || request.Body.Length == 0) return (request, []);
        var isWhole = request.Method == HttpMethod.Post || request.Method == HttpMethod.Put;
        var isPatch = request.Method == HttpMethod.Patch && request.ContentType is Merge or StrategicMerge or Apply;
        if (!isWhole && !isPatch || ApiSchema.Find(path.Type.ApiVersion, path.Type.Kind) is not { } type || Parse(request.Body) is not { } json) return (request, []);

        // Server-side apply cannot go on without the schema: it refuses whatever the client says.
        var isApply = isPatch && request.ContentType == Apply;
        var unknown = new List<string>();
        Remove(json, type, "", unknown, isApply);
        if (unknown.Count == 0) return (request, []);
        if (isApply) throw Untyped(json, path.Type, unknown);
        string[] warnings = [.. unknown.Select(field => $"unknown field \"{field}\"")];
        return mode switch
        {
            "Strict" => throw Refuse(path.Type, isWhole, request.Body, warnings),
            _ => (request.With(JsonSerializer.SerializeToUtf8Bytes(json), request.ContentType ?? "application/json"), mode == "Warn" ? warnings : []),
        };
    }

    private static StatusException Refuse(ResourceType type, bool isWhole, byte[] body, string[] unknown)
    {
        var why = $"strict decoding error: {string.Join(", ", unknown)}";
        return isWhole
            ? StatusException.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {why}")
            : StatusException.InvalidPatch(FieldError.Invalid("patch", JsonSerializer.Serialize(Encoding.UTF8.GetString(body), FaceResponse.JsonOptions), why));
    }

    private static StatusException Untyped(JsonObject json, ResourceType type, List<string> unknown)
    {
        string[] errors = [.. unknown.Select(field => $".{field}: field not declared in schema")];
        var why = errors.Length == 1 ? errors[0] : string.Join("\n  ", errors.Prepend("errors:"));
        return StatusException.Internal(
            $"failed to create typed patch object ({json.Text("metadata.namespace")}/{json.Text("metadata.name")}; {type.Group}/{type.Version}, Kind={type.Kind}): {why}");
    }

    /// <summary>The body as an object; null when it is none, which whoever reads it will say.</summary>
    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Remove(JsonObject json, ApiType type, string path, List<string> unknown, bool byKeys)
    {
        var isObject = type.ByName.ContainsKey("metadata");
        foreach (var (name, value) in json.ToArray())
        {
            // What begins with a dollar tells a strategic merge patch what to do. Objects say what they are.
            if (name.StartsWith('$') || (isObject && name is "kind" or "apiVersion")) continue;
            if (!type.ByName.TryGetValue(name, out var field))
            {
                unknown.Add(path + name);
                json.Remove(name);
            }
            else if (field.Type is { } inner)
            {
                foreach (var (item, step) in Objects(value, field, byKeys)) Remove(item, inner, $"{path}{name}{step}.", unknown, byKeys);
            }
        }
    }

    /// <summary>The objects in a field, and what leads to each: nothing, an index or, for server-side apply, its keys.</summary>
    private static IEnumerable<(JsonObject Item, string Step)> Objects(JsonNode? value, ApiField field, bool byKeys) => (field.Shape, value) switch
    {
        (FieldShape.Single, JsonObject json) => [(json, "")],
        (FieldShape.Map, JsonObject map) => map.ToArray().Where(entry => entry.Value is JsonObject).Select(entry => ((JsonObject)entry.Value!, $".{entry.Key}")),
        (FieldShape.List, JsonArray list) => list.Index().Where(entry => entry.Item is JsonObject).Select(entry => (
            (JsonObject)entry.Item!, byKeys && field.ListKeys.Count > 0 ? FieldSet.Text([FieldSet.ItemName((JsonObject)entry.Item!, field.ListKeys)]) : $"[{entry.Index}]")),
        _ => [],
    };
}
