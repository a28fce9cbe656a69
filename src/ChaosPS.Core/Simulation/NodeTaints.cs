using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>The taints that the control plane itself sets.</summary>
internal static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";
    public const string MemoryPressure = "node.kubernetes.io/memory-pressure";
    public const string DiskPressure = "node.kubernetes.io/disk-pressure";
    public const string PidPressure = "node.kubernetes.io/pid-pressure";
    public const string NetworkUnavailable = "node.kubernetes.io/network-unavailable";
    public const string CloudShutdown = "node.cloudprovider.kubernetes.io/shutdown";

    /// <summary>The cluster autoscaler is about to remove the node.</summary>
    public const string Autoscaler = "ToBeDeletedByClusterAutoscaler";
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    public static bool Has(IReadOnlyList<Taint> taints, string key, TaintEffect effect)
    {
        if (taints.Count == 0) return false;
        foreach (var taint in taints)
        {
            if (taint.Key == key && taint.Effect == effect) return true;
        }

        return false;
    }

    /// <summary>The taints as they should be by a node's conditions and its cordon: those of effect NoSchedule follow them.</summary>
    public static List<Taint> Wanted(IReadOnlyList<Taint> taints, IReadOnlyList<NodeCondition> conditions, bool unschedulable, DateTimeOffset now)
    {
        List<Taint> wanted = [.. taints];
        var ready = NodeConditions.Status(conditions, NodeConditions.Ready);
        Want(NotReady, ready == "False");
        Want(Unreachable, ready == "Unknown");
        Want(MemoryPressure, NodeConditions.Status(conditions, "MemoryPressure") == "True");
        Want(DiskPressure, NodeConditions.Status(conditions, "DiskPressure") == "True");
        Want(PidPressure, NodeConditions.Status(conditions, "PIDPressure") == "True");
        Want(NetworkUnavailable, NodeConditions.Status(conditions, "NetworkUnavailable") == "True");
        Want(Unschedulable, unschedulable);
        return wanted;

        void Want(string key, bool isWanted)
        {
            var at = wanted.FindIndex(taint => taint.Key == key && taint.Effect == TaintEffect.NoSchedule);
            if (isWanted && at < 0) wanted.Add(new Taint(key, "", TaintEffect.NoSchedule, now));
            else if (!isWanted && at >= 0) wanted.RemoveAt(at);
        }
    }

    /// <summary>The taints without those of that effect and one of the keys.</summary>
    public static List<Taint> Without(IReadOnlyList<Taint> taints, TaintEffect effect, params ReadOnlySpan<string> keys)
    {
        List<Taint> kept = new(taints.Count);
        foreach (var taint in taints)
        {
            if (taint.Effect != effect || !keys.Contains(taint.Key)) kept.Add(taint);
        }

        return kept;
    }
}
