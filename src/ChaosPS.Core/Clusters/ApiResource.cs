namespace ChaosPS.Clusters;

/// <summary>A kind of objects in the Kubernetes API.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The group's version, such as <c>v1</c>.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Namespaced">Whether its objects are in namespaces.</param>
public sealed record ApiResource(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary>As objects say it: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As messages say it: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
