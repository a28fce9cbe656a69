using System.Collections.Frozen;
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
    private readonly Dictionary<(string Namespace, string Name), SimulatedReplicaSet> _replicaSets = [];
    private readonly Dictionary<(string Namespace, string Name), SimulatedJob> _jobs = [];
    private readonly List<SimulatedMachine> _otherMachines = [];
    private SortedDictionary<string, SimulatedMachine>? _machines;
    private SimulatedNode[]? _schedulingOrder;
    private int _nodeCount;

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

    /// <summary>Tells that a pod has got other labels.</summary>
    public event Action<SimulatedPod>? Relabelled;

    /// <summary>Tells that there is a pod that nobody owns, or that such a one has got other labels.</summary>
    public event Action<SimulatedPod>? Orphaned;

    /// <summary>Tells that a kubelet has died: the truth, of which the API does not know.</summary>
    public event Action<SimulatedNode>? KubeletStopped;

    /// <summary>Tells that nodes may be in other zones than before.</summary>
    public event Action? ZonesChanged;

    /// <summary>Tells that a node's taints have changed.</summary>
    public event Action<SimulatedNode>? TaintsChanged;

    public EventQueue Events { get; }

    public SimulationOptions Options { get; }

    /// <summary>The chance of everything but requests: those have their own, so that asking does not change the history.</summary>
    public Random Chance { get; }

    public DateTimeOffset Now => Events.Now;

    public long ResourceVersion { get; private set; } = 1000;

    public IReadOnlyCollection<SimulatedNode> Nodes => _nodes.Values;

    /// <summary>The machines by resource id. Simulations that nobody asks about machines need no such order of them.</summary>
    public SortedDictionary<string, SimulatedMachine> Machines
    {
        get
        {
            if (_machines is not null) return _machines;
            _machines = new(StringComparer.OrdinalIgnoreCase);
            foreach (var node in _nodes.Values) AddMachine(node.Machine);
            foreach (var machine in _otherMachines) AddMachine(machine);
            return _machines;
        }
    }

    /// <summary>The machines whose power is not on, or about which something is going on.</summary>
    public HashSet<SimulatedMachine> MachinesOff { get; } = [];

    public List<SimulatedDeployment> Deployments { get; } = [];

    public List<SimulatedWorkload> OtherWorkloads { get; } = [];

    public List<SimulatedReplicaSet> ReplicaSets { get; } = [];

    public List<SimulatedJob> Jobs { get; } = [];

    public Dictionary<(string Namespace, string Name), SimulatedVolumeClaim> Claims { get; } = [];

    public PriorityClasses PriorityClasses { get; } = new();

    /// <summary>The number of nodes that have an image, by the image's name.</summary>
    public IReadOnlyDictionary<string, int> ImageSpread { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>How many nodes there are that the simulation does not have, by region and zone.</summary>
    public IReadOnlyDictionary<string, int> OthersByZone { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>How many of these are lost together with nodes that it has.</summary>
    public IReadOnlyDictionary<string, int> OthersLostByZone { get; init; } = FrozenDictionary<string, int>.Empty;

    public List<SimulatedAutoscaler> Autoscalers { get; } = [];

    public List<SimulatedDisruptionBudget> DisruptionBudgets { get; } = [];

    public List<SimulatedService> Services { get; } = [];

    public ServiceIndex ServiceIndex { get; } = new();

    public Nominations Nominations { get; } = new();

    public List<IngressPath> IngressPaths { get; } = [];

    public List<SimulatedEvent> KubernetesEvents { get; } = [];

    public int PodCount { get; private set; }

    /// <summary>Pods that nobody owns: a controller whose selector they match takes them.</summary>
    public HashSet<SimulatedPod> Orphans { get; } = [];

    /// <summary>Replica sets that no Deployment owns.</summary>
    public HashSet<SimulatedReplicaSet> OrphanReplicaSets { get; } = [];

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

    /// <summary>The namespaces that have, or had, pods.</summary>
    public IReadOnlyCollection<string> Namespaces => _podsByNamespace.Keys;

    /// <summary>The pods of a namespace.</summary>
    public IReadOnlyCollection<SimulatedPod> PodsOf(string @namespace) =>
        _podsByNamespace.TryGetValue(@namespace, out var pods) ? pods.Values : [];

    public SimulatedNode? FindNode(string? name) => name is not null && _nodes.TryGetValue(name, out var node) ? node : null;

    public SimulatedPod? FindPod(string @namespace, string name) =>
        _podsByNamespace.TryGetValue(@namespace, out var pods) && pods.TryGetValue(name, out var pod) ? pod : null;

    public SimulatedDeployment? FindDeployment(string @namespace, string name) => _deployments.GetValueOrDefault((@namespace, name));

    public SimulatedWorkload? FindWorkload(string @namespace, string? kind, string? name) =>
        kind is not null && name is not null ? _otherWorkloads.GetValueOrDefault((@namespace, kind, name)) : null;

    public SimulatedJob? FindJob(string @namespace, string name) => _jobs.GetValueOrDefault((@namespace, name));

    public SimulatedVolumeClaim? FindClaim(string @namespace, string name) => Claims.GetValueOrDefault((@namespace, name));

    public SimulatedReplicaSet? FindReplicaSet(string @namespace, string name) => _replicaSets.GetValueOrDefault((@namespace, name));

    /// <summary>
    /// The nodes in the order in which the scheduler looks at them: zones in turn, so that a look that ends early has seen all of them.
    /// </summary>
    /// <remarks>Source: kubernetes/pkg/scheduler/backend/cache/node_tree.go.</remarks>
    public SimulatedNode[] SchedulingOrder => _schedulingOrder ??= ZonesInTurn();

    /// <summary>Makes room for so many nodes.</summary>
    public void Reserve(int nodes) => _nodes.EnsureCapacity(nodes);

    /// <summary>The uid of an object that is made now.</summary>
    public string NewUid(string kind, string @namespace, string name) =>
        Mixing.Uid(Mixing.Of(Options.Seed, kind, @namespace, name) ^ Mixing.Mix((ulong)Now.UtcTicks));

    public void Add(SimulatedNode node)
    {
        _nodes.Add(node.Name, node);
        node.Order = _nodeCount++;
        _schedulingOrder = null;
        if (_machines is not null) AddMachine(node.Machine);
        if (PodCount > 0) TakeUpPods(node);
        Tell(ChangeType.Added, node);
    }

    /// <summary>Pods may have been bound to a node of that name before.</summary>
    private void TakeUpPods(SimulatedNode node)
    {
        foreach (var pod in Pods)
        {
            if (pod.NodeName == node.Name) node.Add(pod);
        }
    }

    public void Add(SimulatedPod pod)
    {
        if (!_podsByNamespace.TryGetValue(pod.Namespace, out var pods)) _podsByNamespace.Add(pod.Namespace, pods = []);
        pods.Add(pod.Name, pod);
        PodCount++;
        if (pod.HasPodAffinity) PodsWithAffinity.Add(pod);
        if (pod.OwnerKind is null) Orphans.Add(pod);
        pod.Owner?.Add(pod);
        FindNode(pod.NodeName)?.Add(pod);
        Tell(ChangeType.Added, pod);
        if (pod.OwnerKind is null) Orphaned?.Invoke(pod);
    }

    /// <summary>Makes a pod as the API server does, with what admission adds.</summary>
    public SimulatedPod AddPod(string @namespace, string name, IReadOnlyDictionary<string, string> labels, PodSpec spec, SimulatedPodOwner? owner)
    {
        var admitted = PriorityClasses.Resolve(spec);
        var pod = new SimulatedPod(@namespace, name, NewUid("Pod", @namespace, name), Now, admitted)
        {
            Labels = labels,
            Tolerations = Admission.Tolerations(admitted, owner?.Kind, Options),
        };
        if (owner is not null) pod.SetOwner(owner);
        Add(pod);
        return pod;
    }

    public void Add(SimulatedAutoscaler autoscaler)
    {
        Autoscalers.Add(autoscaler);
        Tell(ChangeType.Added, autoscaler);
    }

    public void Add(SimulatedVolumeClaim claim)
    {
        Claims.Add((claim.Namespace, claim.Name), claim);
        Tell(ChangeType.Added, claim);
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
        _replicaSets.Add((replicaSet.Namespace, replicaSet.Name), replicaSet);
        replicaSet.Deployment?.OwnReplicaSets.Add(replicaSet);
        if (replicaSet.Deployment is null) OrphanReplicaSets.Add(replicaSet);
        Tell(ChangeType.Added, replicaSet);
    }

    public void Add(SimulatedJob job)
    {
        Jobs.Add(job);
        _jobs.Add((job.Namespace, job.Name), job);
        Tell(ChangeType.Added, job);
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

    public void Delete(SimulatedMachine machine)
    {
        machine.IsDeleted = true;
        MachinesOff.Remove(machine);
        _machines?.Remove(machine.ResourceId);
    }

    /// <summary>Tells that a kubelet has died, of which the API does not know.</summary>
    public void StopKubelet(SimulatedNode node)
    {
        node.KubeletLife++;
        node.KubeletRuns = false;
        node.Heartbeat = node.Heartbeat.Stop(Now);
        KubeletStopped?.Invoke(node);
    }

    public void SetSpec(SimulatedNode node, ClusterNode spec)
    {
        node.SetSpec(spec);
        _schedulingOrder = null;
        ZonesChanged?.Invoke();
    }

    public void SetTaints(SimulatedNode node, IReadOnlyList<Taint> taints)
    {
        node.Taints = taints;
        Touch(node);
        TaintsChanged?.Invoke(node);
    }

    public void SetLabels(SimulatedPod pod, IReadOnlyDictionary<string, string> labels)
    {
        pod.Labels = labels;
        pod.IsRelabelled = true;
        Touch(pod);
        Relabelled?.Invoke(pod);
        if (pod.OwnerKind is null) Orphaned?.Invoke(pod);
    }

    /// <summary>Gives a pod an owner, or takes it away.</summary>
    public void SetOwner(SimulatedPod pod, SimulatedPodOwner? owner)
    {
        pod.Owner?.Remove(pod);
        pod.SetOwner(owner);
        owner?.Add(pod);
        if (owner is null) Orphans.Add(pod);
        else Orphans.Remove(pod);
        Touch(pod);
        if (owner is null) Orphaned?.Invoke(pod);
    }

    /// <summary>Gives a replica set a Deployment, or takes it away.</summary>
    public void SetOwner(SimulatedReplicaSet replicaSet, SimulatedDeployment? deployment)
    {
        replicaSet.Deployment?.OwnReplicaSets.Remove(replicaSet);
        replicaSet.Deployment = deployment;
        deployment?.OwnReplicaSets.Add(replicaSet);
        if (deployment is null) OrphanReplicaSets.Add(replicaSet);
        else OrphanReplicaSets.Remove(replicaSet);
        Touch(replicaSet);
    }

    public void Bind(SimulatedPod pod, SimulatedNode node)
    {
        pod.NodeName = node.Name;
        Nominations.Remove(pod);
        node.Add(pod);
        pod.SetCondition("PodScheduled", "True", "", "", Now);
        Provision(pod, node);
        Touch(pod);
        PodBound?.Invoke(pod, node);
    }

    /// <summary>Claims that have waited for their first pod get a volume in its node's zone.</summary>
    /// <remarks>Source: volumeBindingMode WaitForFirstConsumer, as the storage classes of AKS have it.</remarks>
    private void Provision(SimulatedPod pod, SimulatedNode node)
    {
        foreach (var name in pod.Spec.Claims)
        {
            if (FindClaim(pod.Namespace, name) is not { Phase: "Pending" } claim) continue;
            var zoned = claim.Spec.IsDisk && node.Labels.TryGetValue(SchedulingCycle.ZoneLabel, out var zone)
                ? new NodeAffinityTerm([new LabelRequirement(SchedulingCycle.ZoneLabel, SelectorOperator.In, [zone])], [])
                : null;
            claim.Spec = claim.Spec with { VolumeName = $"pvc-{claim.Uid}", NodeAffinity = zoned is null ? [] : [zoned] };
            Touch(claim);
        }
    }

    /// <summary>What the API server does with a DELETE of a pod: one that has a node gets its grace and waits for the kubelet.</summary>
    public void Delete(SimulatedPod pod, long? gracePeriodSeconds = null)
    {
        var grace = gracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds;
        if (grace == 0 || pod.NodeName is null || pod.IsTerminal)
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

    /// <summary>The pod has come to its end: it takes no room any more. The caller tells it.</summary>
    public void End(SimulatedPod pod, bool success)
    {
        pod.Phase = success ? "Succeeded" : "Failed";
        FindNode(pod.NodeName)?.Release(pod);
    }

    public void SetAlive(SimulatedPod pod, bool alive)
    {
        if (pod.IsAlive == alive) return;
        pod.IsAlive = alive;
        AliveChanged?.Invoke(pod);
    }

    /// <summary>What the API server does with a DELETE of an object that owns others, or of one that nothing holds.</summary>
    public void Delete(SimulatedObject target, DeletionPropagation propagation)
    {
        if (propagation == DeletionPropagation.Foreground && target is SimulatedPodOwner)
        {
            if (target.Terminating) return;
            target.DeletionTimestamp = Now;
            target.DeletionGracePeriodSeconds = 0;
            target.Generation++;
            Touch(target);
            return;
        }

        if (propagation == DeletionPropagation.Orphan) Disown(target);
        Remove(target);
    }

    private void Disown(SimulatedObject owner)
    {
        if (owner is SimulatedDeployment deployment)
        {
            foreach (var replicaSet in deployment.ReplicaSets.ToArray()) SetOwner(replicaSet, null);
        }
        else if (owner is SimulatedPodOwner { Pods: var pods })
        {
            foreach (var pod in pods.ToArray()) SetOwner(pod, null);
        }
    }

    public void Remove(SimulatedObject target)
    {
        switch (target)
        {
            case SimulatedPod pod:
                Remove(pod);
                return;
            case SimulatedNode node:
                _nodes.Remove(node.Name);
                _schedulingOrder = null;
                if (_machines is null) _otherMachines.Add(node.Machine);
                break;
            case SimulatedReplicaSet replicaSet:
                ReplicaSets.Remove(replicaSet);
                _replicaSets.Remove((replicaSet.Namespace, replicaSet.Name));
                replicaSet.Deployment?.OwnReplicaSets.Remove(replicaSet);
                OrphanReplicaSets.Remove(replicaSet);
                break;
            case SimulatedDeployment deployment:
                Deployments.Remove(deployment);
                _deployments.Remove((deployment.Namespace, deployment.Name));
                break;
            case SimulatedWorkload workload:
                OtherWorkloads.Remove(workload);
                _otherWorkloads.Remove((workload.Namespace, workload.Kind, workload.Name));
                break;
            case SimulatedJob job:
                Jobs.Remove(job);
                _jobs.Remove((job.Namespace, job.Name));
                break;
            case SimulatedAutoscaler autoscaler:
                Autoscalers.Remove(autoscaler);
                break;
            case SimulatedVolumeClaim claim:
                Claims.Remove((claim.Namespace, claim.Name));
                break;
            case SimulatedDisruptionBudget budget:
                DisruptionBudgets.Remove(budget);
                break;
            case SimulatedService service:
                Services.Remove(service);
                ServiceIndex.Remove(service);
                break;
            default:
                throw new ArgumentException($"Nothing removes a {target.Kind}.", nameof(target));
        }

        Tell(ChangeType.Deleted, target);
    }

    private void Remove(SimulatedPod pod)
    {
        _podsByNamespace[pod.Namespace].Remove(pod.Name);
        PodCount--;
        if (pod.HasPodAffinity) PodsWithAffinity.Remove(pod);
        pod.Owner?.Remove(pod);
        Orphans.Remove(pod);
        Nominations.Remove(pod);
        FindNode(pod.NodeName)?.Remove(pod);
        Tell(ChangeType.Deleted, pod);
        SetAlive(pod, false);
    }

    private void AddMachine(SimulatedMachine machine)
    {
        if (!machine.IsDeleted) _machines!.TryAdd(machine.ResourceId, machine);
    }

    private SimulatedNode[] ZonesInTurn()
    {
        List<List<SimulatedNode>> zones = [];
        Dictionary<string, List<SimulatedNode>> byKey = [];
        foreach (var node in _nodes.Values)
        {
            if (!byKey.TryGetValue(node.ZoneKey, out var zone))
            {
                byKey.Add(node.ZoneKey, zone = []);
                zones.Add(zone);
            }

            zone.Add(node);
        }

        var order = new SimulatedNode[_nodes.Count];
        var filled = 0;
        for (var row = 0; filled < order.Length; row++)
        {
            foreach (var zone in zones)
            {
                if (row < zone.Count) order[filled++] = zone[row];
            }
        }

        return order;
    }

    /// <summary>Takes the next number of the sequence of changes.</summary>
    public long TakeResourceVersion() => ++ResourceVersion;

    private void Tell(ChangeType type, SimulatedObject target)
    {
        target.ResourceVersion = TakeResourceVersion();
        if (type == ChangeType.Deleted) target.IsGone = true;
        Changed?.Invoke(new ObjectChange(Now, type, target));
    }
}
