using ChaosPS.Clusters;

namespace ChaosPS.Errors;

/// <content>Safety: refusals and recovery.</content>
public static partial class ChaosErrors
{
    /// <summary>The recovery log cannot be written, so nothing may be changed.</summary>
    public static ChaosException RecoveryLogUnwritable(string folder, Exception inner) => new(
        "RecoveryLogUnwritable", ErrorKind.Refused,
        $"The recovery log in '{folder}' cannot be written ({inner.Message}), so no further change is made: it could not be undone after a crash.",
        "Make the folder writable, or set XDG_STATE_HOME (LocalAppData on Windows) to one that is.", folder, inner);

    /// <summary>More nodes would be down at once than the budget allows.</summary>
    public static ChaosException TooManyNodesDown(string target, IReadOnlyCollection<string> down, int budget) => new(
        "TooManyNodesDown", ErrorKind.Refused,
        $"Taking down {target} would leave {down.Count} nodes down at once ({List(down)}); the rule MaxNodesDown allows {budget}. Nothing was changed.",
        "Start the others first (Start-ClusterNode), or raise the budget with -MaxNodesDown.", target);

    /// <summary>The last Ready system node would go.</summary>
    public static ChaosException LastSystemNode(string target) => new(
        "LastSystemNode", ErrorKind.Refused,
        $"{target} has the last Ready node of a system pool: without it the cluster cannot run its own services. Nothing was changed.",
        "Wait until another system node is Ready (Wait-ClusterNode -State Ready), or add one to the pool.", target);

    /// <summary>Nothing Azure knows stands behind the node.</summary>
    public static ChaosException NoMachineBehindNode(ClusterNode node) => new(
        "NoMachineBehindNode", ErrorKind.NotSupported,
        $"Node '{node.Name}' has no scale set instance behind it (providerID '{node.ProviderId ?? "none"}'), so its power cannot be changed or read.",
        "Power is changed on AKS nodes of scale sets.", node);

    /// <summary>The machine that the providerID names is not in its scale set.</summary>
    public static ChaosException InstanceNotFound(string resourceId, IEnumerable<string> existing) => new(
        "InstanceNotFound", ErrorKind.NotFound,
        $"No instance '{resourceId}'. The instances of its scale set: {List(existing)}.",
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
