using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Patches;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>Reads what a client sends: an object, or a patch of one.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions s_once = new() { AllowDuplicateProperties = false };

    /// <summary>The object of a type that a POST or PUT brings. Kind and apiVersion may be missing, unless a definition added the type.</summary>
    /// <exception cref="StatusException">The body cannot be read, or is of another kind.</exception>
    public static JsonObject Read(FaceRequest request, ResourceType type)
    {
        if (type.Definition is null) return Read(request, type.Kind, type.ApiVersion);
        if (request.ContentType is not (null or "application/json")) throw StatusException.UnsupportedMediaType();
        var json = ReadObject(request);
        CheckKind(json, type);
        return json;
    }

    /// <summary>The object that a POST or PUT brings. Kind and apiVersion may be missing: the path says them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">The kind that belongs there.</param>
    /// <param name="apiVersion">The apiVersion that belongs there.</param>
    /// <exception cref="StatusException">The body cannot be read, or is of another kind.</exception>
    public static JsonObject Read(FaceRequest request, string kind, string apiVersion)
    {
        if (request.ContentType is not (null or "application/json")) throw StatusException.UnsupportedMediaType();
        JsonObject json;
        try
        {
            json = JsonNode.Parse(request.Body) as JsonObject ?? throw NotAnObject(request, kind);
            json["kind"] ??= kind;
            json["apiVersion"] ??= apiVersion;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // An ArgumentException tells of a member that is there twice.
            throw Unrecognized(request, kind, exception);
        }

        CheckKind(json, kind, apiVersion);
        return json;
    }

    /// <summary>An object with a PATCH in it; the object itself is not changed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The object.</param>
    /// <param name="type">Its type; null for a part of another object, such as its scale.</param>
    /// <exception cref="StatusException">The body cannot be read or applied, or makes another kind of it.</exception>
    public static JsonObject Patch(FaceRequest request, JsonObject current, ResourceType? type = null)
    {
        try
        {
            var patched = request.ContentType switch
            {
                "application/merge-patch+json" => JsonMergePatch.Apply(current, ReadObject(request)),
                "application/strategic-merge-patch+json" when type?.Definition is null => StrategicMergePatch.Apply(current, ReadObject(request)),
                "application/json-patch+json" => JsonPatch.Apply(current, Parse(request) as JsonArray ?? throw StatusException.PatchRejected()),
                _ => throw StatusException.UnsupportedMediaType(),
            };
            if (type is null) CheckKind(patched, (string)current["kind"]!, (string)current["apiVersion"]!);
            else CheckKind(patched, type);
            return patched;
        }
        catch (ArgumentException exception)
        {
            throw StatusException.BadRequest($"json parse error: {exception.Message}");
        }
    }

    /// <summary>The body as an object; empty without a body.</summary>
    public static JsonObject Options(FaceRequest request) => request.Body.Length == 0 ? [] : ReadObject(request);

    /// <summary>The body as an object.</summary>
    public static JsonObject ReadObject(FaceRequest request) =>
        Parse(request) as JsonObject ?? throw StatusException.BadRequest("json parse error: the body is no JSON object");

    /// <summary>The value is not of the type that the field has.</summary>
    public static StatusException Unreadable(JsonObject item, string why) =>
        StatusException.BadRequest($"{item["kind"]} in version \"{VersionOf(item["apiVersion"])}\" cannot be handled as a {item["kind"]}: {why}");

    /// <summary>Refuses an object of another kind.</summary>
    public static void CheckKind(JsonObject json, string kind, string apiVersion)
    {
        var (wrongKind, wrongVersion) = (json["kind"]?.ToString(), json["apiVersion"]?.ToString());
        if (wrongKind == kind && wrongVersion == apiVersion) return;
        throw ResourceTypes.OfKind(wrongVersion ?? "", wrongKind ?? "") is null
            ? StatusException.BadRequest($"no kind \"{wrongKind}\" is registered for version \"{wrongVersion}\"")
            : StatusException.BadRequest(
                $"{wrongKind} in version \"{VersionOf(wrongVersion)}\" cannot be handled as a {kind}: " +
                $"converting (v1.{wrongKind}) to ({PackageOf(apiVersion)}.{kind}): unknown conversion");
    }

    /// <summary>Refuses an object of another kind than a type's.</summary>
    public static void CheckKind(JsonObject json, ResourceType type)
    {
        if (type.Definition is null)
        {
            CheckKind(json, type.Kind, type.ApiVersion);
            return;
        }

        // Nothing decodes these objects, so other words are used of them.
        var (kind, apiVersion) = (json["kind"]?.ToString() ?? "", json["apiVersion"]?.ToString() ?? "");
        if (kind.Length == 0) throw StatusException.BadRequest($"Object 'Kind' is missing in '{json.ToJsonString(FaceResponse.JsonOptions)}'");
        if (apiVersion != type.ApiVersion)
            throw StatusException.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})");
        if (kind != type.Kind)
            throw StatusException.Invalid(type, json.Text("metadata.name"), FieldError.Invalid("kind", $"\"{kind}\"", $"must be {type.Kind}"));
    }

    private static JsonNode? Parse(FaceRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body, documentOptions: s_once);
        }
        catch (JsonException exception)
        {
            throw StatusException.BadRequest($"json parse error: {exception.Message}");
        }
    }

    private static StatusException NotAnObject(FaceRequest request, string kind) =>
        Unrecognized(request, kind, new JsonException("json: cannot unmarshal the value into an object"));

    private static StatusException Unrecognized(FaceRequest request, string kind, Exception why)
    {
        // What a Go program says where the text ends too early is known; about other mistakes each parser has its own words.
        var text = Encoding.UTF8.GetString(request.Body);
        var isCutOff = why is JsonException { LineNumber: { } line, BytePositionInLine: { } at } && line == text.Count(letter => letter == '\n') && at >= text.Length - 1 - (text.LastIndexOf('\n') + 1);
        var message = isCutOff ? "unexpected end of JSON input" : why.Message;
        return StatusException.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {message} ({text})");
    }

    private static string? VersionOf(object? apiVersion) => apiVersion?.ToString() is { } text ? text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..] : null;

    private static string PackageOf(string apiVersion) =>
        apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion.Split('/')[0].Split('.')[0] : "core";
}
