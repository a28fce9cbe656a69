namespace ChaosPS.Providers.Kubernetes;

/// <summary>A call to the Kubernetes API: its path, and the words for messages.</summary>
/// <param name="Verb">The API's verb, as RBAC names it: get, list, patch.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The group's version.</param>
/// <param name="Resource">The resource, plural.</param>
/// <param name="Namespace">The namespace; null for the whole cluster.</param>
/// <param name="Name">The object; null for all of them.</param>
/// <param name="Subresource">A part of the object, such as <c>scale</c>.</param>
internal sealed record ApiCall(
    string Verb, string Group, string Version, string Resource, string? Namespace = null, string? Name = null, string? Subresource = null)
{
    /// <summary>Asks the server for its version: the one call that is not about objects.</summary>
    public static ApiCall ServerVersion { get; } = new("get", "", "", "version");

    /// <summary>Asks what kinds of objects a version of a group has.</summary>
    public static ApiCall Discovery(string group, string version) => new("get", "", "", group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}");

    /// <summary>The path below the server's address, without a leading slash.</summary>
    public string Path => Version.Length == 0 ? Resource :
        (Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}")
        + (Namespace is null ? "" : $"/namespaces/{Uri.EscapeDataString(Namespace)}")
        + $"/{Resource}"
        + (Name is null ? "" : $"/{Uri.EscapeDataString(Name)}")
        + (Subresource is null ? "" : $"/{Subresource}");

    /// <summary>The resource as RBAC names it.</summary>
    public string RbacResource => Subresource is null ? Resource : $"{Resource}/{Subresource}";

    /// <summary>For people: <c>patch deployments/scale 'frontend' in namespace 'contactsapp'</c>.</summary>
    public override string ToString() =>
        $"{Verb} {RbacResource}{(Name is null ? "" : $" '{Name}'")}{(Namespace is null ? "" : $" in namespace '{Namespace}'")}";
}
