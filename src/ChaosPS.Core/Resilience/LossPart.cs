using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Families that a loss touches and that have something to do with each other; others have only in common that they need room.</summary>
internal sealed class LossPart
{
    /// <summary>The families with pods on the nodes that are lost.</summary>
    public required IReadOnlyList<Family> Moving { get; init; }

    /// <summary>These, and those that their rules, Services and volumes bring in.</summary>
    public required IReadOnlyList<Family> Families { get; init; }

    /// <summary>The Services of the moving families.</summary>
    public required IReadOnlyList<ServiceSpec> Services { get; init; }

    /// <summary>Divides what a loss touches into parts.</summary>
    public static List<LossPart> Of(NodeLoss loss, FamilyIndex index)
    {
        Dictionary<Family, int> numbers = [];
        List<Family> moving = [];
        foreach (var node in loss.Nodes)
        {
            foreach (var (family, _) in index.On(node))
            {
                if (family.Moves && numbers.TryAdd(family, moving.Count)) moving.Add(family);
            }
        }

        var roots = new int[moving.Count];
        for (var i = 0; i < roots.Length; i++) roots[i] = i;
        for (var i = 0; i < roots.Length; i++)
        {
            foreach (var neighbour in moving[i].Neighbours) Join(i, neighbour);
            foreach (var service in moving[i].Services)
            {
                foreach (var other in index.Behind(service)) Join(i, other);
            }
        }

        return [.. moving.GroupBy(family => Root(numbers[family])).Select(group => Make([.. group], index))];

        int Root(int at)
        {
            while (roots[at] != at) at = roots[at] = roots[roots[at]];
            return at;
        }

        void Join(int at, Family other)
        {
            if (numbers.TryGetValue(other, out var number)) roots[Root(Math.Max(at, number))] = Root(Math.Min(at, number));
        }
    }

    private static LossPart Make(Family[] moving, FamilyIndex index)
    {
        HashSet<Family> families = [.. moving];
        HashSet<ServiceSpec> services = new(ReferenceEqualityComparer.Instance);
        foreach (var family in moving)
        {
            families.UnionWith(family.Neighbours);
            foreach (var service in family.Services)
            {
                if (services.Add(service)) families.UnionWith(index.Behind(service));
            }
        }

        return new LossPart { Moving = moving, Families = [.. families], Services = [.. services] };
    }
}
