using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>Removes the node objects of machines that no longer exist, and on AKS taints those of machines that are off.</summary>
/// <remarks>
/// Sources: k8s.io/cloud-provider/controllers/nodelifecycle, which asks only about nodes that are not ready, and cloud-provider-azure, which
/// adds <c>out-of-service</c> to a node that is not ready and has the taint <c>shutdown</c>. Pods without a toleration of it, that is all, are
/// then deleted at once, and the pod garbage collector does not wait for their kubelet.
/// </remarks>
internal sealed class CloudNodeController(ClusterState state, EventRecorder recorder)
{
    private const string Component = "cloud-node-lifecycle-controller";
    private const string OutOfServiceValue = "nodeshutdown";

    private readonly InstanceCache _instances = new(state);
    private readonly HashSet<SimulatedNode> _tainted = [];
    private readonly NodeWatch _watched = new();

    public void Begin()
    {
        state.Events.After(state.Options.CloudNodeMonitorPeriod * state.Chance.NextDouble(), Monitor);
        foreach (var node in state.Nodes)
        {
            if (!node.Ready) _watched.Add(node);
        }

        state.Changed += change =>
        {
            if (change.Target is SimulatedNode { Ready: false, IsGone: false } node) _watched.Add(node);
        };
        if (!state.Options.ShutdownTaints) return;
        _instances.Begin();
        foreach (var node in state.Nodes)
        {
            if (IsTainted(node)) _tainted.Add(node);
        }
    }

    private void Monitor()
    {
        List<SimulatedNode>? gone = null;
        List<SimulatedNode>? off = null;
        foreach (var node in _watched.ToArray())
        {
            if (node.Ready || node.IsGone)
            {
                _watched.Remove(node);
                continue;
            }

            if (node.Machine.IsDeleted) (gone ??= []).Add(node);
            else if (state.Options.ShutdownTaints && _instances.IsShutDown(node.Machine) && !IsTainted(node)) (off ??= []).Add(node);
        }

        foreach (var node in gone ?? [])
        {
            recorder.Normal(node, "DeletingNode", $"Deleting node {node.Name} because it does not exist in the cloud provider", Component);
            state.Remove(node);
        }

        foreach (var node in off ?? []) PutOutOfService(node);
        _tainted.RemoveWhere(BackInService);
        state.Events.After(state.Options.CloudNodeMonitorPeriod, Monitor);
    }

    private static bool IsTainted(SimulatedNode node) => NodeTaints.Has(node.Taints, NodeTaints.CloudShutdown, TaintEffect.NoSchedule);

    private void PutOutOfService(SimulatedNode node)
    {
        _tainted.Add(node);
        state.SetTaints(node, [.. node.Taints, new Taint(NodeTaints.CloudShutdown, "", TaintEffect.NoSchedule, state.Now)]);
        state.SetTaints(node, [.. node.Taints, new Taint(NodeTaints.OutOfService, OutOfServiceValue, TaintEffect.NoExecute, state.Now)]);
    }

    /// <summary>A node that is ready again loses both taints at the next look. Returns whether there is nothing more to do about it.</summary>
    private bool BackInService(SimulatedNode node)
    {
        if (node.IsGone) return true;
        if (!node.Ready) return false;
        var kept = NodeTaints.Without(node.Taints, TaintEffect.NoSchedule, NodeTaints.CloudShutdown);
        state.SetTaints(node, NodeTaints.Without(kept, TaintEffect.NoExecute, NodeTaints.OutOfService));
        return true;
    }
}
