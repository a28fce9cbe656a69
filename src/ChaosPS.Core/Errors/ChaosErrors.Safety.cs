using ChaosPS.Clusters;

namespace ChaosPS.Errors;

/// <content>Safety: refusals and recovery.</content>
public static partial class ChaosErrors
{
    internal const string RecoveryLogUnwritableId = "RecoveryLogUnwritable";

    /// <summary>The recovery log cannot be written, so nothing may be changed.</summary>
    public static ChaosException RecoveryLogUnwritable(string folder, Exception inner) => new(
        RecoveryLogUnwritableId, ErrorKind.Refused,
        $"The recovery log in '{folder}' cannot be written ({inner.Message}), so no further change is made: it could not be undone after a crash.",
        "Make the folder writable, or set XDG_STATE_HOME (LocalAppData on Windows) to one that is.", folder, inner);

    /// <summary>A recovery log cannot be read.</summary>
    public static ChaosException RecoveryLogUnreadable(string folder, Exception inner) => new(
        "RecoveryLogUnreadable", ErrorKind.PermissionDenied,
        $"The recovery log in '{folder}' cannot be read: {inner.Message}",
        "Run as the user who made the run, or give yourself the right to read the folder.", folder, inner);

    /// <summary>Another process is at work on the run.</summary>
    public static ChaosException RunBusy(string runId, Exception? inner) => new(
        "RunBusy", ErrorKind.Conflict,
        $"A process is at work on the run {runId}: it puts back itself what it changed.",
        "Wait for its end, or end that process first: Get-ChaosRun shows its id.", runId, inner);

    /// <summary>There is no run of that id.</summary>
    public static ChaosException RunNotFound(string runId, string directory) => new(
        "RunNotFound", ErrorKind.NotFound,
        $"There is no run '{runId}' in {directory}.",
        "Get-ChaosRun lists the runs; -StatePath names another directory.", runId);

    /// <summary>The connection leads to another cluster than the run's.</summary>
    public static ChaosException RunOfOtherCluster(Safety.RecordedRun run, ClusterIdentity connected) => new(
        "RunOfOtherCluster", ErrorKind.InvalidArgument,
        $"The run {run.RunId} changed the cluster '{run.Cluster}' ({run.Server}), and the connection leads to another one, '{connected.Name}'"
            + (connected.Id.StartsWith(connected.Server, StringComparison.Ordinal) || run.ClusterId.StartsWith(run.Server, StringComparison.Ordinal)
                ? ", as far as can be told by somebody who may not read the namespace kube-system" : "")
            + ". Nothing was changed.",
        $"Connect to that cluster first: Connect-ChaosCluster -Context {run.Origin.Context ?? run.Cluster}", run);

    /// <summary>The log does not say which cluster the run changed.</summary>
    public static ChaosException RunClusterUnknown(Safety.RecordedRun run) => new(
        "RunClusterUnknown", ErrorKind.InvalidData,
        $"The log of the run {run.RunId} is damaged: it does not say which cluster it changed, so nothing is put back in this one.",
        $"Read {run.Folder}; the field 'undo' of its lines has the command that puts each change back. Remove the folder when nothing is left.", run);

    /// <summary>Another run is at work on a target.</summary>
    public static ChaosException TargetsInUse(string target, Safety.RunLease lease) => new(
        "TargetsInUse", ErrorKind.Refused,
        $"{target} is in use by the run {lease.RunId} of {lease.Holder}, renewed at {lease.RenewTime:HH:mm:ss} UTC. Nothing was changed.",
        "Wait for the end of that run.", target);

    /// <summary>A run that died has left a target changed.</summary>
    public static ChaosException TargetsLeft(string target, Safety.RunLease lease) => new(
        "TargetsLeft", ErrorKind.Refused,
        $"{target} was left by the run {lease.RunId} of {lease.Holder}, which died after {lease.RenewTime:yyyy-MM-dd HH:mm:ss} UTC. Nothing was changed.",
        "Put back what it left first: Get-ChaosRun -Lease | Restore-ChaosRun, or chaosps restore --lease", target);

    /// <summary>A run is known by its Lease alone, and nobody has said that it is to be put back.</summary>
    public static ChaosException LeaseUnconfirmed(Safety.RecordedRun run, Exception? inner) => new(
        "LeaseUnconfirmed", ErrorKind.Refused,
        $"The run {run.RunId} ({run.Command}) is known by its Lease alone: {run.MachineName} has written it, or somebody else who may write Leases in {run.Cluster}. "
            + $"To be put back: {List(run.Changes.Where(static change => change.NeedsUndo).Select(static change => change.ToString()))}. Nothing was changed.",
        "When you know the run, say so: Restore-ChaosRun -Force, or chaosps restore --lease --force.", run, inner);

    /// <summary>The mark of a run cannot be written, so nothing may be changed.</summary>
    public static ChaosException LeaseUnwritable(string target, ChaosException inner) => new(
        "LeaseUnwritable", ErrorKind.Refused,
        $"{target} is not changed, because the run's Lease cannot be written to the cluster: {inner.Message}",
        inner.RecommendedAction ?? "Mend that, or run without the Lease.", target, inner);

    /// <summary>Not everything of a run could be put back.</summary>
    public static ChaosException RestoreIncomplete(Safety.RestoredRun run) => new(
        "RestoreIncomplete", ErrorKind.OperationFailed,
        $"The run {run.RunId} on {run.Cluster} is not all put back: {string.Join(" ", run.Remaining)}",
        "Mend what was in the way, then restore it again: Restore-ChaosRun " + run.RunId, run);

    /// <summary>A change was asked for after the run's undo had begun.</summary>
    public static ChaosException RunEnding(string target) => new(
        "RunEnding", ErrorKind.Refused,
        $"{target} is not changed any more: the run is being undone.", null, target);

    /// <summary>The restoring of a run was interrupted before it began.</summary>
    public static ChaosException RestoreInterrupted(string runId) => new(
        "RestoreInterrupted", ErrorKind.Refused,
        $"Run {runId} was not restored: it was interrupted first.", $"Restore it later: chaosps restore {runId}", runId);

    /// <summary>A policy is none.</summary>
    public static ChaosException PolicyInvalid(string source, IReadOnlyList<string> problems) => new(
        "PolicyInvalid", ErrorKind.InvalidData,
        $"The policy of {source} cannot be followed, so nothing is changed: {string.Join(" ", problems)}",
        "Mend the policy; about_ChaosPS_Safety has its keys.", source);

    /// <summary>A policy file cannot be read.</summary>
    public static ChaosException PolicyUnreadable(string path, Exception inner) => new(
        "PolicyUnreadable", ErrorKind.PermissionDenied,
        $"The policy file '{path}' cannot be read, so nothing is changed: {inner.Message}", "Make the file readable.", path, inner);

    /// <summary>More nodes would be down at once than the budget allows.</summary>
    public static ChaosException TooManyNodesDown(string target, IReadOnlyCollection<string> down, Safety.Limit<int> limit) => new(
        "TooManyNodesDown", ErrorKind.Refused,
        $"Taking down {target} would leave {down.Count} nodes down at once ({List(down)}); the rule MaxNodesDown ({limit.Source}) allows {limit.Value}. Nothing was changed.",
        "Start the others first (Start-ClusterNode), or raise the budget with -MaxNodesDown, and in the policy if one limits it.", target);

    /// <summary>A larger share of a pool or zone would be down than the budget allows.</summary>
    public static ChaosException ShareExceeded(string target, string rule, string group, int down, int all, Safety.Limit<int> limit) => new(
        "ShareExceeded", ErrorKind.Refused,
        $"Taking down {target} would leave {down} of {all} nodes of {group} down; the rule {rule} ({limit.Source}) allows {limit.Value} %. Nothing was changed.",
        $"Start the others first (Start-ClusterNode), or raise {rule} in {limit.Source}.", target);

    /// <summary>A node is protected.</summary>
    public static ChaosException NodeProtected(string node, string rule) => new(
        "NodeProtected", ErrorKind.Refused,
        $"Node {node} is protected by {rule}. Nothing was changed.",
        "Choose another node, or ask whoever protects it.", node);

    /// <summary>A namespace is protected.</summary>
    public static ChaosException NamespaceProtected(string target, string @namespace, string rule) => new(
        "NamespaceProtected", ErrorKind.Refused,
        $"{target} would hit the namespace '{@namespace}', which {rule} protects. Nothing was changed.",
        "Choose another target, or ask whoever protects it.", target);

    /// <summary>A workload is protected.</summary>
    public static ChaosException WorkloadProtected(string target, string workload, string rule) => new(
        "WorkloadProtected", ErrorKind.Refused,
        $"{target} would hit {workload}, which {rule} protects. Nothing was changed.",
        "Choose another target, or ask whoever protects it.", target);

    /// <summary>A workload would lose its last ready replica.</summary>
    public static ChaosException LastReadyReplica(string target, string verb, IReadOnlyCollection<string> workloads, Safety.Limit<Safety.RuleLevel> limit) => new(
        "LastReadyReplica", ErrorKind.Refused,
        $"{target} {verb} the last ready replica of {List(workloads)}; the rule LastReadyReplica ({limit.Source}) refuses that. Nothing was changed.",
        "Give the workload more replicas on other nodes (Set-WorkloadReplica, Add-PodAntiAffinity), or choose another target.", target);

    /// <summary>Changes are not allowed at this time.</summary>
    public static ChaosException OutsideMaintenanceWindow(
        string target, DateTimeOffset now, IReadOnlyCollection<Safety.MaintenanceWindow> windows, string source) => new(
        "OutsideMaintenanceWindow", ErrorKind.Refused,
        $"{target} is not changed at {now:yyyy-MM-dd HH:mm} UTC: the rule MaintenanceWindows ({source}) allows {string.Join("; ", windows)}.",
        "Wait for the window.", target);

    /// <summary>Somebody has pulled the stop lever.</summary>
    public static ChaosException StopLeverPulled(string target, string lever) => new(
        "StopLeverPulled", ErrorKind.Refused,
        $"{target} is not changed: {lever} stops all runs.",
        "Find out who stopped them and why; release the lever when it is safe.", target);

    /// <summary>No system node would be Ready.</summary>
    /// <param name="target">What would be taken down.</param>
    /// <param name="isSystem">Whether a system node is among it.</param>
    public static ChaosException LastSystemNode(string target, bool isSystem) => new(
        "LastSystemNode", ErrorKind.Refused,
        isSystem
            ? $"{target} has the last Ready node of a system pool: without it the cluster cannot run its own services. Nothing was changed."
            : $"{target} is not taken down while no node of a system pool is Ready: the cluster cannot run its own services as it is. Nothing was changed.",
        "Wait until another system node is Ready (Wait-ClusterNode -State Ready), or add one to the pool.", target);

    /// <summary>Nothing Azure knows stands behind the node.</summary>
    public static ChaosException NoMachineBehindNode(ClusterNode node) => new(
        "NoMachineBehindNode", ErrorKind.NotSupported,
        $"Node '{node.Name}' has no machine of Azure behind it (providerID '{node.ProviderId ?? "none"}'), so its power cannot be changed or read.",
        "Power is changed on nodes whose providerID names an instance of a scale set or a virtual machine (azure:///subscriptions/…).", node);

    /// <summary>The machine that the providerID names does not exist.</summary>
    public static ChaosException InstanceNotFound(string resourceId, string fullName, IEnumerable<string> existing) => new(
        "InstanceNotFound", ErrorKind.NotFound,
        AzureMachineId.ScaleSetOf(resourceId) is null
            ? $"No virtual machine '{fullName}'."
            : $"No instance '{fullName}'. The instances of its scale set: {List(existing)}.",
        "It may have been deleted: read the nodes again with Get-ClusterNode.", resourceId);

    /// <summary>A state was not reached in time.</summary>
    public static ChaosException WaitTimeout(string what, string state, TimeSpan timeout, string last) => new(
        "WaitTimeout", ErrorKind.Timeout,
        $"{what} was not {state} after {Text.Seconds(timeout)}; last seen: {last}.",
        "Wait longer with -Timeout, or look at what holds it up.", what);

    /// <summary>A rollout did not finish in time.</summary>
    public static ChaosException RolloutTimeout(Workload workload, TimeSpan timeout, string why) => new(
        "RolloutTimeout", ErrorKind.Timeout,
        $"{workload} was not rolled out after {Text.Seconds(timeout)}: {why}",
        "Get-ClusterPod shows the pods that wait; the change itself has been made.", workload);
}
