using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Azure;

/// <summary>A refusal of Azure Resource Manager.</summary>
internal sealed class ArmException(HttpStatusCode status, string code, string message, params IReadOnlyList<JsonObject> details) : Exception(message)
{
    /// <summary>The subscription is another one.</summary>
    public static ArmException SubscriptionNotFound(string id) => new(
        HttpStatusCode.NotFound, "SubscriptionNotFound", $"The subscription '{id}' could not be found.");

    /// <summary>There is no such resource group.</summary>
    public static ArmException ResourceGroupNotFound(string name) => new(
        HttpStatusCode.NotFound, "ResourceGroupNotFound", $"Resource group '{name}' could not be found.");

    /// <summary>There is no such resource.</summary>
    public static ArmException ResourceNotFound(string type, string name, string resourceGroup) => new(
        HttpStatusCode.NotFound, "ResourceNotFound",
        $"The Resource '{type}/{name}' under resource group '{resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");

    /// <summary>There is no such virtual machine.</summary>
    public static ArmException MachineNotFound(string name, string resourceGroup) => ResourceNotFound("Microsoft.Compute/virtualMachines", name, resourceGroup);

    /// <summary>The scale set has no such instance.</summary>
    public static ArmException InstanceNotFound(string instanceId, string scaleSet) => new(
        HttpStatusCode.NotFound, "NotFound", $"The entity was not found in this Azure location: instance '{instanceId}' of the scale set '{scaleSet}'.");

    /// <summary>Nothing is at that path.</summary>
    public static ArmException PathNotFound(string path) => new(
        HttpStatusCode.NotFound, "InvalidResourceType", $"The sandbox serves nothing at '{path}'.");

    /// <summary>The operation is unknown or long forgotten.</summary>
    public static ArmException OperationNotFound(string id) => new(
        HttpStatusCode.NotFound, "NotFound", $"The entity was not found in this Azure location: operation '{id}'.");

    /// <summary>The resource has no such operation.</summary>
    public static ArmException MethodNotAllowed(string method) => new(
        HttpStatusCode.MethodNotAllowed, "HttpVerbNotSupported", $"The sandbox does not carry out {method} on this resource.");

    /// <summary>A parameter of the query has a value that the resource does not take.</summary>
    public static ArmException InvalidParameter(string name, string value) => new(
        HttpStatusCode.BadRequest, "InvalidParameter", $"The value '{value}' of the parameter {name} is invalid.");

    /// <summary>The sandbox has no machines that could run just any script.</summary>
    public static ArmException ScriptUnknown() => new(
        HttpStatusCode.BadRequest, "ScriptNotSupported",
        "The sandbox runs no scripts inside machines but those of ChaosPS's own faults, whose effects it plays. This one was not run.");

    /// <summary>Every request says which version of the API it speaks.</summary>
    public static ArmException ApiVersionMissing() => new(
        HttpStatusCode.BadRequest, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");

    /// <summary>The sandbox does not speak that version.</summary>
    public static ArmException ApiVersionUnknown(string version, string type, IEnumerable<string> known) => new(
        HttpStatusCode.BadRequest, "NoRegisteredProviderFound",
        $"No registered resource provider found for API version '{version}' for type '{type}'. The supported api-versions are '{string.Join(", ", known)}'.");

    /// <summary>The machine's state does not allow it.</summary>
    public static ArmException Conflict(string conflictCode, string conflictMessage) => new(HttpStatusCode.Conflict, conflictCode, conflictMessage);

    /// <summary>The subscription asks for too much.</summary>
    public static ArmException TooManyRequests() => new(
        HttpStatusCode.TooManyRequests, "OperationNotAllowed",
        "The server rejected the request because too many requests have been received for this subscription.");

    /// <summary>The answer.</summary>
    /// <param name="other">Another status than its own.</param>
    public FaceResponse ToResponse(HttpStatusCode? other = null) => FaceResponse.Json(other ?? status, new JsonObject { ["error"] = ToError() });

    /// <summary>The error by itself, as it stands in the status of an operation.</summary>
    public JsonObject ToError()
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (details.Count > 0) error["details"] = new JsonArray([.. details.Select(static detail => detail.DeepClone())]);
        return error;
    }
}
