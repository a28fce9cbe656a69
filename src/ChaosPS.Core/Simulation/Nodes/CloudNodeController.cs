namespace ChaosPS.Simulation.Nodes;

/// <summary>Removes the node objects of machines that no longer exist. It asks only about nodes that are not ready.</summary>
/// <remarks>Source: k8s.io/cloud-provider/controllers/nodelifecycle.</remarks>
internal sealed class CloudNodeController(ClusterState state, EventRecorder recorder)
{
    private const string Component = "cloud-node-lifecycle-controller";

    public void Begin() => state.Events.After(state.Options.CloudNodeMonitorPeriod * state.Chance.NextDouble(), Monitor);

    private void Monitor()
    {
        List<SimulatedNode>? gone = null;
        foreach (var node in state.Nodes)
        {
            if (!node.Ready && !state.Machines.ContainsKey(node.Machine.ResourceId)) (gone ??= []).Add(node);
        }

        foreach (var node in gone ?? [])
        {
            recorder.Normal(node, "DeletingNode", $"Deleting node {node.Name} because it does not exist in the cloud provider", Component);
            state.Remove(node);
        }

        state.Events.After(state.Options.CloudNodeMonitorPeriod, Monitor);
    }
}
