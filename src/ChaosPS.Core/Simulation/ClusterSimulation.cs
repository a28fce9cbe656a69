using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Simulation.Nodes;
using ChaosPS.Simulation.Scheduling;
using ChaosPS.Simulation.Traffic;
using ChaosPS.Simulation.Workloads;

namespace ChaosPS.Simulation;

/// <summary>A Kubernetes cluster on Azure as a deterministic model: nodes and their machines, control plane, scheduler, traffic.</summary>
/// <remarks>
/// It has no clock of its own: <see cref="AdvanceTo"/> lets happen what is due. One jump or many small steps give the same history,
/// and so do two runs with one seed and the same calls at the same times. Not for use by two threads at once.
/// </remarks>
public sealed class ClusterSimulation
{
    private readonly EventQueue _events;
    private readonly ClusterState _state;
    private readonly MachineControl _machines;
    private readonly Kubelets _kubelets;
    private readonly MachineFaults _faults;
    private readonly Router _router;

    /// <summary>A simulation that begins with <paramref name="snapshot"/>, at the time when that was taken.</summary>
    public ClusterSimulation(ClusterSnapshot snapshot, SimulationOptions options)
        : this(snapshot, options, template: null, loads: null)
    {
    }

    /// <summary>The same with nodes that carry more than the snapshot's pods.</summary>
    /// <param name="snapshot">What it begins with.</param>
    /// <param name="options">Seed, times and rates.</param>
    /// <param name="template">What simulations of this cluster have in common; null to make it here.</param>
    /// <param name="loads">What the pods take that are beside the snapshot's, for nodes where that is not what the template says.</param>
    internal ClusterSimulation(
        ClusterSnapshot snapshot, SimulationOptions options, ClusterTemplate? template, IReadOnlyDictionary<string, NodeLoad>? loads)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        Snapshot = snapshot;
        _events = new EventQueue(snapshot.TakenAt);
        template ??= ClusterTemplate.Of(snapshot, new Dictionary<string, NodeLoad>());
        _state = new ClusterState(_events, options) { ImageSpread = template.ImageSpread, OthersByZone = template.OthersByZone, OthersLostByZone = template.OthersLostByZone };
        _state.Changed += change => Changed?.Invoke(change);
        new SnapshotLoader(_state, loads).Load(snapshot, template.Nodes);

        // The controllers find a cluster that has run for long, and hear of each other only through the store.
        var recorder = new EventRecorder(_state);
        _kubelets = new Kubelets(_state, recorder, new PodAddresses(template.Networks), new VolumeAttacher(_state, recorder));
        var nodeLifecycle = new NodeLifecycleController(_state, recorder);
        _ = new TaintEvictionController(_state, recorder);
        var cloudNodes = new CloudNodeController(_state, recorder);
        var garbageCollector = new PodGarbageCollector(_state);
        _ = new ReplicaSetController(_state, recorder);
        _ = new DeploymentController(_state, recorder);
        _ = new StatefulSetController(_state, recorder);
        _ = new OtherWorkloadStatus(_state, new DaemonSetController(_state, recorder));
        _ = new GarbageCollector(_state);
        _ = new JobController(_state, recorder);
        _ = new AutoscalerController(_state, recorder);
        _ = new DisruptionController(_state);
        _ = new Scheduler(_state, recorder);
        _ = new EndpointController(_state);
        _machines = new MachineControl(_state, _kubelets);
        _faults = new MachineFaults(_state, _kubelets);
        _router = new Router(_state, new LoadBalancer(_state));
        if (options.AutoRepair) _ = new AutoRepair(_state, recorder, _machines);
        _kubelets.Begin();
        nodeLifecycle.Begin();
        cloudNodes.Begin();
        garbageCollector.Begin();
    }

    /// <summary>Tells every change of every object, at once and in order. Read the object there; change nothing.</summary>
    public event Action<ObjectChange>? Changed;

    /// <summary>What it began with.</summary>
    public ClusterSnapshot Snapshot { get; }

    /// <summary>Seed, times and rates.</summary>
    public SimulationOptions Options => _state.Options;

    /// <summary>The simulated time.</summary>
    public DateTimeOffset Now => _events.Now;

    /// <summary>When something happens next; null when nothing is due ever.</summary>
    public DateTimeOffset? NextEventTime => _events.NextEventTime;

    /// <summary>The number of the last change: every change of an object takes the next one.</summary>
    public long ResourceVersion => _state.ResourceVersion;

    /// <summary>Nodes.</summary>
    public IReadOnlyCollection<SimulatedNode> Nodes => _state.Nodes;

    /// <summary>The machines that exist, in the order of their ids; a machine may outlive its node object for a while, or the other way round.</summary>
    public IReadOnlyCollection<SimulatedMachine> Machines => _state.Machines.Values;

    /// <summary>Pods, terminating ones too.</summary>
    public IEnumerable<SimulatedPod> Pods => _state.Pods;

    /// <summary>Deployments.</summary>
    public IReadOnlyList<SimulatedDeployment> Deployments => _state.Deployments;

    /// <summary>Workloads of other kinds.</summary>
    public IReadOnlyList<SimulatedWorkload> OtherWorkloads => _state.OtherWorkloads;

    /// <summary>Jobs.</summary>
    public IReadOnlyList<SimulatedJob> Jobs => _state.Jobs;

    /// <summary>ReplicaSets.</summary>
    public IReadOnlyList<SimulatedReplicaSet> ReplicaSets => _state.ReplicaSets;

    /// <summary>Disruption budgets with their status.</summary>
    public IReadOnlyList<SimulatedDisruptionBudget> DisruptionBudgets => _state.DisruptionBudgets;

    /// <summary>Services with their endpoints.</summary>
    public IReadOnlyList<SimulatedService> Services => _state.Services;

    /// <summary>Volume claims.</summary>
    public IReadOnlyCollection<SimulatedVolumeClaim> VolumeClaims => _state.Claims.Values;

    /// <summary>Horizontal pod autoscalers.</summary>
    public IReadOnlyList<SimulatedAutoscaler> Autoscalers => _state.Autoscalers;

    /// <summary>Ingress paths.</summary>
    public IReadOnlyList<IngressPath> IngressPaths => _state.IngressPaths;

    /// <summary>Kubernetes events, oldest first.</summary>
    public IReadOnlyList<SimulatedEvent> Events => _state.KubernetesEvents;

    /// <summary>The node of that name; null when there is none.</summary>
    public SimulatedNode? FindNode(string name) => _state.FindNode(name);

    /// <summary>The pod of that name; null when there is none.</summary>
    public SimulatedPod? FindPod(string @namespace, string name) => _state.FindPod(@namespace, name);

    /// <summary>The replica set of that name; null when there is none.</summary>
    public SimulatedReplicaSet? FindReplicaSet(string @namespace, string name) => _state.FindReplicaSet(@namespace, name);

    /// <summary>The Job of that name; null when there is none.</summary>
    public SimulatedJob? FindJob(string @namespace, string name) => _state.FindJob(@namespace, name);

    /// <summary>The volume claim of that name; null when there is none.</summary>
    public SimulatedVolumeClaim? FindVolumeClaim(string @namespace, string name) => _state.FindClaim(@namespace, name);

    /// <summary>The horizontal pod autoscaler of that name; null when there is none.</summary>
    public SimulatedAutoscaler? FindAutoscaler(string @namespace, string name) =>
        _state.Autoscalers.Find(autoscaler => autoscaler.Namespace == @namespace && autoscaler.Name == name);

    /// <summary>The Service of that name; null when there is none.</summary>
    public SimulatedService? FindService(string @namespace, string name) => _state.ServiceIndex.Find(@namespace, name);

    /// <summary>The disruption budget of that name; null when there is none.</summary>
    public SimulatedDisruptionBudget? FindDisruptionBudget(string @namespace, string name) =>
        _state.DisruptionBudgets.Find(budget => budget.Namespace == @namespace && budget.Name == name);

    /// <summary>The Deployment of that name; null when there is none.</summary>
    public SimulatedDeployment? FindDeployment(string @namespace, string name) => _state.FindDeployment(@namespace, name);

    /// <summary>The machine of that resource id, in any case; null when there is none.</summary>
    public SimulatedMachine? FindMachine(string resourceId) => _state.Machines.GetValueOrDefault(resourceId);

    /// <summary>Lets everything happen up to <paramref name="time"/>. A time in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset time) => _events.AdvanceTo(time);

    /// <summary>Asks Azure to change the power of a machine. The guest is dead from this instant on when it is to go off.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="action">What to do.</param>
    /// <param name="skipShutdown">For <see cref="PowerAction.PowerOff"/>: cut the power without shutting the guest down; it takes less time.</param>
    /// <param name="delay">How much longer than usual it takes.</param>
    /// <exception cref="PowerRefusedException">Azure answers 409: a restart of a machine that is off, a power-off of a deallocated one, anything on one that is being deleted.</exception>
    public MachineOperation Begin(SimulatedMachine machine, PowerAction action, bool skipShutdown = false, TimeSpan delay = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return _machines.Begin(machine, action, skipShutdown, delay);
    }

    /// <summary>Asks Azure to run the script of a fault inside a machine.</summary>
    /// <exception cref="PowerRefusedException">Azure answers 409: the machine is off, or another script runs in it.</exception>
    internal MachineScript Run(SimulatedMachine machine, FaultScript script) => _faults.Run(machine, script);

    /// <summary>Asks Azure to evict a Spot machine, which it does half a minute later.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="deletes">Whether its eviction policy deletes it; otherwise it is deallocated.</param>
    public void Evict(SimulatedMachine machine, bool deletes)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machines.Evict(machine, deletes);
    }

    /// <summary>Asks Azure to change the power of the machine behind a node.</summary>
    /// <inheritdoc cref="Begin(SimulatedMachine, PowerAction, bool, TimeSpan)"/>
    public MachineOperation Begin(SimulatedNode node, PowerAction action, bool skipShutdown = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Begin(node.Machine, action, skipShutdown);
    }

    /// <summary>The Deployment, StatefulSet or DaemonSet of that name; null when there is none.</summary>
    public SimulatedWorkload? FindWorkload(string @namespace, string kind, string name) =>
        kind == "Deployment" ? _state.FindDeployment(@namespace, name) : _state.FindWorkload(@namespace, kind, name);

    /// <summary>Makes a Deployment, StatefulSet or DaemonSet, or changes its replicas, template or strategy to what <paramref name="spec"/> says.</summary>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public SimulatedWorkload Apply(Workload spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Kind is not ("Deployment" or "StatefulSet" or "DaemonSet"))
            throw new ArgumentException($"Only Deployments, StatefulSets and DaemonSets can be applied, not a {spec.Kind}.", nameof(spec));
        if (FindWorkload(spec.Namespace, spec.Kind, spec.Name) is { } present)
        {
            present.Spec = spec;
            present.Generation++;
            _state.Touch(present);
            return present;
        }

        if (spec.Kind == "Deployment")
        {
            var deployment = new SimulatedDeployment(spec with { Generation = 1 }, NewUid(spec.Kind, spec.Namespace, spec.Name), Now) { ObservedGeneration = 0 };
            _state.Add(deployment);
            return deployment;
        }

        var made = new SimulatedWorkload(spec with { Generation = 1 }, NewUid(spec.Kind, spec.Namespace, spec.Name), Now) { ObservedGeneration = 0 };
        _state.Add(made);
        return made;
    }

    /// <summary>Makes a ReplicaSet that no Deployment owns, or changes a ReplicaSet's replicas and template; pods that exist keep the old one.</summary>
    public SimulatedReplicaSet ApplyReplicaSet(Workload spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindReplicaSet(spec.Namespace, spec.Name) is not { } present)
        {
            var made = SimulatedReplicaSet.Alone(spec with { Generation = 1 }, NewUid("ReplicaSet", spec.Namespace, spec.Name), Now);
            _state.Add(made);
            return made;
        }

        present.Replicas = spec.Replicas;
        present.MinReadySeconds = spec.MinReadySeconds;
        present.PodLabels = spec.PodLabels;
        present.PodSpec = spec.PodSpec;
        present.Generation++;
        _state.Touch(present);
        return present;
    }

    /// <summary>Makes a Job, or changes what of one can change: parallelism, completions, deadline, limit, and whether it is suspended.</summary>
    public SimulatedJob Apply(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindJob(spec.Namespace, spec.Name) is { } present)
        {
            present.Spec = spec;
            present.Generation++;
            _state.Touch(present);
            return present;
        }

        var made = new SimulatedJob(spec, NewUid("Job", spec.Namespace, spec.Name), Now);
        _state.Add(made);
        return made;
    }

    /// <summary>
    /// Makes a volume claim, or binds it to the volume that <paramref name="spec"/> has. One without a volume gets one when its first pod has found
    /// a node. A claim that nobody has told of holds no pod back.
    /// </summary>
    public SimulatedVolumeClaim Apply(VolumeClaim spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindVolumeClaim(spec.Namespace, spec.Name) is { } present)
        {
            present.Spec = spec;
            _state.Touch(present);
            return present;
        }

        var made = new SimulatedVolumeClaim(spec, NewUid("PersistentVolumeClaim", spec.Namespace, spec.Name), Now);
        _state.Add(made);
        return made;
    }

    /// <summary>Makes a horizontal pod autoscaler, or changes it. It sets its target's replicas: see <see cref="SimulatedWorkload.Spec"/>.</summary>
    public SimulatedAutoscaler Apply(Autoscaler spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindAutoscaler(spec.Namespace, spec.Name) is { } present)
        {
            present.Spec = spec;
            present.Generation++;
            _state.Touch(present);
            return present;
        }

        var made = new SimulatedAutoscaler(spec, NewUid("HorizontalPodAutoscaler", spec.Namespace, spec.Name), Now);
        _state.Add(made);
        return made;
    }

    /// <summary>Makes a priority class, or changes it; pods that exist keep their priority.</summary>
    public void Apply(PriorityClass spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _state.PriorityClasses.Put(spec);
    }

    /// <summary>Counts a change of an object's metadata, which nothing in the simulation looks at, as a new version of it.</summary>
    public void Touch(SimulatedObject target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsGone) _state.Touch(target);
    }

    /// <summary>Takes the next resource version for a change of something that is kept beside the simulation: all objects share one sequence.</summary>
    public long TakeResourceVersion() => _state.TakeResourceVersion();

    /// <summary>Replaces the paths that the ingress controllers serve.</summary>
    public void SetIngressPaths(IReadOnlyList<IngressPath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _state.IngressPaths.Clear();
        _state.IngressPaths.AddRange(paths);
    }

    /// <summary>Deletes an object as a DELETE to the API does. A pod gets its own grace period; <see cref="DeletePod"/> takes another.</summary>
    /// <param name="target">A pod, node, workload, replica set, Job, Service, disruption budget, autoscaler or volume claim.</param>
    /// <param name="propagation">What becomes of what it owns.</param>
    public void Delete(SimulatedObject target, DeletionPropagation propagation = DeletionPropagation.Background)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.IsGone) return;
        if (target is SimulatedPod pod) _state.Delete(pod);
        else _state.Delete(target, propagation);
    }

    /// <summary>
    /// Deletes everything in a namespace, as the end of a namespace does. Its pods take the time that they need to end: it is empty when no pod is
    /// left.
    /// </summary>
    /// <remarks>Source: kubernetes/pkg/controller/namespace/deletion: one resource after the other, the content of each deleted in the background.</remarks>
    public void DeleteNamespace(string @namespace)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        SimulatedObject[] content =
        [
            .. _state.Deployments, .. _state.OtherWorkloads, .. _state.Jobs, .. _state.ReplicaSets, .. _state.Autoscalers, .. _state.DisruptionBudgets, .. _state.Services, .. _state.Claims.Values,
            .. _state.PodsOf(@namespace),
        ];
        foreach (var target in content)
        {
            if (target.Namespace == @namespace) Delete(target);
        }
    }

    /// <summary>Gives a pod other labels. Services and budgets follow; an owner whose selector no longer matches lets it go and replaces it.</summary>
    public void SetLabels(SimulatedPod pod, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(labels);
        if (!pod.IsGone) _state.SetLabels(pod, labels);
    }

    /// <summary>
    /// Makes a node with a machine whose kubelet reports it ready a moment later, or gives a node the labels, taints, capacity and cordon that
    /// <paramref name="spec"/> has. A taint NoExecute evicts, whoever set it. What kubelets and controllers write stays theirs.
    /// </summary>
    public SimulatedNode Apply(ClusterNode spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindNode(spec.Name) is not { } node)
        {
            var id = spec.ResourceId ?? spec.Name;
            if (!_state.Machines.TryGetValue(id, out var machine)) _state.Machines.Add(id, machine = new SimulatedMachine(id, spec.Name, PowerState.Running));
            return _kubelets.Join(spec, machine);
        }

        _state.SetSpec(node, spec);
        node.Unschedulable = spec.Unschedulable;
        if (node.Taints.SequenceEqual(spec.Taints)) _state.Touch(node);
        else _state.SetTaints(node, spec.Taints);
        return node;
    }

    /// <summary>Deletes a pod as a DELETE to the API does: its kubelet ends it within the grace period, its owner replaces it at once.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="gracePeriodSeconds">Null for the pod's own; 0 removes the object at once, whether or not anything still runs.</param>
    public void DeletePod(SimulatedPod pod, long? gracePeriodSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (!pod.IsGone) _state.Delete(pod, gracePeriodSeconds);
    }

    /// <summary>Evicts a pod as a POST to its eviction subresource does: it is deleted if its disruption budget can spare it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="gracePeriodSeconds">Null for the pod's own.</param>
    /// <param name="dryRun">Asks only: neither pod nor budget changes.</param>
    public EvictionOutcome Evict(SimulatedPod pod, long? gracePeriodSeconds = null, bool dryRun = false)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return EvictionApi.Evict(_state, pod, gracePeriodSeconds, dryRun);
    }

    /// <summary>Sends the termination signal to the first process of a container: it ends a moment later, and its pod's restart policy says what follows.</summary>
    public void Terminate(SimulatedPod pod, string container)
    {
        ArgumentNullException.ThrowIfNull(pod);
        _kubelets.Terminate(pod, container);
    }

    /// <summary>Lets a pod's application write a line to its output. The API is not told.</summary>
    public void Write(SimulatedPod pod, string line)
    {
        ArgumentNullException.ThrowIfNull(pod);
        pod.Write(Now, line);
    }

    /// <summary>Makes a disruption budget, or changes it.</summary>
    public SimulatedDisruptionBudget Apply(DisruptionBudget spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindDisruptionBudget(spec.Namespace, spec.Name) is not { } budget)
        {
            budget = new SimulatedDisruptionBudget(spec, NewUid("PodDisruptionBudget", spec.Namespace, spec.Name), Now);
            _state.Add(budget);
            return budget;
        }

        budget.Spec = spec;
        budget.Generation++;
        _state.Touch(budget);
        return budget;
    }

    /// <summary>Makes a Service, or changes its selector or port. Its endpoints follow.</summary>
    public SimulatedService Apply(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindService(spec.Namespace, spec.Name) is { } present)
        {
            _state.ServiceIndex.Remove(present);
            present.Spec = spec;
            present.Generation++;
            _state.ServiceIndex.Add(present);
            _state.Touch(present);
            return present;
        }

        var service = new SimulatedService(spec, NewUid("Service", spec.Namespace, spec.Name), Now);
        _state.Add(service);
        return service;
    }

    /// <summary>Makes a pod that no controller owns: nobody replaces it.</summary>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="spec">What decides where it runs.</param>
    /// <param name="nodeName">The node that its author put it on, past the scheduler; null for a pod that the scheduler places.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public SimulatedPod CreatePod(
        string @namespace, string name, IReadOnlyDictionary<string, string> labels, PodSpec spec, string? nodeName = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (FindPod(@namespace, name) is not null) throw new ArgumentException($"There is a pod {@namespace}/{name} already.", nameof(name));
        var pod = _state.AddPod(@namespace, name, labels, spec, owner: null);
        if (nodeName is not null && FindNode(nodeName) is { } node) _state.Bind(pod, node);
        return pod;
    }

    /// <summary>Deletes a node's object. Its machine runs on; when it boots again, its kubelet makes the object anew.</summary>
    public void DeleteNode(SimulatedNode node) => Delete(node);

    /// <summary>Cordons a node, or uncordons it.</summary>
    public void SetUnschedulable(SimulatedNode node, bool unschedulable)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Unschedulable == unschedulable) return;
        node.Unschedulable = unschedulable;
        _state.Touch(node);
    }

    private string NewUid(string kind, string @namespace, string name) => _state.NewUid(kind, @namespace, name);

    /// <summary>Sends a request to the application: load balancer, ingress controller, Service, pod.</summary>
    /// <param name="path">The path, with or without a query.</param>
    /// <param name="host">The host that it was sent to; null, or one that no Ingress names, for the paths of all hosts.</param>
    /// <returns>What the state at this moment and one draw of chance make of it. Asking changes nothing in the cluster.</returns>
    public RouteOutcome Route(string path, string? host = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _router.Route(path, host);
    }

    /// <summary>The share of all requests from outside that the load balancer sends to a dead ingress controller at this moment.</summary>
    /// <param name="others">Healthy nodes with ingress controllers that the simulation does not have.</param>
    internal double FailingEntries(int others) => _router.FailingEntries(others);

    /// <summary>The share of requests to a Service that fail at this moment: through an ingress controller, or from inside the cluster.</summary>
    internal double FailingShare(SimulatedService service, bool retries) => _router.FailingShare(service, retries);
}
