namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>What a path of the API speaks of.</summary>
/// <param name="Type">The type of object.</param>
/// <param name="Namespace">The namespace; null for all of them, or for objects of the cluster.</param>
/// <param name="Name">The object; null for the list.</param>
/// <param name="Subresource">Such as <c>scale</c>; null for the object itself.</param>
internal sealed record ResourcePath(ResourceType Type, string? Namespace, string? Name, string? Subresource)
{
    /// <summary>Reads a path; null when no group of the API has it.</summary>
    /// <param name="segments">The steps of the path.</param>
    /// <param name="types">The types that are served.</param>
    /// <exception cref="StatusException">The group is known, the resource is not.</exception>
    public static ResourcePath? Parse(string[] segments, ServedTypes types)
    {
        var (group, version, rest) = segments switch
        {
            ["api", var number, .. var core] => ("", number, core),
            ["apis", var name, var number, .. var named] => (name, number, named),
            _ => ("", "", []),
        };
        if (!types.Has(group, version) || rest.Length == 0) return null;

        // "namespaces/x" is an object of its own; "namespaces/x/pods" a list in it.
        string? @namespace = null;
        if (rest is ["namespaces", var space, _, ..] && rest is not ["namespaces", _, "status" or "finalize"])
        {
            @namespace = space;
            rest = rest[2..];
        }

        var type = types.Find(group, version, rest[0]) ?? throw StatusException.UnknownResource();
        var one = rest.Length > 1;
        var misplaced = type.Namespaced ? one && @namespace is null : @namespace is not null;
        if (rest.Length > 3 || misplaced) throw StatusException.UnknownResource();
        return new ResourcePath(type, @namespace, one ? rest[1] : null, rest.Length > 2 ? rest[2] : null);
    }
}
