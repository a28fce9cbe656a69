using ChaosPS.Clusters;

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

    /// <summary>A simulation that begins with <paramref name="snapshot"/>, at the time when that was taken.</summary>
    public ClusterSimulation(ClusterSnapshot snapshot, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        Snapshot = snapshot;
        _events = new EventQueue(snapshot.TakenAt);
        _state = new ClusterState(_events, options);
        _state.Changed += change => Changed?.Invoke(change);
        new SnapshotLoader(_state).Load(snapshot);
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

    /// <summary>ReplicaSets.</summary>
    public IReadOnlyList<SimulatedReplicaSet> ReplicaSets => _state.ReplicaSets;

    /// <summary>Services with their endpoints.</summary>
    public IReadOnlyList<SimulatedService> Services => _state.Services;

    /// <summary>Ingress paths.</summary>
    public IReadOnlyList<IngressPath> IngressPaths => _state.IngressPaths;

    /// <summary>Kubernetes events, oldest first.</summary>
    public IReadOnlyList<SimulatedEvent> Events => _state.KubernetesEvents;

    /// <summary>The node of that name; null when there is none.</summary>
    public SimulatedNode? FindNode(string name) => _state.FindNode(name);

    /// <summary>The pod of that name; null when there is none.</summary>
    public SimulatedPod? FindPod(string @namespace, string name) => _state.FindPod(@namespace, name);

    /// <summary>The Deployment of that name; null when there is none.</summary>
    public SimulatedDeployment? FindDeployment(string @namespace, string name) =>
        _state.Deployments.Find(deployment => deployment.Namespace == @namespace && deployment.Name == name);

    /// <summary>The machine of that resource id, in any case; null when there is none.</summary>
    public SimulatedMachine? FindMachine(string resourceId) => _state.Machines.GetValueOrDefault(resourceId);

    /// <summary>Lets everything happen up to <paramref name="time"/>. A time in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset time) => _events.AdvanceTo(time);
}
