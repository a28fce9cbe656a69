using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Azure;

/// <content>Scripts inside machines: the action Run Command.</content>
/// <remarks>
/// One script at a time on a machine; as <c>root</c>; about 20 seconds at least, 90 minutes at most. Source:
/// https://learn.microsoft.com/azure/virtual-machines/linux/run-command .
/// </remarks>
internal sealed partial class AzureNodePower
{
    private const string ShellScript = "RunShellScript";

    /// <inheritdoc/>
    public async Task<IMachineScript> BeginScriptAsync(ScaleSetInstance instance, string script, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(script);
        var call = Describe(instance, "run a script in", "runCommand/action");
        var input = new RunCommandInput(ShellScript);
        foreach (var line in script.TrimEnd('\n').Split('\n')) input.Script.Add(line);
        var progress = await WhileBusyAsync(call, async () => Follow(instance, await SendAsync(instance, input, cancellationToken)), time, cancellationToken);
        return new AzureMachineScript(call, progress, time);
    }

    private async Task<ArmOperation<VirtualMachineRunCommandResult>> SendAsync(ScaleSetInstance instance, RunCommandInput input, CancellationToken cancellationToken)
    {
        var id = new ResourceIdentifier(instance.ResourceId);
        return AzureMachineId.ScaleSetOf(instance.ResourceId) is not null
            ? await _arm.Value.Client.GetVirtualMachineScaleSetVmResource(id).RunCommandAsync(WaitUntil.Started, input, cancellationToken)
            : await _arm.Value.Client.GetVirtualMachineResource(id).RunCommandAsync(WaitUntil.Started, input, cancellationToken);
    }
}
