using ChaosPS.Clusters;
using ChaosPS.Experiments.Azure;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>The actions of <c>chaosazure.vmss.actions</c> that change the power of scale set instances, one after the other, waiting for each to end.</summary>
/// <remarks>
/// The filter is a Resource Graph fragment such as <c>where name=~'aks-nodepool1-vmss'</c>. Of every scale set that it matches, the instances that meet one of the
/// criteria are taken; without criteria one at random. A rollback without criteria takes those that the method took.
/// </remarks>
internal sealed class ScaleSetPowerActivity(string function, PowerAction action, string help) : NativeActivity(
    "chaosazure.vmss.actions", function, ActivityKind.Action, help,
    ScaleSetTargets.Filter, ScaleSetTargets.Criteria)
{
    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        ScaleSetTargets.Check(provider, findings);
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var targets = await ScaleSetTargets.FindAsync(request, Function, cancellationToken);
        return [.. targets.Select(target => new PowerTarget(request.Phase, request.Activity, action, target))];
    }

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var resources = new List<object?>();
        foreach (var scaleSet in context.Targets.OfType<MachineTarget>().GroupBy(static target => target.Instance.ScaleSet!))
        {
            var machines = new List<object?>();
            long performedAt = 0;
            foreach (var target in scaleSet)
            {
                var change = await context.Power.ChangeAsync(target.Instance, action, skipShutdown: false, cancellationToken);
                performedAt = change.At.ToUnixTimeSeconds();
                machines.Add(new OrderedDictionary<string, object?>
                {
                    ["id"] = target.Instance.ResourceId,
                    ["name"] = target.Instance.Name,
                    ["type"] = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
                    ["location"] = scaleSet.Key.Location,
                    ["instance_id"] = target.Instance.InstanceId,
                    ["provisioning_state"] = target.Instance.ProvisioningState,
                    ["scale_set"] = scaleSet.Key.Name,

                    // Ours: what was really sent, for a restart of a machine that is off is a start, and a stop of one that is off is nothing.
                    ["power_state_before"] = change.Target.PowerState.ToString(),
                    ["performed"] = change.Performed?.ToString() ?? "nothing",
                    ["performed_at"] = performedAt,
                });
            }

            resources.Add(new OrderedDictionary<string, object?>
            {
                ["id"] = scaleSet.Key.ResourceId,
                ["location"] = scaleSet.Key.Location,
                ["name"] = scaleSet.Key.Name,
                ["resourceGroup"] = scaleSet.Key.ResourceGroupName,
                ["type"] = "microsoft.compute/virtualmachinescalesets",
                ["virtualMachines"] = machines.ToArray(),
                ["performed_at"] = performedAt,
            });
        }

        return new OrderedDictionary<string, object?> { ["resources"] = resources.ToArray() };
    }
}
