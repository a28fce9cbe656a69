namespace ChaosPS.Clusters;

/// <summary>Which pods a drain may take away, and how: the options of <c>kubectl drain</c>.</summary>
public sealed record DrainOptions
{
    /// <summary>Pods of DaemonSets are left where they are; otherwise they are a reason to refuse (<c>--ignore-daemonsets</c>).</summary>
    public bool IgnoreDaemonSet { get; init; }

    /// <summary>Pods whose data on the node is lost are taken away too; otherwise they are a reason to refuse (<c>--delete-emptydir-data</c>).</summary>
    public bool DeleteEmptyDirData { get; init; }

    /// <summary>Pods whose data on the node would be lost stay there, rather than being a reason to refuse, as the Chaos Toolkit's drain has it.</summary>
    public bool LeaveLocalData { get; init; }

    /// <summary>Pods that nothing makes again are taken away too; otherwise they are a reason to refuse (<c>--force</c>).</summary>
    public bool IncludeUnmanaged { get; init; }

    /// <summary>Pods are deleted, not evicted: no disruption budget is asked (<c>--disable-eviction</c>).</summary>
    public bool DisableEviction { get; init; }

    /// <summary>Only pods with these labels (<c>--pod-selector</c>).</summary>
    public LabelSelector PodSelector { get; init; } = LabelSelector.Everything;

    /// <summary>Seconds between the termination signal and the kill; null for each pod's own (<c>--grace-period</c>).</summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>How long it may take; null for as long as it takes (<c>--timeout</c>).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Pods that should have been gone for so long are not waited for; null to wait for all (<c>--skip-wait-for-delete-timeout</c>).</summary>
    public TimeSpan? SkipWaitForDeleteTimeout { get; init; }
}
