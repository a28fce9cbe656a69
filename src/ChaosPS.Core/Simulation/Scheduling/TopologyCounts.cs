namespace ChaosPS.Simulation.Scheduling;

/// <summary>A number for each topology domain, that is, for each value of a node label.</summary>
internal sealed class TopologyCounts
{
    private readonly Dictionary<(string Key, string Value), long> _counts = [];

    public bool IsEmpty => _counts.Count == 0;

    /// <summary>Adds to the domain that the node is in by that label, if it has the label.</summary>
    public void Add(SimulatedNode node, string key, long number)
    {
        if (!node.Labels.TryGetValue(key, out var value)) return;
        _counts[(key, value)] = _counts.GetValueOrDefault((key, value)) + number;
    }

    public long Of(SimulatedNode node, string key) =>
        node.Labels.TryGetValue(key, out var value) ? Of(key, value) : 0;

    public long Of(string key, string value) => _counts.GetValueOrDefault((key, value));
}
