using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>What Azure refuses with reaches the user as: what, on which machine, why, and what to do.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Group = $"/subscriptions/{MachineWorld.Subscription}/resourceGroups/mc_shop-rg_shop_westeurope";

    private readonly MachineWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("AuthorizationFailed", "AzureForbidden", ErrorKind.PermissionDenied,
        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action",
        $"az role assignment create --assignee 9d4c1f0e-5b7a-4c3d-8e21-6f0b7a9c2d14 --role \"ChaosPS Operator\" --scope {Group}.")]
    [InlineData("DenyAssignmentAuthorizationFailed", "AzureForbidden", ErrorKind.PermissionDenied,
        "nrg-lockdown", "--nrg-lockdown-restriction-level Unrestricted")]
    [InlineData("RequestDisallowedByPolicy", "AzureForbidden", ErrorKind.PermissionDenied, "disallowed by policy", "(no-power-off)")]
    [InlineData("ScopeLocked", "AzureLocked", ErrorKind.PermissionDenied, "are locked", "az lock list --resource-group mc_shop-rg_shop_westeurope")]
    [InlineData("OperationNotAllowed", "AzureCapacityMissing", ErrorKind.LimitExceeded, "standardDSv3Family Cores quota", "az vm list-usage --location westeurope")]
    [InlineData("AllocationFailed", "AzureCapacityMissing", ErrorKind.LimitExceeded, "sufficient capacity", "start the machine again later")]
    [InlineData("ZonalAllocationFailed", "AzureCapacityMissing", ErrorKind.LimitExceeded, "in this zone", "az vm list-skus")]
    [InlineData("OverconstrainedAllocationRequest", "AzureCapacityMissing", ErrorKind.LimitExceeded, "too restrictive", "az vm list-skus")]
    [InlineData("OverconstrainedZonalAllocationRequest", "AzureCapacityMissing", ErrorKind.LimitExceeded, "too restrictive", "az vm list-skus")]
    [InlineData("QuotaExceeded", "AzureCapacityMissing", ErrorKind.LimitExceeded, "Cores quota", "az quota update")]
    [InlineData("SkuNotAvailable", "AzureCapacityMissing", ErrorKind.LimitExceeded, "currently not available", "az vm list-skus")]
    [InlineData("ExpiredAuthenticationToken", "AzureAuthenticationFailed", ErrorKind.AuthenticationFailed, "access token expiry", "az login")]
    public async Task A_refusal_says_what_on_which_machine_why_and_what_to_do(string code, string id, ErrorKind kind, string why, string action)
    {
        await _world.Add(SandboxFaultKind.Refusal, code);

        var error = await MachineWorld.Fails(() => _world.Change("uniform-a", PowerAction.PowerOff));

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains($"power off instance 'uniform_0' (node 'uniform-a') in subscription {MachineWorld.Subscription}", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(PowerState.Running, (await _world.Machine("uniform-a")).PowerState);
    }

    [Theory]
    [InlineData("SubscriptionRequestsThrottled", "AzureTooManyRequests", "remaining", ErrorKind.LimitExceeded)]
    [InlineData("TooManyRequests", "AzureTooManyRequests", "remaining", ErrorKind.LimitExceeded)]
    [InlineData("InternalServerError", "AzureServiceFailed", "internal error", ErrorKind.OperationFailed)]
    public async Task What_may_pass_is_told_after_five_attempts(string code, string id, string why, ErrorKind kind)
    {
        await _world.Add(SandboxFaultKind.Refusal, code, count: 5);

        var error = await MachineWorld.Fails(() => _world.Change("vm-a", PowerAction.Deallocate));

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains("deallocate virtual machine 'aks-vmpool-00000001' (node 'vm-a')", error.Message, StringComparison.Ordinal);
        Assert.True(why == "remaining" ? error.Message.Contains("Of subscription-writes", StringComparison.Ordinal) : error.Message.Contains(why, StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public async Task A_lock_counts_for_deletions_too_and_is_told_as_one()
    {
        await _world.Add(SandboxFaultKind.Refusal, "ScopeLocked");

        var error = await MachineWorld.Fails(() => _world.Change("vm-a", PowerAction.Delete));

        Assert.Contains("cannot perform delete operation", error.Message, StringComparison.Ordinal);
        Assert.Contains(Group, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_missing_action_is_that_of_the_machines_kind()
    {
        await _world.Add(SandboxFaultKind.Refusal);

        var error = await MachineWorld.Fails(() => _world.Change("flexible-a", PowerAction.Restart));

        Assert.Contains("Microsoft.Compute/virtualMachines/restart/action", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_not_found()
    {
        var machine = await _world.Machine("vm-a");
        await _world.Change("vm-a", PowerAction.Delete);

        var error = await MachineWorld.Fails(() => _world.Run(() => _world.Connection.Power.BeginAsync(machine, PowerAction.Start, false, default)));

        Assert.Equal(("AzureResourceNotFound", ErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("'aks-vmpool-00000001'", error.Message, StringComparison.Ordinal);
    }
}
