using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;

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

    /// <summary>A JSON patch cannot be applied to the object.</summary>
    public static StatusException PatchRejected() => new(
        HttpStatusCode.UnprocessableEntity, "Invalid", "the server rejected our request due to an error in our request", []);

    /// <summary>A patch has fields that the object cannot have.</summary>
    public static StatusException InvalidPatch(FieldError error) => new(
        HttpStatusCode.UnprocessableEntity, "Invalid", $" \"\" is invalid: {error.Field}: {error.Message}",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field }) });

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

    /// <summary>The answer.</summary>
    public FaceResponse ToResponse()
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
            ["reason"] = _reason,
        };
        if (_details is not null) status["details"] = _details;
        status["code"] = (int)_code;
        return FaceResponse.Json(_code, status);
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
    public static FieldError Required(string field) => new("FieldValueRequired", field, "Required value");

    /// <summary>Another item has the value already.</summary>
    public static FieldError Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: \"{value}\"");

    /// <summary>The change is not allowed.</summary>
    public static FieldError Forbidden(string field, string why) => new("FieldValueForbidden", field, $"Forbidden: {why}");
}
