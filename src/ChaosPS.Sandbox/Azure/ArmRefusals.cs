using System.Net;

namespace ChaosPS.Sandbox.Azure;

/// <summary>The refusals of Azure that can be rehearsed: code, status and words as they are documented, or were met.</summary>
/// <remarks>
/// Sources: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors ,
/// https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/error-code-zonalallocationfailed-allocationfailed , https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources .
/// </remarks>
internal static class ArmRefusals
{
    /// <summary>The refusal of a fault that names none.</summary>
    public const string Usual = "AuthorizationFailed";

    private const string Principal = "9d4c1f0e-5b7a-4c3d-8e21-6f0b7a9c2d14";

    private static readonly Dictionary<string, (HttpStatusCode Status, Func<Place, string> Message)> s_known = new(StringComparer.Ordinal)
    {
        ["AllocationFailed"] = (HttpStatusCode.Conflict, static _ =>
            "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance"),
        ["AnotherOperationInProgress"] = (HttpStatusCode.Conflict, static _ => "Another operation on this or dependent resource is in progress."),
        ["AuthorizationFailed"] = (HttpStatusCode.Forbidden, static place =>
            $"The client '{Principal}' with object id '{Principal}' does not have authorization to perform action '{place.Action}' over scope '{place.Scope}' or the scope is "
            + "invalid. If access was recently granted, please refresh your credentials."),
        ["DenyAssignmentAuthorizationFailed"] = (HttpStatusCode.Forbidden, static place =>
            $"The client '{Principal}' with object id '{Principal}' has permission to perform action '{place.Action}' on scope '{place.Scope}'; however, the access is denied "
            + "because of the deny assignment with name 'kubernetes.azure.com/lockdown: node resource group deny assignment created by Azure Kubernetes Services for nrg-lockdown, see: "
            + $"https://aka.ms/aks/nrg_lockdown' and Id '{Principal}' at scope '{place.Group}'."),
        ["ExpiredAuthenticationToken"] = (HttpStatusCode.Unauthorized, static _ => "The access token expiry UTC time is earlier than current UTC time."),
        ["InternalServerError"] = (HttpStatusCode.InternalServerError, static _ => "The server encountered an internal error. Please retry the request."),
        ["OperationNotAllowed"] = (HttpStatusCode.Conflict, static place =>
            "Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: "
            + $"{place.Location}, Current Limit: 10, Current Usage: 8, Additional Required: 4, (Minimum) New Limit Required: 12."),
        ["OverconstrainedAllocationRequest"] = (HttpStatusCode.Conflict, static _ =>
            "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive. Please remove some constraints and try again. Constraints "
            + "applied are: - Networking Constraints (such as Accelerated Networking or IPv6) - VM Size"),
        ["OverconstrainedZonalAllocationRequest"] = (HttpStatusCode.Conflict, static _ =>
            "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive. Please remove some constraints and try again. Constraints "
            + "applied are: - Availability Zone - VM Size"),
        ["QuotaExceeded"] = (HttpStatusCode.Conflict, static place =>
            "Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: "
            + $"{place.Location}, Current Limit: 10, Current Usage: 8, Additional Required: 4, (Minimum) New Limit Required: 12."),
        ["RequestDisallowedByPolicy"] = (HttpStatusCode.Forbidden, static place =>
            $"Resource '{place.Name}' was disallowed by policy. Policy identifiers: '[{{\"policyAssignment\":{{\"name\":\"no-power-off\",\"id\":\"{place.Scope}/providers/"
            + "Microsoft.Authorization/policyAssignments/no-power-off\"}}]'."),
        ["ScopeLocked"] = (HttpStatusCode.Conflict, static place =>
            $"The scope '{place.Scope}' cannot perform {place.Verb} operation because following scope(s) are locked: '{place.Group}'. Please remove the lock and try again."),
        ["SkuNotAvailable"] = (HttpStatusCode.Conflict, static place =>
            $"The requested size for resource '{place.Scope}' is currently not available in location '{place.Location}' zones '' for subscription '{place.Subscription}'. Please try another size or deploy to a "
            + "different location or zones. See https://aka.ms/azureskunotavailable for details."),
        ["SubscriptionRequestsThrottled"] = (HttpStatusCode.TooManyRequests, static place =>
            $"Number of 'write' requests for subscription '{place.Subscription}' actor '{Principal}' exceeded. Please try again after '10' seconds after additional tokens are available."),
        ["TooManyRequests"] = (HttpStatusCode.TooManyRequests, static _ => "The request was throttled. The limit of the operation group is exceeded."),
        ["ZonalAllocationFailed"] = (HttpStatusCode.Conflict, static _ =>
            "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance"),
    };

    /// <summary>The codes that there are.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. s_known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The refusal.</summary>
    /// <param name="code">One of <see cref="Codes"/>.</param>
    /// <param name="place">What is refused.</param>
    public static ArmException Make(string code, Place place) => new(s_known[code].Status, code, s_known[code].Message(place));

    /// <summary>What is refused.</summary>
    /// <param name="Action">The permission that it needs.</param>
    /// <param name="Scope">The resource.</param>
    /// <param name="Location">Its region.</param>
    internal sealed record Place(string Action, string Scope, string Location)
    {
        /// <summary>The resource group's id.</summary>
        public string Group => string.Join('/', Scope.Split('/').Take(5));

        /// <summary>The subscription.</summary>
        public string Subscription => Scope.Split('/')[2];

        /// <summary>The resource's name.</summary>
        public string Name => Scope[(Scope.LastIndexOf('/') + 1)..];

        /// <summary>What locks tell apart.</summary>
        public string Verb => Action.EndsWith("/delete", StringComparison.Ordinal) ? "delete" : "write";
    }
}
