using ChaosPS.Clusters;
using ChaosPS.Simulation;
using static ChaosPS.Core.Tests.Simulation.Replay.RecordedCluster;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>The simulation, acted on directly.</summary>
internal sealed class SimulationRig : IRig
{
    private readonly ClusterSimulation _simulation;
    private TransitionRecorder? _recorder;

    public SimulationRig(Recording recording)
    {
        var begin = TimelineReader.Time(recording.Begin);
        var snapshot = recording.Placements is null
            ? TakeEmpty(begin)
            : Take(begin, recording.Lease is null ? null : TimelineReader.Time(recording.Lease), recording.Placements);
        _simulation = new ClusterSimulation(snapshot, recording.MakeOptions());
    }

    public List<Transition> Transitions => _recorder!.Transitions;

    public void AdvanceTo(DateTimeOffset time) => _simulation.AdvanceTo(time);

    public void Record() => _recorder = new TransitionRecorder(_simulation);

    public void Apply(string file, string kind, string name) => RecordedCluster.Apply(_simulation, file, kind, name);

    public void DeletePod(string name) => _simulation.DeletePod(Pod(name));

    public void Scale(string deployment, int replicas) => _simulation.Apply(Deployment(deployment) with { Replicas = replicas });

    public void RestartRollout(string deployment)
    {
        var spec = Deployment(deployment);
        _simulation.Apply(spec with { PodSpec = spec.PodSpec with { TemplateMark = "restartedAt" } });
    }

    public void PowerOff(string node) => _simulation.Begin(_simulation.FindNode(node)!, PowerAction.PowerOff, skipShutdown: true);

    public void PowerOn(string node) => _simulation.Begin(_simulation.Machines.Single(machine => machine.NodeName == node), PowerAction.Start);

    public void DeleteNode(string node) => _simulation.DeleteNode(_simulation.FindNode(node)!);

    public void SetUnschedulable(string node, bool unschedulable) => _simulation.SetUnschedulable(_simulation.FindNode(node)!, unschedulable);

    public void Evict(params string[] pods)
    {
        foreach (var pod in pods) Assert.True(_simulation.Evict(Pod(pod)).Evicted);
    }

    public void RefuseEviction(string pod, string message, string cause) => Assert.Equal(new EvictionOutcome(429, message, cause), _simulation.Evict(Pod(pod)));

    private SimulatedPod Pod(string name) => _simulation.FindPod(Namespace, name)!;

    private Workload Deployment(string name) => _simulation.FindDeployment(Namespace, name)!.Spec;
}
