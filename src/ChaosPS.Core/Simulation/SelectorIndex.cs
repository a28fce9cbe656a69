using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>Finds those of many selectors that match one of some pods, without trying all.</summary>
internal sealed class SelectorIndex<T>(Func<T, string> namespaceOf, Func<T, LabelSelector?> selectorOf)
    where T : class
{
    private readonly Dictionary<(string Namespace, string Key, string Value), List<T>> _byLabel = [];
    private readonly Dictionary<string, List<T>> _others = [];

    public void Add(T item)
    {
        if (selectorOf(item) is not { } selector) return;
        foreach (var requirement in selector.Requirements)
        {
            if (requirement is not { Operator: SelectorOperator.In, Values: [var value] }) continue;
            Put(_byLabel, (namespaceOf(item), requirement.Key, value), item);
            return;
        }

        Put(_others, namespaceOf(item), item);
    }

    /// <summary>The items that select a pod with these labels.</summary>
    public List<T> Find(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        List<T> found = [];
        foreach (var (key, value) in labels)
        {
            if (_byLabel.TryGetValue((@namespace, key, value), out var candidates)) Add(candidates);
        }

        if (_others.TryGetValue(@namespace, out var others)) Add(others);
        return found;

        void Add(List<T> candidates)
        {
            foreach (var item in candidates)
            {
                if (selectorOf(item)!.Matches(labels)) found.Add(item);
            }
        }
    }

    /// <summary>The items that select one of the pods, each once.</summary>
    public List<T> Find(IEnumerable<ClusterPod> pods)
    {
        List<T> found = [];
        HashSet<T> seen = new(ReferenceEqualityComparer.Instance);
        foreach (var pod in pods)
        {
            foreach (var (key, value) in pod.Labels)
            {
                if (_byLabel.TryGetValue((pod.Namespace, key, value), out var candidates)) AddMatches(pod, candidates);
            }

            if (_others.TryGetValue(pod.Namespace, out var others)) AddMatches(pod, others);
        }

        return found;

        void AddMatches(ClusterPod pod, List<T> items)
        {
            foreach (var item in items)
            {
                if (!seen.Contains(item) && selectorOf(item)!.Matches(pod.Labels) && seen.Add(item)) found.Add(item);
            }
        }
    }

    private static void Put<TKey>(Dictionary<TKey, List<T>> index, TKey key, T item)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var items)) index.Add(key, items = []);
        items.Add(item);
    }
}
