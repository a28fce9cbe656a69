using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>A refusal of the API: the Status object that a real control plane answers with.</summary>
internal sealed class StatusException : Exception
{
    private readonly HttpStatusCode _code;
    private readonly string _reason;
    private readonly JsonObject? _details;
    private readonly string? _continue;

    private StatusException(HttpStatusCode code, string reason, string message, JsonObject? details, string? @continue = null)
        : base(message)
    {
        _code = code;
        _reason = reason;
        _details = details;
        _continue = @continue;
    }

    /// <summary>There is no such object.</summary>
    public static StatusException NotFound(ResourceType type, string name) => new(
        HttpStatusCode.NotFound, "NotFound", $"{type.QualifiedPlural} \"{name}\" not found", Details(type, name));

    /// <summary>The group is known, but not the resource in it.</summary>
    public static StatusException UnknownResource() => new(
        HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource", []);

    /// <summary>The resource does not do that.</summary>
    public static StatusException MethodNotAllowed() => new(
        HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    /// <summary>Nothing new may be made of a kind whose definition is about to go.</summary>
    public static StatusException DefinitionTerminating() => new(
        HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", "create not allowed while custom resource definition is terminating", []);

    /// <summary>None of the representations that the client takes is there.</summary>
    public static StatusException NotAcceptable() => NotAcceptable("406: Not Acceptable\n\nAvailable representations: application/json, application/yaml");

    /// <summary>The representation that the client takes does not fit what it asks for.</summary>
    public static StatusException NotAcceptable(string message) => new(HttpStatusCode.NotAcceptable, "NotAcceptable", message, []);

    /// <summary>The body is of a kind that the resource does not take.</summary>
    public static StatusException UnsupportedMediaType() => new(
        HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    /// <summary>The request makes no sense.</summary>
    public static StatusException BadRequest(string message) => new(HttpStatusCode.BadRequest, "BadRequest", message, null);

    /// <summary>The object has changed since the client read it.</summary>
    public static StatusException Conflict(ResourceType type, string name) => new(
        HttpStatusCode.Conflict, "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedPlural} \"{name}\": the object has been modified; please apply your changes to the latest version and try again",
        Details(type, name));

    /// <summary>The object is not the one that the client means.</summary>
    public static StatusException UidConflict(ResourceType type, string name, string expected, string found) => new(
        HttpStatusCode.Conflict, "Conflict",
        $"Operation cannot be fulfilled on {type.Kind} \"{name}\": the UID in the precondition ({expected}) does not match the UID in record ({found}). The object might have been deleted and then recreated",
        new JsonObject { ["name"] = name, ["kind"] = type.Kind });

    /// <summary>The object that is to be changed is not the one that the client means.</summary>
    public static StatusException OtherObject(ResourceType type, string name, string expected, string found) => new(
        HttpStatusCode.Conflict, "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedPlural} \"{name}\": Precondition failed: UID in precondition: {expected}, UID in object meta: {found}",
        Details(type, name));

    /// <summary>The object is not the version that the client means.</summary>
    public static StatusException VersionConflict(ResourceType type, string name, string expected, long found) => new(
        HttpStatusCode.Conflict, "Conflict",
        $"Operation cannot be fulfilled on {type.Kind} \"{name}\": the ResourceVersion in the precondition ({expected}) does not match the ResourceVersion in record ({found}). The object might have been modified",
        new JsonObject { ["name"] = name, ["kind"] = type.Kind });

    /// <summary>A JSON patch cannot be applied to the object.</summary>
    public static StatusException PatchRejected() => new(
        HttpStatusCode.UnprocessableEntity, "Invalid", "the server rejected our request due to an error in our request", []);

    /// <summary>A patch has fields that the object cannot have.</summary>
    public static StatusException InvalidPatch(FieldError error) => new(
        HttpStatusCode.UnprocessableEntity, "Invalid", $" \"\" is invalid: {error.Field}: {error.Message}",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field }) });

    /// <summary>There is an object of that name already.</summary>
    public static StatusException AlreadyExists(ResourceType type, string name) => new(
        HttpStatusCode.Conflict, "AlreadyExists", $"{type.QualifiedPlural} \"{name}\" already exists", Details(type, name));

    /// <summary>Nothing new may be made in a namespace that is about to go.</summary>
    public static StatusException NamespaceTerminating(ResourceType type, string name, string @namespace)
    {
        var details = Details(type, name);
        var why = $"namespace {@namespace} is being terminated";
        details["causes"] = new JsonArray(new JsonObject { ["reason"] = "NamespaceTerminating", ["message"] = why, ["field"] = "metadata.namespace" });
        return new(
            HttpStatusCode.Forbidden, "Forbidden",
            $"{type.QualifiedPlural} \"{name}\" is forbidden: unable to create new content in namespace {@namespace} because it is being terminated", details);
    }

    /// <summary>The object is a controller's, which would write it again at once.</summary>
    public static StatusException Derived(ResourceType type, string name) => new(
        HttpStatusCode.Forbidden, "Forbidden",
        $"{type.QualifiedPlural} \"{name}\" is forbidden: the sandbox's controllers keep it, and whatever it shows is changed where it comes from", Details(type, name));

    /// <summary>Others have said what some of the fields must be.</summary>
    public static StatusException ApplyConflict(IReadOnlyList<(string Manager, string Field)> conflicts)
    {
        var causes = conflicts.Select(conflict => new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {conflict.Manager}",
            ["field"] = conflict.Field,
        });
        var message = conflicts is [var only]
            ? $"Apply failed with 1 conflict: conflict with {only.Manager}: {only.Field}"
            : $"Apply failed with {conflicts.Count} conflicts: " + string.Join('\n', conflicts
                .GroupBy(conflict => conflict.Manager)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => group.Select(conflict => $"- {conflict.Field}").Prepend($"conflicts with {group.Key}:")));
        return new(HttpStatusCode.Conflict, "Conflict", message, new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    /// <summary>An eviction is refused.</summary>
    public static StatusException Eviction(EvictionOutcome outcome)
    {
        if (outcome.StatusCode == 500) return Internal(outcome.Message);
        var details = new JsonObject();
        if (outcome.Cause is { } cause) details["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause });
        if (outcome.RetryAfterSeconds is { } seconds) details["retryAfterSeconds"] = seconds;
        return new((HttpStatusCode)outcome.StatusCode, "TooManyRequests", outcome.Message, details) { RetryAfterSeconds = outcome.RetryAfterSeconds };
    }

    /// <summary>The server fails, as it does for some requests that make no sense.</summary>
    public static StatusException Internal(string message) => new(HttpStatusCode.InternalServerError, "", message, null);

    /// <summary>The client speaks of a state that is still to come.</summary>
    public static StatusException TooLargeResourceVersion(long version, long current) => new(
        HttpStatusCode.GatewayTimeout, "Timeout", $"Timeout: Too large resource version: {version}, current: {current}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        })
    { RetryAfterSeconds = 1 };

    /// <summary>The list of exactly that state is no more.</summary>
    public static StatusException TooOldList() => new(HttpStatusCode.Gone, "Expired", "The resourceVersion for the provided list is too old.", null);

    /// <summary>What happened since that state is no longer known.</summary>
    /// <remarks>Events are watched in etcd, which says it in other words than the watch cache, which has everything else.</remarks>
    public static StatusException TooOldWatch(ResourceType type, long version, long oldest) => new(
        HttpStatusCode.Gone, "Expired",
        type.Kind == "Event" ? "The resourceVersion for the provided watch is too old." : $"too old resource version: {version} ({oldest})", null);

    /// <summary>The object would break the rules of its type.</summary>
    public static StatusException Invalid(ResourceType type, string name, params IReadOnlyList<FieldError> errors)
    {
        var all = errors.Select(error => $"{error.Field}: {error.Message}").ToArray();
        var causes = errors.Select(error => new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field });
        var details = new JsonObject
        {
            ["name"] = name,
            ["kind"] = type.Kind,
            ["causes"] = new JsonArray([.. causes]),
        };
        if (type.Group.Length > 0) details["group"] = type.Group;
        var why = all.Length == 1 ? all[0] : $"[{string.Join(", ", all)}]";
        return new(HttpStatusCode.UnprocessableEntity, "Invalid", $"{type.QualifiedKind} \"{name}\" is invalid: {why}", details);
    }

    /// <summary>The continue token is of a state that is no more; another one goes on inconsistently.</summary>
    public static StatusException Expired(string inconsistentContinue) => new(
        HttpStatusCode.Gone, "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
        null, inconsistentContinue);

    /// <summary>When to ask again, seconds; null when the API does not say.</summary>
    private int? RetryAfterSeconds { get; init; }

    /// <summary>The answer.</summary>
    public FaceResponse ToResponse()
    {
        var response = FaceResponse.Json(_code, ToJson());
        return RetryAfterSeconds is { } seconds ? response.With("Retry-After", $"{seconds}") : response;
    }

    /// <summary>The Status object.</summary>
    public JsonObject ToJson()
    {
        var metadata = new JsonObject();
        if (_continue is not null) metadata["continue"] = _continue;
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (_reason.Length > 0) status["reason"] = _reason;
        if (_details is not null) status["details"] = _details;
        status["code"] = (int)_code;
        return status;
    }

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Reason">Such as <c>FieldValueInvalid</c>.</param>
/// <param name="Field">Its path.</param>
/// <param name="Message">For people.</param>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    /// <summary>The value is not allowed.</summary>
    public static FieldError Invalid(string field, string value, string why) => new("FieldValueInvalid", field, $"Invalid value: {value}: {why}");

    /// <summary>The value is missing.</summary>
    public static FieldError Required(string field, string why = "") => new("FieldValueRequired", field, why.Length == 0 ? "Required value" : $"Required value: {why}");

    /// <summary>The value is none of those that there are.</summary>
    public static FieldError NotSupported(string field, string? value, params IReadOnlyList<string> supported) => new(
        "FieldValueNotSupported", field, $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(text => $"\"{text}\""))}");

    /// <summary>Another item has the value already.</summary>
    public static FieldError Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: \"{value}\"");

    /// <summary>The change is not allowed.</summary>
    public static FieldError Forbidden(string field, string why) => new("FieldValueForbidden", field, $"Forbidden: {why}");
}
