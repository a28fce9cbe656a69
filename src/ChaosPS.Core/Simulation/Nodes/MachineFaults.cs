using ChaosPS.Clusters;
using ChaosPS.Faults;

namespace ChaosPS.Simulation.Nodes;

/// <summary>What the scripts of faults do inside machines: as systemd would, each ends by itself when its time is up, and none outlives its machine's boot.</summary>
internal sealed class MachineFaults(ClusterState state, Kubelets kubelets)
{
    /// <summary>How long Azure takes to run a script: about 20 seconds at least.</summary>
    /// <remarks>Source: https://learn.microsoft.com/azure/virtual-machines/linux/run-command .</remarks>
    private static readonly TimeSpan s_scriptTime = TimeSpan.FromSeconds(20);

    /// <summary>A machine has a file system of 128 GiB, as AKS makes it, of which a fifth is used.</summary>
    private const int DiskMegabytes = 128 * 1024;

    private const int UsedMegabytes = DiskMegabytes / 5;

    /// <summary>Below so much available memory AKS's kubelets evict pods (hard eviction, from Kubernetes 1.29 on).</summary>
    private const long MemoryThreshold = 100L * 1024 * 1024;

    /// <summary>What the script leaves of the memory in any case.</summary>
    private const long MemoryLeft = 50L * 1024 * 1024;

    /// <summary>Below so much available disk, percent, kubelets evict pods.</summary>
    private const int DiskThreshold = 10;

    /// <summary>Runs a script.</summary>
    /// <exception cref="PowerRefusedException">Azure answers 409: the machine is off, or another script runs in it.</exception>
    public MachineScript Run(SimulatedMachine machine, FaultScript script)
    {
        if (machine.PowerState != PowerState.Running || machine.Operation is not null)
            throw new PowerRefusedException("OperationNotAllowed", "The operation requires the VM to be running (or set to run).");
        if (machine.Script is not null)
        {
            throw new PowerRefusedException(
                "Conflict", "Run command extension execution is in progress. Please wait for completion before invoking a run command.");
        }

        var running = new MachineScript(state.NewUid("Script", machine.ResourceId, script.Id), machine, script, state.Now, state.Now + s_scriptTime);
        machine.Script = running;
        state.Events.At(running.EndTime, () =>
        {
            if (machine.Script != running) return;
            machine.Script = null;
            running.Result = Play(machine, script);
        });
        return running;
    }

    private (string Output, string Error, int ExitCode) Play(SimulatedMachine machine, FaultScript script)
    {
        if (script.Fault is null) return (Stop(machine, script.Id).ToLine(script.Id), "", 0);
        if (machine.Faults.Exists(fault => fault.Id == script.Id)) return Running();
        if (Refuse(machine, script.Fault) is { } reason) return (new FaultReport("failed", null, null, null).ToLine(script.Id), reason, 1);
        var fault = new SimulatedFault(script.Id, script.Fault, state.Now + script.Fault.Duration);
        machine.Faults.Add(fault);
        Begin(machine, fault);
        state.Events.At(fault.EndTime, () =>
        {
            if (machine.Faults.Contains(fault)) End(machine, fault, "timeout");
        });
        return Running();

        (string, string, int) Running() => (new FaultReport("running", null, null, state.Now).ToLine(script.Id), "", 0);
    }

    private static string? Refuse(SimulatedMachine machine, FaultSpec wanted) => wanted switch
    {
        { Fault: NodeFaultKind.Kubelet } when machine.Node is not { KubeletRuns: true } => "No kubelet runs on this machine.",
        { Fault: NodeFaultKind.Network } when machine.Faults.Exists(static fault => fault.Spec.Fault == NodeFaultKind.Network) =>
            "Error: Exclusivity flag on, cannot modify.",
        { Fault: NodeFaultKind.Disk, Megabytes: > DiskMegabytes - UsedMegabytes } => "fallocate: fallocate failed: No space left on device",
        { Fault: NodeFaultKind.Disk, Megabytes: null, Percent: <= 100 * UsedMegabytes / DiskMegabytes and var percent, Path: var path } =>
            $"The file system of {path} is fuller than {percent} % already.",
        _ => null,
    };

    private void Begin(SimulatedMachine machine, SimulatedFault fault)
    {
        if (machine.Node is not { } node) return;
        switch (fault.Spec.Fault)
        {
            case NodeFaultKind.Kubelet:
                kubelets.Stop(node);
                break;
            case NodeFaultKind.Memory or NodeFaultKind.Disk when Pressure(node, fault.Spec) is { } pressure:
                kubelets.BeginPressure(node, pressure, () => machine.Faults.Exists(other => Pressure(node, other.Spec) == pressure));
                break;
        }
    }

    private FaultReport Stop(SimulatedMachine machine, string id)
    {
        var found = "nothing";
        if (machine.Faults.Find(fault => fault.Id == id) is { } fault)
        {
            End(machine, fault, "success");
            found = "running";
        }

        var end = machine.EndedFaults.GetValueOrDefault(id);
        if (end is not null && found == "nothing") found = "ended";
        machine.EndedFaults.Remove(id);
        return new FaultReport("over", found, end?.Result, end?.At);
    }

    private void End(SimulatedMachine machine, SimulatedFault fault, string result)
    {
        machine.Faults.Remove(fault);
        machine.EndedFaults[fault.Id] = new FaultReport("over", null, result, state.Now);
        if (fault.Spec.Fault == NodeFaultKind.Kubelet && machine.Node is { } node) kubelets.Resume(node);
    }

    /// <summary>What the kubelet finds lacking; null when it finds nothing.</summary>
    private static NodePressure? Pressure(SimulatedNode node, FaultSpec fault)
    {
        if (fault.Fault is not (NodeFaultKind.Memory or NodeFaultKind.Disk)) return null;
        if (fault.Fault == NodeFaultKind.Memory)
        {
            var capacity = node.Spec.Allocatable.MemoryBytes;
            var available = Math.Max(capacity * (100 - fault.Percent!.Value) / 100, MemoryLeft);
            return capacity > 0 && available < MemoryThreshold ? NodePressure.Memory : null;
        }

        var used = fault.Megabytes is { } size ? UsedMegabytes + size : DiskMegabytes * (long)fault.Percent!.Value / 100;
        return (DiskMegabytes - used) * 100 < (long)DiskMegabytes * DiskThreshold ? NodePressure.Disk : null;
    }
}
