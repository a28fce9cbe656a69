using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>The actions of <c>chaosazure.machine.actions</c> that change the power of virtual machines, one after the other, waiting for each to end.</summary>
/// <remarks>Every machine that the filter matches is hit; <c>| sample 1</c> in the filter leaves one of them to chance.</remarks>
internal sealed class MachinePowerActivity(string function, PowerAction action, string help)
    : NativeActivity("chaosazure.machine.actions", function, ActivityKind.Action, help, AzureTargets.Filter("virtual machines", "aks-vmpool-00000001"))
{
    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        AzureTargets.CheckFilter(provider, findings, "virtual machine");
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var machines = await AzureTargets.FindMachinesAsync(request, Function, cancellationToken);
        return [.. machines.Select(machine => new PowerTarget(request.Phase, request.Activity, action, machine))];
    }

    /// <inheritdoc/>
    internal override Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        AzureTargets.ChangeAsync(context, action, cancellationToken);
}
