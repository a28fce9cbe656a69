using System.Text.RegularExpressions;
using ChaosPS.Azure;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure;

/// <summary>What ARM's codes mean for a user: which of them say more than their HTTP status does, and what to do about each.</summary>
/// <remarks>
/// Sources of codes and texts: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors ,
/// https://learn.microsoft.com/azure/virtual-machines/error-messages (the compute provider's),
/// https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/error-code-zonalallocationfailed-allocationfailed ,
/// https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available , …/error-resource-quota , …/error-policy-requestdisallowedbypolicy ,
/// https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources , https://learn.microsoft.com/azure/aks/node-resource-group-lockdown .
/// </remarks>
/// <param name="Call">What was asked for.</param>
/// <param name="Status">The HTTP status; 0 for the end of an operation.</param>
/// <param name="Code">ARM's code.</param>
/// <param name="Message">ARM's words.</param>
/// <param name="Pause">How long ARM wants to be left alone; null when it does not say.</param>
internal sealed partial record AzureRefusal(AzureCall Call, int Status, string Code, string Message, TimeSpan? Pause = null)
{
    /// <summary>
    /// Parts of the texts that tell a conflict which passes from one with the machine's state: both come as <c>OperationNotAllowed</c> and <c>Conflict</c>.
    /// </summary>
    /// <remarks>
    /// Compute: "Operation '…' is not allowed on VM '…' since another operation is in progress", "An ongoing operation is changing power state of Virtual
    /// Machine … Please perform operation … after some time" (error-messages); "The request failed due to conflict with a concurrent request", after which
    /// the cloud provider of Kubernetes asks again five seconds later (kubernetes-sigs/cloud-provider-azure, ConcurrentRequestConflictMessage). AKS: "Another
    /// operation (Updating) is in progress", "there's an in progress update managed cluster operation".
    /// </remarks>
    private static readonly string[] s_passing = ["in progress", "in-progress", "concurrent request", "ongoing operation is changing power state"];

    /// <summary>What is called goes no further than the region or the zone has room.</summary>
    private bool IsCapacity => Code.ToUpperInvariant() is "ALLOCATIONFAILED" or "ZONALALLOCATIONFAILED" or "OVERCONSTRAINEDALLOCATIONREQUEST"
        or "OVERCONSTRAINEDZONALALLOCATIONREQUEST" or "SKUNOTAVAILABLE";

    private bool IsQuota => Code is "QuotaExceeded" or "ResourceQuotaExceeded" || (Code is "OperationNotAllowed" && Says("exceeding approved"));

    /// <summary>A machine that is marked for deletion only ever gets deleted.</summary>
    private bool IsBeingDeleted => Says("marked for deletion") || Says("being deleted");

    /// <summary>Whether another operation on the machine is in the way, so that waiting helps.</summary>
    public bool IsBusy => Status == 409 && !IsBeingDeleted && !IsQuota
        && (Code is "AnotherOperationInProgress" or "ResourceUpdateBlockedOnPlatformUpdate" || s_passing.Any(Says));

    /// <summary>The error.</summary>
    public ChaosException ToException(Exception? inner = null) => (Status, Code) switch
    {
        (401, _) => ChaosErrors.AzureAuthenticationFailed(Call.Words, $"{Message.TrimEnd('.')} ({Code})", Advice, inner),
        (403, _) => ChaosErrors.AzureForbidden(Call.Words, Code, Message, Advice!, inner),
        (_, "ScopeLocked") => ChaosErrors.AzureLocked(Call.Words, Code, Message, Advice!, inner),
        (_, "ReadOnlyDisabledSubscription") => ChaosErrors.AzureForbidden(Call.Words, Code, Message, Advice!, inner),
        (404, _) => ChaosErrors.AzureResourceNotFound(Call.Words, Code, Message, Advice, inner),
        (408, _) => ChaosErrors.AzureTimeout(Call.Words, inner),
        (429, _) => ChaosErrors.AzureTooManyRequests(Call.Words, Code, Message, Pause, inner),
        _ when IsCapacity || IsQuota => ChaosErrors.AzureCapacityMissing(Call.Words, Code, Message, Advice!, inner),
        (409, _) => ChaosErrors.AzureConflict(Call.Words, Code, Message, Advice, inner),
        ( >= 400 and < 500, _) => ChaosErrors.AzureRequestRefused(Call.Words, Code, Message, inner),
        _ => ChaosErrors.AzureServiceFailed(Call.Words, Status, Code, Message, inner),
    };

    /// <summary>What to do, where the code says more than the status; null where it does not.</summary>
    public string? Advice => Code switch
    {
        "InvalidAuthenticationTokenTenant" =>
            $"Whoever asks is of another tenant than the subscription: az login --tenant {Found(TenantPattern()) ?? "<tenant>"}, or name that tenant where the identity is set up.",
        "DenyAssignmentAuthorizationFailed" => $"A deny assignment keeps everybody off this scope, whatever their roles. {Denial}",
        "RequestDisallowedByPolicy" =>
            $"A policy forbids it{(Found(PolicyPattern()) is { } policy ? $" ({policy})" : "")}: choose another target, or ask its owner for an exemption: az policy exemption create "
            + $"--name chaos --exemption-category Waiver --policy-assignment {Found(AssignmentPattern()) ?? "<id of the assignment>"} --scope {Where}.",
        "RequestDisallowedByAzure" => "Azure forbids it for this subscription or region: see what the message names.",
        "ScopeLocked" =>
            $"Somebody put a lock on {Found(LockPattern()) ?? Scope}: az lock list --resource-group {Group}{OfSubscription} shows it. It is there for a reason; whoever owns it can take it "
            + "off for the time of the experiment with az lock delete.",
        "SubscriptionNotFound" =>
            "See whether the id is right, and whether whoever asks is of its tenant and may see it: az account list --all --output table.",
        "ReadOnlyDisabledSubscription" => "The subscription is disabled, so that nothing in it can be changed: its owner can enable it again (Cost Management + Billing).",
        "MissingSubscriptionRegistration" => "az provider register --namespace Microsoft.Compute, and once more for what the message names.",
        _ when Status == 403 =>
            $"It needs a role with the action {Action} on {Where}: {AzureRole.Assign(Principal, Where)}",
        _ when IsQuota =>
            $"The subscription's quota in the region is used up: az vm list-usage --location {Location}{OfSubscription} shows it, az quota update raises it. A deallocated machine counts when it starts.",
        "SkuNotAvailable" =>
            $"The region or zone does not offer this size to the subscription now: az vm list-skus --location {Location} --zone --output table{OfSubscription} shows who may have what where. "
            + "Spot machines get it also when there is no room for them.",
        _ when IsCapacity =>
            "The region or zone has no room for this size now: start the machine again later. A machine that is powered off keeps its place, a deallocated one does not. "
            + $"Sizes and zones: az vm list-skus --location {Location} --zone --output table{OfSubscription}.",
        "OperationPreempted" => "A newer operation on the same machine took its place (autoscaler, upgrade, another user): look at the machine's power state.",
        "VMStartTimedOut" => "The machine may still start: look at its power state some minutes later (Get-ClusterNode -PowerState).",
        "TooManyVMRedeploymentRequests" => "Azure limits how often a machine, or the others of its availability set, is redeployed: repeat the command later.",
        _ when IsBeingDeleted => "The machine is being deleted, and nothing brings it back: choose another node (Get-ClusterNode).",
        _ when Status == 409 && !IsBusy => "Its present state does not allow it: look at it (Get-ClusterNode -PowerState), then decide anew.",
        _ => null,
    };

    /// <summary>Who has made a deny assignment, by the name that it bears, and what ends it.</summary>
    /// <remarks>
    /// AKS: "…: node resource group deny assignment created by Azure Kubernetes Services for nrg-lockdown"; others: "Deny assignment '…' created by Deployment
    /// Stack '…'", "System deny assignment created by managed application …".
    /// </remarks>
    private string Denial =>
        Says("nrg-lockdown")
            ? "It is the lockdown of AKS: az aks update --resource-group <cluster's group> --name <cluster> --nrg-lockdown-restriction-level Unrestricted."
        : Says("Deployment Stack")
            ? "It belongs to the deployment stack that the message names: az stack group create … --deny-settings-mode none, or an excluded principal or action there."
        : Says("managed application")
            ? "It belongs to the managed application that the message names: only its publisher can change what is in it."
        : "Whoever made it can end it; role assignments do not help.";

    private string Action => Found(ActionPattern()) ?? Call.Permission;

    private string Scope => Found(ScopePattern()) ?? Call.ResourceId ?? "<scope>";

    /// <summary>A role is better given on the node resource group than on one machine of it, which comes and goes.</summary>
    private string Where => GroupPattern().Match(Scope) is { Success: true } match ? match.Value : Scope;

    private string Group => GroupPattern().Match(Scope) is { Success: true } match ? match.Groups[1].Value : "<resource group>";

    /// <summary>For commands, which may be set to another subscription.</summary>
    private string OfSubscription => AzureScope.SubscriptionOf(Scope) is { } subscription ? $" --subscription {subscription}" : "";

    private string Principal => Found(PrincipalPattern()) ?? "<object id>";

    private string Location => Found(LocationPattern()) ?? "<region>";

    private bool Says(string text) => Message.Contains(text, StringComparison.OrdinalIgnoreCase);

    private string? Found(Regex pattern) => pattern.Match(Message) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"perform action '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex ActionPattern();

    [GeneratedRegex(@"(?:(?:over|on) scope|[Tt]he scope) '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex ScopePattern();

    [GeneratedRegex(@"object id '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex PrincipalPattern();

    [GeneratedRegex(@"locked: '([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex LockPattern();

    [GeneratedRegex(@"""policyAssignment"":\{""name"":""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyPattern();

    [GeneratedRegex(@"""policyAssignment"":\{""name"":""[^""]+"",""id"":""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex AssignmentPattern();

    [GeneratedRegex(@"match the tenant 'https://[^/']+/([^/']+)/?'", RegexOptions.CultureInvariant)]
    private static partial Regex TenantPattern();

    [GeneratedRegex(@"[Ll]ocation:? '?([A-Za-z0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex LocationPattern();

    [GeneratedRegex(@"^/subscriptions/[^/]+/resourceGroups/([^/]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex GroupPattern();
}
