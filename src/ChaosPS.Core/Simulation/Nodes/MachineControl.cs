using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Azure's side of the machines: accepts power operations, or refuses them, and carries them out.</summary>
/// <remarks>
/// The guest is dead from the instant that a power-off is accepted. A later operation on a machine takes the place of
/// one that is going on, which then fails with <c>OperationPreempted</c>.
/// </remarks>
internal sealed class MachineControl(ClusterState state, Kubelets kubelets)
{
    private static readonly TimeSpan s_evictionNotice = TimeSpan.FromSeconds(30);

    public MachineOperation Begin(SimulatedMachine machine, PowerAction action, bool skipShutdown, TimeSpan delay)
    {
        if (action == PowerAction.SimulateEviction) throw new ArgumentOutOfRangeException(nameof(action), action, "An eviction is announced, not begun.");
        Check(machine, action);
        if (machine.Operation is { } running)
        {
            running.Status = MachineOperationStatus.Failed;
            running.ErrorCode = "OperationPreempted";
            running.EndTime = state.Now;
            machine.Operation = null;
        }

        var duration = IsDone(machine, action) ? TimeSpan.Zero : Duration(action, skipShutdown).Draw(state.Chance) + delay;
        var operation = new MachineOperation(state.NewUid("Operation", machine.ResourceId, action.ToString()), machine, action, state.Now, state.Now + duration);
        if (duration == TimeSpan.Zero)
        {
            operation.Status = MachineOperationStatus.Succeeded;
            return operation;
        }

        machine.Operation = operation;
        state.MachinesOff.Add(machine);
        machine.ProvisioningState = action == PowerAction.Delete ? "Deleting" : "Updating";
        machine.PowerState = action switch
        {
            PowerAction.PowerOff => PowerState.Stopping,
            PowerAction.Deallocate => PowerState.Deallocating,
            PowerAction.Start or PowerAction.Restart or PowerAction.Reimage or PowerAction.Redeploy => PowerState.Starting,
            _ => machine.PowerState,
        };
        if (action != PowerAction.Start) CutPower(machine);
        state.Events.At(operation.EndTime, () => End(operation));
        return operation;
    }

    /// <summary>Announces the eviction of a Spot machine, which comes half a minute later unless the machine is off by then.</summary>
    /// <remarks>Source: https://learn.microsoft.com/azure/virtual-machines/spot-vms : 30 seconds of notice.</remarks>
    public void Evict(SimulatedMachine machine, bool deletes) => state.Events.At(state.Now + s_evictionNotice, () =>
    {
        if (machine.IsOn && !machine.IsDeleted && machine.Operation is null)
            Begin(machine, deletes ? PowerAction.Delete : PowerAction.Deallocate, skipShutdown: false, TimeSpan.Zero);
    });

    private static void Check(SimulatedMachine machine, PowerAction action)
    {
        if (machine.Operation?.Action == PowerAction.Delete)
            throw new PowerRefusedException("OperationNotAllowed", $"The instance '{machine.ResourceId}' is being deleted.");
        if (action == PowerAction.Restart && machine.PowerState is not (PowerState.Running or PowerState.Starting))
            throw new PowerRefusedException("OperationNotAllowed", $"Cannot restart '{machine.ResourceId}': it is not running.");
        if (action == PowerAction.PowerOff && machine.PowerState is PowerState.Deallocated or PowerState.Deallocating)
            throw new PowerRefusedException("OperationNotAllowed", $"Cannot power off '{machine.ResourceId}': it is deallocated.");
    }

    private static bool IsDone(SimulatedMachine machine, PowerAction action) => action switch
    {
        PowerAction.PowerOff => machine.PowerState == PowerState.Stopped,
        PowerAction.Deallocate => machine.PowerState == PowerState.Deallocated,
        PowerAction.Start => machine.PowerState == PowerState.Running,
        _ => false,
    };

    private DurationRange Duration(PowerAction action, bool skipShutdown) => action switch
    {
        PowerAction.PowerOff when skipShutdown => state.Options.PowerOffSkippingShutdown,
        PowerAction.PowerOff => state.Options.PowerOff,
        PowerAction.Deallocate => state.Options.Deallocate,
        PowerAction.Start => state.Options.Start,
        PowerAction.Restart => state.Options.Restart,
        PowerAction.Reimage or PowerAction.Redeploy => state.Options.Replace,
        PowerAction.Delete => state.Options.Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not a power action."),
    };

    private void CutPower(SimulatedMachine machine)
    {
        machine.IsOn = false;
        machine.LoseFaults();
        if (machine.Node is { } node) kubelets.Die(node);
    }

    private void End(MachineOperation operation)
    {
        var machine = operation.Machine;
        if (machine.Operation != operation) return;
        operation.Status = MachineOperationStatus.Succeeded;
        machine.Operation = null;
        machine.ProvisioningState = "Succeeded";
        switch (operation.Action)
        {
            case PowerAction.PowerOff:
                machine.PowerState = PowerState.Stopped;
                break;
            case PowerAction.Deallocate:
                machine.PowerState = PowerState.Deallocated;
                break;
            case PowerAction.Delete:
                state.Delete(machine);
                break;
            default:
                machine.PowerState = PowerState.Running;
                machine.IsOn = true;
                state.MachinesOff.Remove(machine);
                if (machine.Node is { } node) kubelets.Boot(node);
                break;
        }
    }
}
