using ChaosPS.Faults;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Moves a simulation along in tests.</summary>
internal static class SimulationSteps
{
    public static void Run(this ClusterSimulation simulation, double seconds) =>
        simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(seconds));

    /// <summary>Begins a fault inside the machine of a node, and goes on until it is there.</summary>
    public static void Run(this ClusterSimulation simulation, SimulatedNode node, FaultSpec fault)
    {
        var script = simulation.Run(node.Machine, new FaultScript($"test-{node.Machine.Faults.Count}", fault));
        simulation.AdvanceTo(script.EndTime);
        Assert.Equal(0, script.Result?.ExitCode);
    }

    /// <summary>Goes on until the condition holds, and says when that was; fails after an hour.</summary>
    public static DateTimeOffset RunUntil(this ClusterSimulation simulation, Func<bool> condition)
    {
        var end = simulation.Now.AddHours(1);
        while (!condition())
        {
            var next = simulation.NextEventTime ?? end;
            Assert.True(next < end, "It did not happen within an hour.");
            simulation.AdvanceTo(next);
        }

        return simulation.Now;
    }

    /// <summary>The active pods of a Deployment.</summary>
    public static List<SimulatedPod> PodsOf(this ClusterSimulation simulation, string deployment) =>
        [.. simulation.Pods.Where(pod => pod.IsActive && pod.Labels.GetValueOrDefault("service") == deployment)];

    public static SimulatedNode Node(this ClusterSimulation simulation, string name) => simulation.FindNode(name)!;

    public static SimulatedDeployment Deployment(this ClusterSimulation simulation, string name) =>
        simulation.FindDeployment(TestCluster.Namespace, name)!;

    public static bool HasTaint(this SimulatedNode node, string taint) => node.Taints.Any(has => has.ToString() == taint);

    /// <summary>Writes every change down from now on.</summary>
    public static List<string> Record(this ClusterSimulation simulation)
    {
        List<string> history = [];
        simulation.Changed += change => history.Add(
            $"{change.At:O} {change.Type} {change.Target} rv={change.Target.ResourceVersion} {Describe(change.Target)}");
        return history;
    }

    private static string Describe(SimulatedObject target) => target switch
    {
        SimulatedNode node => $"{node.Ready} [{string.Join(',', node.Taints)}] {string.Join(',', node.Conditions.Select(c => $"{c.Type}={c.Status}"))}",
        SimulatedPod pod => $"{pod.Phase} {pod.NodeName} {pod.Ready} {pod.ReadyContainers} {pod.DeletionTimestamp:O} {pod.PodIP}",
        SimulatedReplicaSet set => $"{set.Replicas}/{set.CurrentReplicas}/{set.ReadyReplicas}/{set.AvailableReplicas}",
        SimulatedDeployment deployment => $"{deployment.CurrentReplicas}/{deployment.UpdatedReplicas}/{deployment.AvailableReplicas} " +
            string.Join(',', deployment.Conditions.Select(c => $"{c.Type}={c.Status}:{c.Reason}")),
        SimulatedService service => string.Join(',', service.Endpoints.Select(e => $"{e.Pod.Name} r={e.Ready} s={e.Serving} t={e.Terminating}")),
        SimulatedEvent written => $"{written.Type} {written.Reason} x{written.Count} {written.Message}",
        _ => "",
    };
}
