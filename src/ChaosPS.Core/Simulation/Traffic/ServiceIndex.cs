using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Traffic;

/// <summary>Finds the Services that select a pod without trying all of them.</summary>
internal sealed class ServiceIndex
{
    private readonly Dictionary<(string Namespace, string Key, string Value), List<SimulatedService>> _byLabel = [];
    private readonly Dictionary<string, List<SimulatedService>> _others = [];
    private readonly Dictionary<(string Namespace, string Name), SimulatedService> _byName = [];

    public void Add(SimulatedService service)
    {
        _byName.Add((service.Namespace, service.Name), service);
        foreach (var requirement in service.Spec.Selector.Requirements)
        {
            if (requirement is not { Operator: SelectorOperator.In, Values: [var value] }) continue;
            Put(_byLabel, (service.Namespace, requirement.Key, value), service);
            return;
        }

        // A Service without a selector has no pods of its own.
        if (service.Spec.Selector.Requirements.Count > 0) Put(_others, service.Namespace, service);
    }

    public void Remove(SimulatedService service)
    {
        _byName.Remove((service.Namespace, service.Name));
        foreach (var requirement in service.Spec.Selector.Requirements)
        {
            if (requirement is { Values: [var value] } && _byLabel.TryGetValue((service.Namespace, requirement.Key, value), out var services)) services.Remove(service);
        }

        if (_others.TryGetValue(service.Namespace, out var others)) others.Remove(service);
    }

    public SimulatedService? Find(string @namespace, string name) => _byName.GetValueOrDefault((@namespace, name));

    /// <summary>The Services whose selector matches the pod's labels.</summary>
    public List<SimulatedService> Selecting(SimulatedPod pod)
    {
        List<SimulatedService> found = [];
        foreach (var (key, value) in pod.Labels)
        {
            if (_byLabel.TryGetValue((pod.Namespace, key, value), out var candidates)) AddMatches(candidates);
        }

        if (_others.TryGetValue(pod.Namespace, out var others)) AddMatches(others);
        return found;

        void AddMatches(List<SimulatedService> services)
        {
            foreach (var service in services)
            {
                if (service.Spec.Selector.Matches(pod.Labels)) found.Add(service);
            }
        }
    }

    private static void Put<TKey>(Dictionary<TKey, List<SimulatedService>> index, TKey key, SimulatedService service)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var services)) index.Add(key, services = []);
        services.Add(service);
    }
}
