using System.Collections.ObjectModel;
using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>A node of the cluster and the machine behind it, as read at one moment.</summary>
public sealed record ClusterNode
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster that it was read from.</summary>
    public required ClusterIdentity Cluster { get; init; }

    /// <summary>The object's uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Whether the condition Ready is True.</summary>
    public bool Ready { get; init; }

    /// <summary>As kubectl says it: <c>Ready</c>, <c>NotReady</c>, <c>Ready,SchedulingDisabled</c>.</summary>
    public string Status => (Ready ? "Ready" : "NotReady") + (Unschedulable ? ",SchedulingDisabled" : "");

    /// <summary>Whether its label or annotation <c>chaosps.dev/protected</c> is there and not <c>false</c>.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Whether it is cordoned.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Roles from the labels <c>node-role.kubernetes.io/…</c> and <c>kubernetes.io/role</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The kubelet's version, such as <c>v1.32.9</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The address inside the cluster's network.</summary>
    public string? InternalIP { get; init; }

    /// <summary>When the node object was made.</summary>
    public DateTimeOffset CreationTimestamp { get; init; }

    /// <summary>Age of the node object when it was read.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>The AKS node pool (label <c>kubernetes.azure.com/agentpool</c>); null elsewhere.</summary>
    public string? NodePoolName { get; init; }

    /// <summary>Whether it belongs to a system pool (label <c>kubernetes.azure.com/mode</c> is <c>system</c>).</summary>
    public bool IsSystem { get; init; }

    /// <summary>The zone (label <c>topology.kubernetes.io/zone</c>); null when it has none.</summary>
    public string? Zone { get; init; }

    /// <summary>The node's providerID as Kubernetes has it.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The Azure resource id of the machine behind the node; null outside Azure.</summary>
    public string? ResourceId { get; init; }

    /// <summary>From <see cref="ResourceId"/>.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>From <see cref="ResourceId"/>: the node resource group.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>From <see cref="ResourceId"/>: the scale set.</summary>
    public string? VMScaleSetName { get; init; }

    /// <summary>From <see cref="ResourceId"/>: the instance in the scale set, decimal.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The machine's power state; Unknown unless it was asked for.</summary>
    public PowerState PowerState { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Taints.</summary>
    public IReadOnlyList<Taint> Taints { get; init; } = [];

    /// <summary>Conditions.</summary>
    public IReadOnlyList<NodeCondition> Conditions { get; init; } = [];

    /// <summary>When the kubelet last posted the condition Ready; null when unknown.</summary>
    public DateTimeOffset? LastHeartbeatTime
    {
        get
        {
            foreach (var condition in Conditions)
            {
                if (condition.Type == "Ready") return condition.LastHeartbeatTime;
            }

            return null;
        }
    }

    /// <summary>When its kubelet last renewed its lease; null unless it was asked for.</summary>
    public DateTimeOffset? LeaseRenewTime { get; init; }

    /// <summary>What pods can have of it.</summary>
    public ResourceQuantities Allocatable { get; init; }

    /// <summary>How many pods it takes.</summary>
    public int MaxPods { get; init; }

    /// <summary>How many disks it takes; null when nobody says it.</summary>
    public int? MaxVolumes { get; init; }

    /// <summary>The images that it has, by name with tag, and their sizes in bytes.</summary>
    public IReadOnlyDictionary<string, long> Images { get; init; } = new Dictionary<string, long>();

    /// <summary>The change that this session made to it, when the record comes from a cmdlet that changed it.</summary>
    public NodeChange? Change { get; init; }

    /// <summary>What was taken away from it, when the record comes from Clear-ClusterNode.</summary>
    public NodeDrain? Drain { get; init; }

    /// <summary>From <see cref="Change"/> (or from the start of the wait) to the awaited state, when the record comes from Wait-ClusterNode.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
