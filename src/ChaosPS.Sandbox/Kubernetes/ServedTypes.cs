namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The types that the API serves at the moment: those that it brings, and those that definitions of custom resources have added.</summary>
internal sealed class ServedTypes
{
    private readonly Dictionary<string, IReadOnlyList<ResourceType>> _added = [];
    private Dictionary<(string Group, string Version, string Plural), ResourceType> _byPath = [];

    /// <summary>Begins with those that the API brings.</summary>
    public ServedTypes() => Collect();

    /// <summary>All of them, in the order of discovery: the added ones come last, by group, version and name.</summary>
    public IReadOnlyList<ResourceType> All { get; private set; } = [];

    /// <summary>The groups, the core group (empty) first, each with its versions, the preferred one first.</summary>
    public IReadOnlyList<(string Group, IReadOnlyList<string> Versions)> Groups { get; private set; } = [];

    /// <summary>The type of a path; null when there is none.</summary>
    public ResourceType? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    /// <summary>Whether a group is served in a version.</summary>
    public bool Has(string group, string version) => Groups.Any(known => known.Group == group && known.Versions.Contains(version));

    /// <summary>Whether a type is served still, and as it was.</summary>
    public bool Has(ResourceType type) => Find(type.Group, type.Version, type.Plural) == type;

    /// <summary>Whether another definition has added a kind to a group.</summary>
    /// <param name="definition">The name of the definition that asks.</param>
    /// <param name="group">The group.</param>
    /// <param name="kind">The kind.</param>
    public bool IsTaken(string definition, string group, string kind) => _added.Any(
        entry => entry.Key != definition && entry.Value.Any(type => type.Group == group && type.Kind == kind));

    /// <summary>Says what a definition adds; nothing once it is gone.</summary>
    /// <param name="definition">The definition's name.</param>
    /// <param name="types">A type for each version.</param>
    public void Set(string definition, IReadOnlyList<ResourceType> types)
    {
        if (types.Count == 0) _added.Remove(definition);
        else _added[definition] = types;
        Collect();
    }

    private void Collect()
    {
        var byPath = ResourceTypes.All.ToDictionary(Path);
        var added = _added.Values.SelectMany(types => types)
            .OrderBy(type => type.Group, StringComparer.Ordinal).ThenBy(type => type.Version, VersionOrder.Instance).ThenBy(type => type.Plural, StringComparer.Ordinal);
        All = [.. ResourceTypes.All, .. added.Where(type => byPath.TryAdd(Path(type), type))];
        _byPath = byPath;
        Groups = [.. All.GroupBy(type => type.Group).Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Select(type => type.Version).Distinct().Order(VersionOrder.Instance)]))];
    }

    private static (string Group, string Version, string Plural) Path(ResourceType type) => (type.Group, type.Version, type.Plural);
}
