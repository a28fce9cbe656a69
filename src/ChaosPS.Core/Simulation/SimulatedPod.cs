using System.Collections.Frozen;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A pod: what the API shows of it, and whether its processes really run.</summary>
public sealed class SimulatedPod : SimulatedObject
{
    private const int MostOutput = 1000;

    private Queue<(DateTimeOffset Time, string Text)>? _output;

    internal SimulatedPod(string @namespace, string name, string uid, DateTimeOffset creationTimestamp, PodSpec spec)
        : base("Pod", @namespace, name, uid, creationTimestamp)
    {
        Spec = spec;
        Load = NodeLoad.Of(spec);
    }

    /// <summary>What decides where it runs.</summary>
    public PodSpec Spec { get; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; internal set; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The controlling owner's kind; null for a bare pod.</summary>
    public string? OwnerKind { get; internal set; }

    /// <summary>The controlling owner's name.</summary>
    public string? OwnerName { get; internal set; }

    /// <summary>The controlling owner's uid.</summary>
    public string? OwnerUid { get; internal set; }

    /// <summary>Tolerations, with those that admission added.</summary>
    public required IReadOnlyList<Toleration> Tolerations { get; init; }

    /// <summary>The node that it is bound to; null while it waits for one.</summary>
    public string? NodeName { get; internal set; }

    /// <summary>The node on which it has pushed others out and now waits for room; null for most.</summary>
    public string? NominatedNodeName { get; internal set; }

    /// <summary>Its address; null until its containers run.</summary>
    public string? PodIP { get; internal set; }

    /// <summary>The node's address; null until its containers run.</summary>
    public string? HostIP { get; internal set; }

    /// <summary>Pending, Running, Succeeded or Failed.</summary>
    public string Phase { get; internal set; } = "Pending";

    /// <summary>When the kubelet took it on.</summary>
    public DateTimeOffset? StartTime { get; internal set; }

    /// <summary>What its node was short of when the kubelet evicted it, in a sentence; null for most.</summary>
    public string? EvictionMessage { get; internal set; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<PodCondition> Conditions { get; internal set; } = [];

    /// <summary>The containers as the kubelet last reported them; empty until it takes the pod on.</summary>
    public IReadOnlyList<ContainerStatus> Containers { get; internal set; } = [];

    /// <summary>Whether the condition Ready is True.</summary>
    public bool Ready { get; internal set; }

    /// <summary>Whether its processes really run, whatever the API says.</summary>
    public bool IsAlive { get; internal set; }

    /// <summary>Whether its processes run, but its application does not answer yet.</summary>
    internal bool IsStarting { get; set; }

    /// <summary>Whether a call to it is answered.</summary>
    internal bool Answers => IsAlive && !IsStarting;

    /// <summary>The number of containers that were last reported ready.</summary>
    public int ReadyContainers
    {
        get
        {
            var ready = 0;
            foreach (var container in Containers)
            {
                if (container.Ready) ready++;
            }

            return ready;
        }
    }

    /// <summary>Whether it still counts for its controller: neither ended nor terminating.</summary>
    public bool IsActive => !Terminating && !IsTerminal;

    /// <summary>Whether it has come to its end by itself.</summary>
    internal bool IsTerminal => Phase is "Succeeded" or "Failed";

    /// <summary>Whether it takes room on its node: until it has ended, or is gone.</summary>
    internal bool TakesRoom { get; set; }

    internal ResourceQuantities Requests => Load.Requested;

    internal NodeLoad Load { get; }

    /// <summary>Whether it has any rule about other pods.</summary>
    internal bool HasPodAffinity =>
        Spec.Affinity.RequiredPods.Count + Spec.Affinity.RequiredAntiPods.Count + Spec.Affinity.PreferredPods.Count + Spec.Affinity.PreferredAntiPods.Count > 0;

    /// <summary>Whether its labels were changed after it was made: its owner's selector may not match any more.</summary>
    internal bool IsRelabelled { get; set; }

    /// <summary>The object that owns it, if the simulation has that.</summary>
    internal SimulatedPodOwner? Owner { get; private set; }

    internal SimulatedReplicaSet? ReplicaSet => Owner as SimulatedReplicaSet;

    /// <summary>Gives it an owner, or none. The store has to know: see <see cref="ClusterState"/>.</summary>
    internal void SetOwner(SimulatedPodOwner? owner)
    {
        Owner = owner;
        (OwnerKind, OwnerName, OwnerUid) = (owner?.Kind, owner?.Name, owner?.Uid);
    }

    /// <summary>What its application has written down of requests, oldest first; a node keeps only so much.</summary>
    public IReadOnlyCollection<(DateTimeOffset Time, string Text)> Output => _output ?? (IReadOnlyCollection<(DateTimeOffset, string)>)[];

    /// <summary>The application writes a line to its output.</summary>
    internal void Write(DateTimeOffset now, string text)
    {
        _output ??= new Queue<(DateTimeOffset, string)>();
        if (_output.Count == MostOutput) _output.Dequeue();
        _output.Enqueue((now, text));
    }

    /// <summary>The condition of that type; null when it has none.</summary>
    public PodCondition? FindCondition(string type)
    {
        foreach (var condition in Conditions)
        {
            if (condition.Type == type) return condition;
        }

        return null;
    }

    /// <summary>Sets a condition; its transition time stays when the status does. Returns whether anything changed.</summary>
    internal bool SetCondition(string type, string status, string reason, string message, DateTimeOffset now)
    {
        if (type == "Ready") Ready = status == "True";
        for (var at = 0; at < Conditions.Count; at++)
        {
            var old = Conditions[at];
            if (old.Type != type) continue;
            var changed = new PodCondition(type, status, reason, message, old.Status == status ? old.LastTransitionTime : now);
            if (changed == old) return false;
            PodCondition[] conditions = [.. Conditions];
            conditions[at] = changed;
            Conditions = conditions;
            return true;
        }

        Conditions = [.. Conditions, new PodCondition(type, status, reason, message, now)];
        return true;
    }
}
