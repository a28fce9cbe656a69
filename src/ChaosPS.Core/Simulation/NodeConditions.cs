using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What kubelets and the node controller write into a node's conditions.</summary>
internal static class NodeConditions
{
    public const string Ready = "Ready";

    private const string StoppedReason = "NodeStatusUnknown";
    private const string StoppedMessage = "Kubelet stopped posting node status.";

    /// <summary>As a healthy kubelet reports them.</summary>
    private static readonly (string Type, string Status, string Reason, string Message)[] s_healthy =
    [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        (Ready, "True", "KubeletReady", "kubelet is posting ready status"),
    ];

    public static IReadOnlyList<NodeCondition> Initial(bool ready, DateTimeOffset since)
    {
        IReadOnlyList<NodeCondition> conditions = [];
        return ready ? Healthy(conditions, since) : Stopped(Healthy(conditions, since), since);
    }

    /// <summary>As a kubelet first reports a node that it has just made the object of.</summary>
    public static IReadOnlyList<NodeCondition> Starting(DateTimeOffset now)
    {
        List<NodeCondition> conditions = [.. Healthy([], now)];
        Set(conditions, Ready, "False", "KubeletNotReady", "container runtime status check may not have completed yet", now);
        return conditions;
    }

    /// <summary>The kubelet is back and well. Conditions of others stay.</summary>
    public static IReadOnlyList<NodeCondition> Healthy(IReadOnlyList<NodeCondition> conditions, DateTimeOffset now)
    {
        List<NodeCondition> changed = [.. conditions];
        foreach (var (type, status, reason, message) in s_healthy) Set(changed, type, status, reason, message, now);
        return changed;
    }

    /// <summary>The kubelet is silent: what it used to report is Unknown, what others report stays.</summary>
    public static IReadOnlyList<NodeCondition> Stopped(IReadOnlyList<NodeCondition> conditions, DateTimeOffset now)
    {
        List<NodeCondition> changed = [.. conditions];
        foreach (var (type, _, _, _) in s_healthy) Set(changed, type, "Unknown", StoppedReason, StoppedMessage, now);
        return changed;
    }

    /// <summary>The kubelet finds its node short of something.</summary>
    public static IReadOnlyList<NodeCondition> With(IReadOnlyList<NodeCondition> conditions, NodePressure pressure, DateTimeOffset now)
    {
        List<NodeCondition> changed = [.. conditions];
        Set(changed, pressure.Condition, "True", pressure.Reason, pressure.Message, now);
        return changed;
    }

    /// <summary>The kubelet finds that its node has enough of it again.</summary>
    public static IReadOnlyList<NodeCondition> Without(IReadOnlyList<NodeCondition> conditions, NodePressure pressure, DateTimeOffset now)
    {
        List<NodeCondition> changed = [.. conditions];
        var (type, status, reason, message) = s_healthy.First(healthy => healthy.Type == pressure.Condition);
        Set(changed, type, status, reason, message, now);
        return changed;
    }

    public static string Status(IReadOnlyList<NodeCondition> conditions, string type)
    {
        foreach (var condition in conditions)
        {
            if (condition.Type == type) return condition.Status;
        }

        return "Unknown";
    }

    private static void Set(List<NodeCondition> conditions, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var at = conditions.FindIndex(condition => condition.Type == type);
        var since = at >= 0 && conditions[at].Status == status ? conditions[at].LastTransitionTime : now;
        var condition = new NodeCondition(type, status, reason, message, since);
        if (at >= 0) conditions[at] = condition;
        else conditions.Add(condition);
    }
}
