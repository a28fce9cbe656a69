using ChaosPS.Clusters;
using ChaosPS.Simulation.Scheduling;
using ChaosPS.Simulation.Traffic;

namespace ChaosPS.Simulation;

/// <summary>The store behind the simulated API: every object, its indices, and the news of every change.</summary>
/// <remarks>Whoever hears of a change only puts work into its own queue: nothing changes while a change is told.</remarks>
internal sealed class ClusterState
{
    private readonly Dictionary<string, SimulatedNode> _nodes = [];
    private readonly Dictionary<string, Dictionary<string, SimulatedPod>> _podsByNamespace = [];
    private readonly Dictionary<(string Namespace, string Name), SimulatedDeployment> _deployments = [];
    private readonly Dictionary<(string Namespace, string Kind, string Name), SimulatedWorkload> _otherWorkloads = [];
    private readonly byte[] _uid = new byte[16];

    public ClusterState(EventQueue events, SimulationOptions options)
    {
        Events = events;
        Options = options;
        Chance = new Random(options.Seed);
    }

    /// <summary>Tells every change, at once and in order.</summary>
    public event Action<ObjectChange>? Changed;

    /// <summary>Tells that a pod has got its node.</summary>
    public event Action<SimulatedPod, SimulatedNode>? PodBound;

    /// <summary>Tells that a pod's deletion has begun.</summary>
    public event Action<SimulatedPod>? DeletionMarked;

    /// <summary>Tells that a pod's processes began or ceased to run: the truth, of which the API may not know.</summary>
    public event Action<SimulatedPod>? AliveChanged;

    /// <summary>Tells that a node's taints have changed.</summary>
    public event Action<SimulatedNode>? TaintsChanged;

    public EventQueue Events { get; }

    public SimulationOptions Options { get; }

    /// <summary>The chance of everything but requests: those have their own, so that asking does not change the history.</summary>
    public Random Chance { get; }

    public DateTimeOffset Now => Events.Now;

    public long ResourceVersion { get; private set; } = 1000;

    public IReadOnlyCollection<SimulatedNode> Nodes => _nodes.Values;

    public SortedDictionary<string, SimulatedMachine> Machines { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<SimulatedDeployment> Deployments { get; } = [];

    public List<SimulatedWorkload> OtherWorkloads { get; } = [];

    public List<SimulatedReplicaSet> ReplicaSets { get; } = [];

    public List<SimulatedDisruptionBudget> DisruptionBudgets { get; } = [];

    public List<SimulatedService> Services { get; } = [];

    public ServiceIndex ServiceIndex { get; } = new();

    public Nominations Nominations { get; } = new();

    public List<IngressPath> IngressPaths { get; } = [];

    public List<SimulatedEvent> KubernetesEvents { get; } = [];

    public int PodCount { get; private set; }

    /// <summary>The pods that have a say in who is beside them.</summary>
    public HashSet<SimulatedPod> PodsWithAffinity { get; } = [];

    public IEnumerable<SimulatedPod> Pods
    {
        get
        {
            foreach (var pods in _podsByNamespace.Values)
            {
                foreach (var pod in pods.Values) yield return pod;
            }
        }
    }

    /// <summary>The pods of a namespace.</summary>
    public IReadOnlyCollection<SimulatedPod> PodsOf(string @namespace) =>
        _podsByNamespace.TryGetValue(@namespace, out var pods) ? pods.Values : [];

    public SimulatedNode? FindNode(string? name) => name is not null && _nodes.TryGetValue(name, out var node) ? node : null;

    public SimulatedPod? FindPod(string @namespace, string name) =>
        _podsByNamespace.TryGetValue(@namespace, out var pods) && pods.TryGetValue(name, out var pod) ? pod : null;

    public SimulatedDeployment? FindDeployment(string @namespace, string name) => _deployments.GetValueOrDefault((@namespace, name));

    public SimulatedWorkload? FindWorkload(string @namespace, string? kind, string? name) =>
        kind is not null && name is not null ? _otherWorkloads.GetValueOrDefault((@namespace, kind, name)) : null;

    /// <summary>Whether the object is still the one that the store has.</summary>
    public bool Exists(SimulatedPod pod) => ReferenceEquals(FindPod(pod.Namespace, pod.Name), pod);

    /// <summary>Whether the object is still the one that the store has.</summary>
    public bool Exists(SimulatedNode node) => ReferenceEquals(FindNode(node.Name), node);

    public string NewUid()
    {
        Chance.NextBytes(_uid);
        _uid[7] = (byte)((_uid[7] & 0x0f) | 0x40);
        _uid[8] = (byte)((_uid[8] & 0x3f) | 0x80);
        return new Guid(_uid).ToString();
    }

    public void Add(SimulatedNode node)
    {
        _nodes.Add(node.Name, node);
        foreach (var pod in Pods)
        {
            if (pod.NodeName == node.Name) node.Add(pod);
        }

        Tell(ChangeType.Added, node);
    }

    public void Add(SimulatedPod pod)
    {
        if (!_podsByNamespace.TryGetValue(pod.Namespace, out var pods)) _podsByNamespace.Add(pod.Namespace, pods = []);
        pods.Add(pod.Name, pod);
        PodCount++;
        if (pod.HasPodAffinity) PodsWithAffinity.Add(pod);
        pod.ReplicaSet?.Add(pod);
        pod.Owner?.OwnPods.Add(pod);
        FindNode(pod.NodeName)?.Add(pod);
        Tell(ChangeType.Added, pod);
    }

    public void Add(SimulatedDeployment deployment)
    {
        Deployments.Add(deployment);
        _deployments.Add((deployment.Namespace, deployment.Name), deployment);
        Tell(ChangeType.Added, deployment);
    }

    public void Add(SimulatedWorkload workload)
    {
        OtherWorkloads.Add(workload);
        _otherWorkloads.Add((workload.Namespace, workload.Kind, workload.Name), workload);
        Tell(ChangeType.Added, workload);
    }

    public void Add(SimulatedReplicaSet replicaSet)
    {
        ReplicaSets.Add(replicaSet);
        replicaSet.Deployment?.OwnReplicaSets.Add(replicaSet);
        Tell(ChangeType.Added, replicaSet);
    }

    public void Add(SimulatedDisruptionBudget budget)
    {
        DisruptionBudgets.Add(budget);
        Tell(ChangeType.Added, budget);
    }

    public void Add(SimulatedService service)
    {
        Services.Add(service);
        ServiceIndex.Add(service);
        Tell(ChangeType.Added, service);
    }

    public void Add(SimulatedEvent kubernetesEvent)
    {
        KubernetesEvents.Add(kubernetesEvent);
        Tell(ChangeType.Added, kubernetesEvent);
    }

    /// <summary>The object has changed: it gets a new resource version, and everybody hears of it.</summary>
    public void Touch(SimulatedObject target) => Tell(ChangeType.Modified, target);

    public void SetTaints(SimulatedNode node, IReadOnlyList<Taint> taints)
    {
        node.Taints = taints;
        Touch(node);
        TaintsChanged?.Invoke(node);
    }

    public void Bind(SimulatedPod pod, SimulatedNode node)
    {
        pod.NodeName = node.Name;
        Nominations.Remove(pod);
        node.Add(pod);
        pod.SetCondition("PodScheduled", "True", "", "", Now);
        Touch(pod);
        PodBound?.Invoke(pod, node);
    }

    /// <summary>What the API server does with a DELETE of a pod: one that has a node gets its grace and waits for the kubelet.</summary>
    public void Delete(SimulatedPod pod, long? gracePeriodSeconds = null)
    {
        var grace = gracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds;
        if (grace == 0 || pod.NodeName is null || pod.Phase is "Succeeded" or "Failed")
        {
            Finish(pod);
            return;
        }

        // A second deletion can only shorten the grace.
        if (pod.DeletionGracePeriodSeconds is { } granted && granted <= grace) return;
        pod.DeletionGracePeriodSeconds = grace;
        pod.DeletionTimestamp = Now + TimeSpan.FromSeconds(grace);
        pod.Generation++;
        Touch(pod);
        DeletionMarked?.Invoke(pod);
    }

    /// <summary>The delete that has no grace: the API server moves the time back before the object goes, and watchers see both.</summary>
    public void Finish(SimulatedPod pod)
    {
        pod.DeletionTimestamp = pod.DeletionTimestamp is { } due ? due - TimeSpan.FromSeconds(pod.DeletionGracePeriodSeconds ?? 0) : Now;
        pod.DeletionGracePeriodSeconds = 0;
        Touch(pod);
        Remove(pod);
    }

    public void SetAlive(SimulatedPod pod, bool alive)
    {
        if (pod.IsAlive == alive) return;
        pod.IsAlive = alive;
        AliveChanged?.Invoke(pod);
    }

    public void Remove(SimulatedNode node)
    {
        _nodes.Remove(node.Name);
        Tell(ChangeType.Deleted, node);
    }

    public void Remove(SimulatedPod pod)
    {
        _podsByNamespace[pod.Namespace].Remove(pod.Name);
        PodCount--;
        if (pod.HasPodAffinity) PodsWithAffinity.Remove(pod);
        pod.ReplicaSet?.Remove(pod);
        pod.Owner?.OwnPods.Remove(pod);
        Nominations.Remove(pod);
        FindNode(pod.NodeName)?.Remove(pod);
        Tell(ChangeType.Deleted, pod);
        SetAlive(pod, false);
    }

    public void Remove(SimulatedReplicaSet replicaSet)
    {
        ReplicaSets.Remove(replicaSet);
        replicaSet.Deployment?.OwnReplicaSets.Remove(replicaSet);
        Tell(ChangeType.Deleted, replicaSet);
    }

    private void Tell(ChangeType type, SimulatedObject target)
    {
        target.ResourceVersion = ++ResourceVersion;
        Changed?.Invoke(new ObjectChange(Now, type, target));
    }
}
