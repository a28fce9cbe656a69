namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <summary>The objects of one type: found by name at once, listed in the order of their keys.</summary>
internal sealed class ObjectTable
{
    private static readonly IComparer<(string Key, ApiObject? Item)> s_byKey =
        Comparer<(string Key, ApiObject? Item)>.Create(static (left, right) => string.CompareOrdinal(left.Key, right.Key));

    private readonly Dictionary<(string Namespace, string Name), ApiObject> _byName = [];
    private readonly SortedSet<(string Key, ApiObject? Item)> _sorted = new(s_byKey);

    /// <summary>The object; null when there is none.</summary>
    public ApiObject? Find(string @namespace, string name) => _byName.GetValueOrDefault((@namespace, name));

    /// <summary>The objects of a namespace, or of all (null), from the one on that comes after <paramref name="after"/>.</summary>
    public IEnumerable<ApiObject> List(string? @namespace, string after = "")
    {
        // "0" is the character after the slash that ends the namespace in a key.
        var from = @namespace is null || string.CompareOrdinal(after, $"{@namespace}/") > 0 ? after : $"{@namespace}/";
        var to = @namespace is null ? "\uffff" : $"{@namespace}0";
        if (string.CompareOrdinal(from, to) > 0) return [];
        return _sorted.GetViewBetween((from, null), (to, null)).Where(entry => entry.Key != after).Select(entry => entry.Item!);
    }

    /// <summary>Takes an object in.</summary>
    public void Add(ApiObject item)
    {
        _byName.Add((item.Namespace, item.Name), item);
        _sorted.Add((item.Key, item));
    }

    /// <summary>Forgets an object.</summary>
    public void Remove(ApiObject item)
    {
        _byName.Remove((item.Namespace, item.Name));
        _sorted.Remove((item.Key, item));
    }
}
