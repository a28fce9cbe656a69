namespace ChaosPS.Simulation.Nodes;

/// <summary>The few nodes that a controller has to look at again and again, in the order in which the cluster has them.</summary>
internal sealed class NodeWatch
{
    private readonly SortedSet<SimulatedNode> _nodes = new(Comparer<SimulatedNode>.Create(static (left, right) => left.Order.CompareTo(right.Order)));

    public void Add(SimulatedNode node) => _nodes.Add(node);

    public void Remove(SimulatedNode node) => _nodes.Remove(node);

    /// <summary>The nodes as they are now: who looks may add and remove.</summary>
    public SimulatedNode[] ToArray() => _nodes.Count == 0 ? [] : [.. _nodes];
}
