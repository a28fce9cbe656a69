using System.Text.RegularExpressions;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure;

/// <summary>What ARM's codes mean for a user: which of them say more than their HTTP status does, and what to do about each.</summary>
/// <remarks>
/// Sources: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors (codes and their texts),
/// https://learn.microsoft.com/azure/virtual-machines/allocation-failure , https://learn.microsoft.com/azure/quotas/quotas-overview ,
/// https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources ,
/// https://learn.microsoft.com/azure/aks/node-resource-group-lockdown .
/// </remarks>
internal sealed partial record AzureRefusal(AzureCall Call, int Status, string Code, string Message)
{
    /// <summary>What is called goes no further than the region or the zone has room.</summary>
    private bool IsCapacity => Code is "AllocationFailed" or "ZonalAllocationFailed" or "OverconstrainedAllocationRequest"
        or "OverconstrainedZonalAllocationRequest" or "AllocationTimeout" or "SkuNotAvailable" or "SpotAllocationFailed";

    private bool IsQuota => Code is "QuotaExceeded" or "ResourceQuotaExceeded"
        || (Code is "OperationNotAllowed" && Message.Contains("quota", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether another operation on the machine is in the way, so that waiting helps.</summary>
    /// <remarks>
    /// Compute says <c>AnotherOperationInProgress</c>, or <c>OperationNotAllowed</c> and <c>Conflict</c> with an operation "in progress"; the managed cluster
    /// <c>OperationNotAllowed</c> with "Another operation (Updating) is in progress". A machine that is marked for deletion only ever gets deleted.
    /// </remarks>
    public bool IsBusy => Status == 409 && !Message.Contains("deletion", StringComparison.OrdinalIgnoreCase)
        && (Code is "AnotherOperationInProgress" or "RetryableError" || Message.Contains("in progress", StringComparison.OrdinalIgnoreCase));

    /// <summary>The error.</summary>
    public ChaosException ToException(Exception? inner = null) => (Status, Code) switch
    {
        (401, _) => ChaosErrors.AzureAuthenticationFailed(Call.Words, $"{Message} ({Code})", inner),
        (403, _) => ChaosErrors.AzureForbidden(Call.Words, Code, Message, Advice!, inner),
        (_, "ScopeLocked") => ChaosErrors.AzureLocked(Call.Words, Code, Message, Advice!, inner),
        (404, _) => ChaosErrors.AzureResourceNotFound(Call.Words, Code, Message, inner),
        (408, _) => ChaosErrors.AzureTimeout(Call.Words, inner),
        (429, _) => ChaosErrors.AzureTooManyRequests(Call.Words, Code, Message, inner),
        _ when IsCapacity || IsQuota => ChaosErrors.AzureCapacityMissing(Call.Words, Code, Message, Advice!, inner),
        (409, _) => ChaosErrors.AzureConflict(Call.Words, Code, Message, inner),
        ( >= 400 and < 500, _) => ChaosErrors.AzureRequestRefused(Call.Words, Code, Message, inner),
        _ => ChaosErrors.AzureServiceFailed(Call.Words, Status, Code, Message, inner),
    };

    /// <summary>What to do, where the code says more than the status; null where it does not.</summary>
    public string? Advice => Code switch
    {
        "DenyAssignmentAuthorizationFailed" =>
            "A deny assignment keeps everybody off this scope, whatever their roles. On the node resource group of AKS it is the lockdown: "
            + "az aks update --resource-group <cluster's group> --name <cluster> --nrg-lockdown-restriction-level Unrestricted.",
        "RequestDisallowedByPolicy" =>
            $"A policy forbids it{Quoted(PolicyPattern(), " (", ")")}: ask its owner for an exemption (az policy exemption create --scope {Scope} …), or choose another target.",
        "RequestDisallowedByAzure" => "Azure forbids it for this subscription or region: see what the message names.",
        "ScopeLocked" =>
            $"Somebody put a lock on {Quoted(LockPattern(), "", "") ?? Scope}: az lock list --resource-group {Group} shows it. It is there for a reason; whoever owns it can take it "
            + "off for the time of the experiment with az lock delete.",
        _ when Status == 403 =>
            $"It needs a role with the action {Action} on {Where}: az role assignment create --assignee {Principal} --role \"ChaosPS Operator\" --scope {Where}. "
            + "The role stands in docs/azure-permissions.md; a new assignment takes some minutes to count.",
        _ when IsQuota =>
            $"The subscription's quota in the region is used up: az vm list-usage --location {Location} shows it, az quota update raises it. A deallocated machine counts when it starts.",
        _ when IsCapacity =>
            "The region or zone has no room for this size now: start the machine again later. A machine that is powered off keeps its place, a deallocated one does not. "
            + $"Sizes and zones: az vm list-skus --location {Location} --zone --output table.",
        "OperationPreempted" => "A newer operation on the same machine took its place (autoscaler, upgrade, another user): look at the machine's power state.",
        _ => null,
    };

    private string Action => ActionPattern().Match(Message) is { Success: true } match ? match.Groups[1].Value : Call.Permission;

    private string Scope => ScopePattern().Match(Message) is { Success: true } match ? match.Groups[1].Value : Call.Scope ?? "<scope>";

    /// <summary>A role is better given on the node resource group than on one machine of it, which comes and goes.</summary>
    private string Where => GroupPattern().Match(Scope) is { Success: true } match ? match.Value : Scope;

    private string Group => GroupPattern().Match(Scope) is { Success: true } match ? match.Groups[1].Value : "<resource group>";

    private string Principal => PrincipalPattern().Match(Message) is { Success: true } match ? match.Groups[1].Value : "<object id>";

    private string Location => LocationPattern().Match(Message) is { Success: true } match ? match.Groups[1].Value : "<region>";

    private string? Quoted(Regex pattern, string before, string after) =>
        pattern.Match(Message) is { Success: true } match ? before + match.Groups[1].Value + after : null;

    [GeneratedRegex(@"perform action '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex ActionPattern();

    [GeneratedRegex(@"(?:over scope|[Tt]he scope) '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex ScopePattern();

    [GeneratedRegex(@"object id '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex PrincipalPattern();

    [GeneratedRegex(@"locked: '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex LockPattern();

    [GeneratedRegex(@"""policyAssignment"":\{""name"":""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyPattern();

    [GeneratedRegex(@"Location:? '?([A-Za-z0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex LocationPattern();

    [GeneratedRegex(@"^/subscriptions/[^/]+/resourceGroups/([^/]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex GroupPattern();
}
