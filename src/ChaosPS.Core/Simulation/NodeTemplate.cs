using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>What simulations of one snapshot need of a node and what is the same in all of them: made once, shared, never changed.</summary>
/// <param name="Spec">The node.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="ZoneKey">Region and zone.</param>
/// <param name="Conditions">Its conditions at the beginning.</param>
/// <param name="IsSettled">Whether its taints are those that its conditions call for.</param>
/// <param name="Load">What the pods take that a simulation does not know one by one.</param>
internal sealed record NodeTemplate(ClusterNode Spec, string Uid, string ZoneKey, IReadOnlyList<NodeCondition> Conditions, bool IsSettled, NodeLoad Load)
{
    public static NodeTemplate Of(ClusterNode spec, NodeLoad load)
    {
        var conditions = spec.Conditions.Count > 0 ? spec.Conditions : NodeConditions.Initial(spec.Ready, spec.CreationTimestamp);
        return new NodeTemplate(
            spec, Mixing.Uid(Mixing.Of(0, "Node", spec.Name, spec.ProviderId ?? "")), SimulatedNode.ZoneKeyOf(spec), conditions,
            NodeTaints.Wanted(spec.Taints, conditions, spec.Unschedulable, default).SequenceEqual(spec.Taints), load);
    }
}
