using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Clients;

/// <summary>The real Azure SDK against the sandbox, through its own pipeline.</summary>
public sealed class AzureClientTests : IDisposable
{
    private readonly ChaosSandbox _sandbox = SandboxFactory.Create("contactsapp", 1);
    private readonly HttpClient _http;
    private readonly VirtualMachineScaleSetResource _scaleSet;
    private readonly ArmClient _arm;

    public AzureClientTests()
    {
        _http = new HttpClient(_sandbox.Handler, disposeHandler: false);
        _arm = new ArmClient(
            new FixedToken(), _sandbox.SubscriptionId,
            new ArmClientOptions { Environment = new ArmEnvironment(_sandbox.AzureUri, "https://management.azure.com/"), Transport = new HttpClientTransport(_http) });
        _scaleSet = _arm.GetVirtualMachineScaleSetResource(VirtualMachineScaleSetResource.CreateResourceIdentifier(
            _sandbox.SubscriptionId, _sandbox.Environment["AZURE_CLUSTER_RESOURCE_GROUP"], _sandbox.Environment["AZURE_CLUSTER_VMSS_NAME"]));
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task It_lists_scale_sets_and_instances()
    {
        var subscription = await _arm.GetDefaultSubscriptionAsync();
        var names = new List<string>();
        await foreach (var scaleSet in subscription.GetVirtualMachineScaleSetsAsync()) names.Add(scaleSet.Data.Name);
        Assert.Equal([_sandbox.Environment["AZURE_CLUSTER_VMSS_NAME"]], names);
        Assert.Equal(3, (await _scaleSet.GetAsync()).Value.Data.Sku.Capacity);

        var powers = new List<string>();
        await foreach (var instance in _scaleSet.GetVirtualMachineScaleSetVms().GetAllAsync(expand: "instanceView"))
        {
            powers.Add($"{instance.Data.InstanceId} {instance.Data.OSProfile.ComputerName} {instance.Data.InstanceView.Statuses[1].Code}");
        }

        Assert.Equal(
        [
            "0 aks-nodepool1-36421985-vmss000000 PowerState/running", "9 aks-nodepool1-36421985-vmss000009 PowerState/running",
            "10 aks-nodepool1-36421985-vmss00000a PowerState/running",
        ], powers);
    }

    [Fact]
    public async Task It_follows_a_power_off_to_its_end()
    {
        var instance = (await _scaleSet.GetVirtualMachineScaleSetVmAsync("0")).Value;
        var operation = await instance.PowerOffAsync(WaitUntil.Started, skipShutdown: false);
        await operation.UpdateStatusAsync();
        Assert.False(operation.HasCompleted);
        var polls = 0;
        while (!operation.HasCompleted && polls++ < 20)
        {
            Step(TimeSpan.FromSeconds(5));
            await operation.UpdateStatusAsync();
        }

        Assert.InRange(polls, 1, 10);
        var view = (await instance.GetInstanceViewAsync()).Value;
        Assert.Equal("PowerState/stopped", view.Statuses[1].Code);
        Assert.Equal("aks-nodepool1-36421985-vmss000000", view.ComputerName);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => instance.RestartAsync(WaitUntil.Started));
        Assert.Equal(409, refusal.Status);
        Assert.NotEmpty(refusal.ErrorCode!);

        var start = await instance.PowerOnAsync(WaitUntil.Started);
        Step(TimeSpan.FromSeconds(60));
        await start.UpdateStatusAsync();
        Assert.True(start.HasCompleted);
        Assert.Equal("PowerState/running", (await instance.GetInstanceViewAsync()).Value.Statuses[1].Code);
    }

    [Fact]
    public async Task It_follows_a_deletion_to_its_end()
    {
        var instance = (await _scaleSet.GetVirtualMachineScaleSetVmAsync("9")).Value;
        var operation = await instance.DeleteAsync(WaitUntil.Started);
        Step(TimeSpan.FromSeconds(120));
        await operation.UpdateStatusAsync();
        Assert.True(operation.HasCompleted);
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => instance.GetAsync());
        Assert.Equal((404, "NotFound"), (refusal.Status, refusal.ErrorCode));
    }

    private void Step(TimeSpan duration) => ((VirtualClock)_sandbox.Clock).Advance(duration);

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("sandbox", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
