using ChaosPS.Faults;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A fault inside machines has a value that it cannot have.</summary>
    public static ChaosException FaultInvalid(string what, string rule) =>
        new("FaultInvalid", ErrorKind.InvalidArgument, $"{what}, which no fault can have.", rule, null);

    /// <summary>A parameter belongs to other faults.</summary>
    public static ChaosException FaultParameter(string parameter, NodeFaultKind fault, IReadOnlyList<NodeFaultKind> faults) => new(
        "FaultInvalid", ErrorKind.InvalidArgument,
        $"A {fault} fault has no -{parameter}.", $"It belongs to faults of the kind {string.Join(", ", faults)}.", null);

    /// <summary>Nothing can be run inside the machine, because it does not run.</summary>
    public static ChaosException FaultMachineOff(string machine, string place, string state) => new(
        "FaultMachineOff", ErrorKind.Conflict,
        $"No fault can begin inside {machine}{place}: its machine is {state}.", "Start it first: Start-ClusterNode.", machine);

    /// <summary>The scripts are for Linux.</summary>
    public static ChaosException FaultOnWindows(string node, string place) => new(
        "FaultOnWindows", ErrorKind.NotSupported,
        $"No fault can begin inside {node}{place}: it runs Windows, and the faults are those of Linux.",
        "Choose Linux nodes; a Windows node can be stopped and restarted (Stop-ClusterNode, Restart-ClusterNode).", node);

    /// <summary>A script inside the machine did not bring the fault about. It has put back what it had begun.</summary>
    public static ChaosException FaultFailed(string what, string machine, string place, string reason) => new(
        "FaultFailed", ErrorKind.OperationFailed,
        $"Cannot {what} inside {machine}{place}: {reason.TrimEnd('.')}.",
        "Nothing of it is left on the machine. Change what it names and repeat the command.", machine);

    /// <summary>What the script inside the machine has written does not tell what became of the fault.</summary>
    public static ChaosException FaultUnknown(string what, string machine, string place, MachineOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string[] said = [.. new[] { output.Message, output.StandardError, output.StandardOutput }.Select(static text => text.Trim()).Where(static text => text.Length > 0)];
        return new ChaosException(
            "FaultUnknown", ErrorKind.OperationFailed,
            $"Nobody knows whether {machine}{place} did {what}: its script said {(said.Length == 0 ? "nothing" : $"'{string.Join("; ", said)}'")}.",
            "The machine ends the fault by itself when its time is up. The guest agent's log on it says more: /var/log/azure/run-command-handler.", machine);
    }

    /// <summary>The id of <see cref="FaultStays"/>.</summary>
    internal const string FaultStaysId = "FaultStays";

    /// <summary>A fault is still there after the script that ends it.</summary>
    public static ChaosException FaultStays(string machine, string place, string reason) => new(
        FaultStaysId, ErrorKind.OperationFailed,
        $"The fault inside {machine}{place} could not be ended: {reason.TrimEnd('.')}.",
        "The machine ends it by itself when its time is up; a restart of the machine ends it at once: Restart-ClusterNode.", machine);

    /// <summary>No fault of that node is known.</summary>
    public static ChaosException NodeFaultNotFound(string node, string stateDirectory) => new(
        "NodeFaultNotFound", ErrorKind.NotFound,
        $"No fault of {node} is known: the recovery logs in '{stateDirectory}' have none that may be there still. Only what was begun with them is known here.",
        "Faults that were begun elsewhere end by themselves when their time is up. On the machine, systemctl list-units 'chaosps-*' shows them, and systemctl stop ends one: "
            + "az vmss run-command invoke --command-id RunShellScript runs such a line there.", node);

    /// <summary>Azure has accepted to run a script and could not, or it was cancelled.</summary>
    public static ChaosException MachineScriptFailed(
        string call, string status, string code, string reason, string? advice = null, Exception? inner = null) => new(
        "MachineScriptFailed", ErrorKind.OperationFailed,
        $"Azure accepted to {call}, but the operation ended as {status}: {reason.TrimEnd('.')} ({code}).",
        advice ?? "See whether the machine runs and its guest agent is ready: az vm get-instance-view, az vmss get-instance-view.", call, inner);

    /// <summary>Azure no longer knows a script that it accepted to run.</summary>
    public static ChaosException MachineScriptLost(string call, Exception? inner) => new(
        "MachineScriptLost", ErrorKind.OperationFailed,
        $"Azure accepted to {call}, but no longer knows the operation: whether the script has run is unknown.",
        "The activity log of the node resource group says whether it was carried out: az monitor activity-log list --resource-group <group> --offset 1h.", call, inner);
}
