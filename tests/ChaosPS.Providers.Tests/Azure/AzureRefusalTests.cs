using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Azure;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Azure;

/// <summary>What ARM says no with, in the words of its documentation and of those who met it, and what a user reads then.</summary>
public sealed class AzureRefusalTests : IDisposable
{
    private const string Subscription = FakeArm.Subscription;
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/MC_app";
    private const string SetId = $"{Group}/providers/Microsoft.Compute/virtualMachineScaleSets/pool";
    private const string Action = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/start/action";
    private const string Who = "The client 'user@example.com' with object id '11111111-add0-464e-a41f-5ea8ef4e4c49'";

    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    public void Dispose() => _server.Dispose();

    /// <summary>Status, code, text; id and kind of the error; a part of its advice.</summary>
    public static TheoryData<int, string, string, string, ErrorKind, string> Refusals => new()
    {
        {
            401, "InvalidAuthenticationTokenTenant",
            "The access token is from the wrong issuer 'https://sts.windows.net/aaaaaaaa-0000/'. It must match the tenant 'https://sts.windows.net/bbbbbbbb-0000/' associated with this subscription.",
            "AzureAuthenticationFailed", ErrorKind.AuthenticationFailed, "az login --tenant bbbbbbbb-0000"
        },
        { 401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.", "AzureAuthenticationFailed", ErrorKind.AuthenticationFailed, "az login" },
        {
            403, "AuthorizationFailed", $"{Who} does not have authorization to perform action '{Action}' over scope '{SetId}/virtualMachines/0' or the scope is invalid.",
            "AzureForbidden", ErrorKind.PermissionDenied, $"az role assignment create --assignee 11111111-add0-464e-a41f-5ea8ef4e4c49 --role \"ChaosPS Operator\" --scope {Group}."
        },
        {
            403, "DenyAssignmentAuthorizationFailed",
            $"{Who} has permission to perform action '{Action}' on scope '{SetId}/virtualMachines/0'; however, the access is denied because of the deny assignment with name "
            + "'kubernetes.azure.com/x/y: node resource group deny assignment created by Azure Kubernetes Services for nrg-lockdown, see: https://aka.ms/aks/nrg_lockdown' and Id '1' at scope "
            + $"'{Group}'.",
            "AzureForbidden", ErrorKind.PermissionDenied, "--nrg-lockdown-restriction-level Unrestricted"
        },
        {
            403, "DenyAssignmentAuthorizationFailed", $"{Who} has permission; however, the access is denied because of the deny assignment with name 'Deny assignment '5' created by Deployment Stack '/subscriptions/s'.'",
            "AzureForbidden", ErrorKind.PermissionDenied, "--deny-settings-mode none"
        },
        {
            403, "DenyAssignmentAuthorizationFailed", $"{Who} has permission; however, the access is denied because of the deny assignment with name 'System deny assignment created by managed application /subscriptions/s'",
            "AzureForbidden", ErrorKind.PermissionDenied, "only its publisher"
        },
        {
            403, "RequestDisallowedByPolicy",
            "Resource 'pool' was disallowed by policy. Policy identifiers: '[{\"policyAssignment\":{\"name\":\"[IAC] - No power off\",\"id\":\"/subscriptions/s/providers/Microsoft.Authorization/"
            + "policyAssignments/bc5f\"},\"policyDefinition\":{\"name\":\"No power off\",\"id\":\"/providers/x\"}}]'.",
            "AzureForbidden", ErrorKind.PermissionDenied, "([IAC] - No power off): choose another target, or ask its owner for an exemption: az policy exemption create --name chaos --exemption-category "
            + $"Waiver --policy-assignment /subscriptions/s/providers/Microsoft.Authorization/policyAssignments/bc5f --scope {Group}."
        },
        {
            409, "ScopeLocked", $"The scope '{SetId}' cannot perform write operation because following scope(s) are locked: '{Group}'. Please remove the lock and try again.",
            "AzureLocked", ErrorKind.PermissionDenied, $"Somebody put a lock on {Group}: az lock list --resource-group MC_app --subscription {Subscription}"
        },
        {
            409, "ReadOnlyDisabledSubscription", $"The subscription '{Subscription}' is disabled and therefore marked as read only.",
            "AzureForbidden", ErrorKind.PermissionDenied, "The subscription is disabled"
        },
        { 404, "ResourceNotFound", "The Resource was not found.", "AzureResourceNotFound", ErrorKind.NotFound, "the autoscaler does that" },
        { 404, "SubscriptionNotFound", $"The subscription '{Subscription}' could not be found.", "AzureResourceNotFound", ErrorKind.NotFound, "az account list --all" },
        {
            409, "OperationNotAllowed",
            "Operation could not be completed as it results in exceeding approved LowPriorityCores quota. Additional details - Deployment Model: Resource Manager, Location: westus2, Current Limit: 3.",
            "AzureCapacityMissing", ErrorKind.LimitExceeded, "az vm list-usage --location westus2"
        },
        { 409, "QuotaExceeded", "Operation could not be completed as it results in exceeding approved standardEASv5Family Cores quota.", "AzureCapacityMissing", ErrorKind.LimitExceeded, "az quota update" },
        { 409, "AllocationFailed", "Allocation failed. We do not have sufficient capacity for the requested VM size in this region.", "AzureCapacityMissing", ErrorKind.LimitExceeded, "start the machine again later" },
        { 409, "ZonalAllocationFailed", "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone.", "AzureCapacityMissing", ErrorKind.LimitExceeded, "start the machine again later" },
        {
            409, "OverconstrainedAllocationRequest", "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive.",
            "AzureCapacityMissing", ErrorKind.LimitExceeded, "start the machine again later"
        },
        {
            409, "OverConstrainedZonalAllocationRequest", "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive.",
            "AzureCapacityMissing", ErrorKind.LimitExceeded, "start the machine again later"
        },
        {
            409, "SkuNotAvailable", "The requested size for resource 'vm' is currently not available in location 'eastus' zones '1' for subscription 's'.",
            "AzureCapacityMissing", ErrorKind.LimitExceeded, "az vm list-skus --location eastus --zone --output table"
        },
        {
            409, "OperationNotAllowed", "Operation 'start' is not allowed on VM 'pool_0' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).",
            "AzureConflict", ErrorKind.Conflict, "The machine is being deleted"
        },
        {
            409, "OperationNotAllowed", "Operation 'restart' is not allowed on VM 'pool_0' since the VM is either deallocated or marked to be deallocated.",
            "AzureConflict", ErrorKind.Conflict, "Its present state does not allow it"
        },
        { 400, "InvalidParameter", "The value of parameter instanceIds is invalid.", "AzureRequestRefused", ErrorKind.InvalidArgument, "Change what it names" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_says_what_on_which_machine_in_which_subscription_why_and_what_to_do(
        int status, string code, string text, string id, ErrorKind kind, string advice)
    {
        _server.Answer(status, Error(code, text));

        var error = await Fails();

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains($"start instance 'pool_0' (node 'pool000000') in {FakeArm.Place}", error.Message, StringComparison.Ordinal);
        Assert.Contains(text.TrimEnd('.'), error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_server.Requests); // nothing of it passes by itself
    }

    public static TheoryData<string, string> Passing => new()
    {
        { "AnotherOperationInProgress", "Another operation on this or dependent resource is in progress." },
        { "OperationNotAllowed", "Operation 'start' is not allowed on VM 'pool_0' since another operation is in progress." },
        { "OperationNotAllowed", "An ongoing operation is changing power state of Virtual Machine pool_0 to stopped. Please perform operation start after some time." },
        { "OperationNotAllowed", "Operation is not allowed: Another operation (nodepool1 - Updating) is in progress, please wait for it to finish before starting a new operation." },
        { "OperationNotAllowed", "Operation is not allowed because there's an in progress update managed cluster operation (operation ID: e375) on the managed cluster." },
        { "EtagMismatch", "Operation is not allowed: Another operation is in progress" },
        { "Conflict", "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests." },
        { "ResourceUpdateBlockedOnPlatformUpdate", "Resource cannot be updated at this time due to ongoing platform update. Please try again later." },
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_is_only_in_the_way_is_waited_for(string code, string text)
    {
        _server.Answer(409, Error(code, text)).Answer(409, Error(code, text)).Answer(200, "");
        var began = _clock.GetUtcNow();

        await BeginAsync();

        Assert.Equal(TimeSpan.FromSeconds(20), _clock.GetUtcNow() - began);
    }

    /// <summary>How ARM, the compute provider and Resource Graph say that it is too much: headers and body; the pause they ask for, and what is told.</summary>
    public static TheoryData<string[], string, int, string> Limits => new()
    {
        {
            ["Retry-After: 17", "x-ms-ratelimit-remaining-subscription-writes: 0"],
            """{"error":{"code":"SubscriptionRequestsThrottled","message":"Number of 'write' requests for subscription 's' actor 'a' exceeded. Please try again after '17' seconds."}}""",
            17, "Of subscription-writes 0 calls are left (SubscriptionRequestsThrottled)."
        },
        {
            ["Retry-After: 1200", "x-ms-ratelimit-remaining-resource: Microsoft.Compute/HighCostGet3Min;46,Microsoft.Compute/HighCostGet30Min;0"],
            """
            {"code":"OperationNotAllowed","message":"The server rejected the request because too many requests have been received for this subscription.","details":[{"code":"TooManyRequests",
             "target":"HighCostGet30Min","message":"{\"operationGroup\":\"HighCostGet30Min\",\"startTime\":\"2018-06-29T19:54:21.0914017+00:00\",\"endTime\":\"2018-06-29T20:14:21.0914017+00:00\",\"allowedRequestCount\":800,\"measuredRequestCount\":1238}"}]}
            """,
            1200, "for this subscription. 1238 calls of HighCostGet30Min, of which 800 are allowed. Of Microsoft.Compute/HighCostGet30Min 0 calls are left (OperationNotAllowed)."
        },
        {
            ["x-ms-user-quota-remaining: 0", "x-ms-user-quota-resets-after: 00:00:40"],
            """{"error":{"code":"RateLimiting","message":"Please provide below info when asking for support.","details":[{"code":"RateLimiting","message":"Client application has been throttled."}]}}""",
            40, "Client application has been throttled (RateLimiting)."
        },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task What_is_too_much_says_of_what_and_for_how_long(string[] headers, string body, int pause, string told)
    {
        (string, string)[] parsed = [.. headers.Select(static header => (header.Split(": ")[0], header.Split(": ")[1]))];
        for (var i = 0; i < 5; i++) _server.Answer(429, body, parsed);
        var began = _clock.GetUtcNow();

        var error = await Fails();

        Assert.Equal(("AzureTooManyRequests", ErrorKind.LimitExceeded), (error.ErrorId, error.Kind));
        Assert.EndsWith(told, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Wait {Text.Seconds(TimeSpan.FromSeconds(pause))}: ", error.RecommendedAction, StringComparison.Ordinal);

        // A pause of minutes is the user's to wait.
        Assert.Equal(pause > 120 ? 1 : 5, _server.Requests.Count);
        Assert.Equal(pause > 120 ? TimeSpan.Zero : TimeSpan.FromSeconds(4 * pause), _clock.GetUtcNow() - began);
    }

    /// <summary>The ends of operations that were accepted first.</summary>
    public static TheoryData<string, string> Ends => new()
    {
        { "ZonalAllocationFailed", "start the machine again later" },
        { "OverconstrainedZonalAllocationRequest", "start the machine again later" },
        { "VMStartTimedOut", "The machine may still start" },
        { "OperationPreempted", "A newer operation on the same machine took its place" },
        { "InternalExecutionError", "Look at the machine's power state before anything else" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_failed_operation_says_what_to_do_too(string code, string advice)
    {
        _server.Answer(202, "", [("Azure-AsyncOperation", "https://arm.example.com/subscriptions/s/providers/Microsoft.Compute/locations/l/operations/1")])
            .Answer(200, "{\"status\":\"Failed\",\"error\":{\"code\":\"" + code + "\",\"message\":\"It failed.\"}}");
        var operation = await BeginAsync();

        var error = await Assert.ThrowsAsync<ChaosException>(() => _clock.RunAsync(() => operation.WaitAsync(default)));

        Assert.Equal(
            ("PowerOperationFailed", $"Azure accepted to start instance 'pool_0' (node 'pool000000') in {FakeArm.Place}, but the operation ended as Failed: It failed ({code})."),
            (error.ErrorId, error.Message));
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
    }

    private static string Error(string code, string text) => System.Text.Json.JsonSerializer.Serialize(new { error = new { code, message = text } });

    private async Task<ChaosException> Fails() => FakeArm.Located(await Assert.ThrowsAsync<ChaosException>(BeginAsync));

    private Task<Ports.IPowerOperation> BeginAsync()
    {
        var power = new AzureNodePower(() => FakeArm.Of(_server, _clock), _ => Task.FromResult<IReadOnlyList<string>>([Subscription]), _clock);
        var instance = new ScaleSetInstance
        {
            ResourceId = SetId + "/virtualMachines/0",
            Name = "pool_0",
            InstanceId = "0",
            ComputerName = "pool000000",
            ScaleSet = new ScaleSet(SetId, "pool", "MC_app", Subscription, "westeurope"),
        };
        return _clock.RunAsync(() => power.BeginAsync(instance, PowerAction.Start, false, default)).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
