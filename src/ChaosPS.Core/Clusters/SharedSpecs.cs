using System.Diagnostics.CodeAnalysis;

namespace ChaosPS.Clusters;

/// <summary>
/// Lets pods whose specs say the same have one spec between them: most pods of a cluster are copies of a few templates. Lists and maps are shared
/// first, so that the record's own comparison, which takes them for equal only when they are one, sees that the rest is equal too.
/// </summary>
internal sealed class SharedSpecs
{
    private readonly Lock _lock = new();
    private readonly HashSet<PodSpec> _specs = [];
    private readonly HashSet<IReadOnlyList<ContainerSpec>> _containers = new(new ListComparer<ContainerSpec>());
    private readonly HashSet<IReadOnlyList<Toleration>> _tolerations = new(new ListComparer<Toleration>());
    private readonly HashSet<IReadOnlyList<TopologySpread>> _spreads = new(new ListComparer<TopologySpread>());
    private readonly HashSet<IReadOnlyList<string>> _texts = new(new ListComparer<string>());
    private readonly HashSet<IReadOnlyDictionary<string, string>> _maps = new(new MapComparer());

    /// <summary>The spec that says what this one says. Several may ask at the same time.</summary>
    public PodSpec Share(PodSpec spec)
    {
        lock (_lock)
        {
            return Share(_specs, spec with
            {
                Containers = Share(_containers, spec.Containers),
                Tolerations = Share(_tolerations, spec.Tolerations),
                TopologySpread = Share(_spreads, spec.TopologySpread),
                Claims = Share(_texts, spec.Claims),
                HostPorts = Share(_texts, spec.HostPorts),
                NodeSelector = Share(_maps, spec.NodeSelector),
            });
        }
    }

    private static T Share<T>(HashSet<T> known, T value)
    {
        if (known.TryGetValue(value, out var same)) return same;
        known.Add(value);
        return value;
    }

    private sealed class ListComparer<T> : IEqualityComparer<IReadOnlyList<T>>
    {
        public bool Equals(IReadOnlyList<T>? x, IReadOnlyList<T>? y)
        {
            if (x!.Count != y!.Count) return false;
            for (var index = 0; index < x.Count; index++)
            {
                if (!EqualityComparer<T>.Default.Equals(x[index], y[index])) return false;
            }

            return true;
        }

        public int GetHashCode([DisallowNull] IReadOnlyList<T> obj)
        {
            var hash = default(HashCode);
            for (var index = 0; index < obj.Count; index++) hash.Add(obj[index]);
            return hash.ToHashCode();
        }
    }

    private sealed class MapComparer : IEqualityComparer<IReadOnlyDictionary<string, string>>
    {
        public bool Equals(IReadOnlyDictionary<string, string>? x, IReadOnlyDictionary<string, string>? y) =>
            x!.Count == y!.Count && x.All(entry => y.TryGetValue(entry.Key, out var value) && value == entry.Value);

        public int GetHashCode([DisallowNull] IReadOnlyDictionary<string, string> obj) => obj.Count;
    }
}
