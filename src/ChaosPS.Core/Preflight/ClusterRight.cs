namespace ChaosPS.Preflight;

/// <summary>A right that access control of a cluster gives.</summary>
/// <param name="Verb">What for, such as <c>list</c>.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, plural, with its subresource: <c>deployments/scale</c>.</param>
/// <param name="Without">What is lost without it, where the rest works all the same; null when nothing works without.</param>
public sealed record ClusterRight(string Verb, string Group, string Resource, string? Without = null)
{
    /// <summary>The rule of a role that gives it, as a line of YAML.</summary>
    public string Rule => $"{{apiGroups: [\"{Group}\"], resources: [\"{Resource}\"], verbs: [\"{Verb}\"]}}";

    /// <summary>For people: <c>patch deployments.apps/scale</c>.</summary>
    public override string ToString()
    {
        var parts = Resource.Split('/', 2);
        return $"{Verb} {parts[0]}{(Group.Length > 0 ? $".{Group}" : "")}{(parts.Length > 1 ? $"/{parts[1]}" : "")}";
    }
}
