using System.Text.RegularExpressions;

namespace ChaosPS.Providers.Kubernetes.Failures;

/// <summary>What access control does not allow, and the rule that would.</summary>
/// <param name="User">Who asked; empty when the server does not say.</param>
/// <param name="Verb">What for.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource with its subresource; for an address, the address.</param>
/// <param name="Namespace">The namespace; null for the whole cluster.</param>
internal sealed partial record RbacRule(string User, string Verb, string Group, string Resource, string? Namespace)
{
    private const string ServiceAccount = "system:serviceaccount:";

    private bool IsAddress => Resource.StartsWith('/');

    /// <summary>Who asks without any credentials.</summary>
    public bool IsAnonymous => User == "system:anonymous";

    /// <summary>Reads the server's words; null when it is not access control that refuses.</summary>
    /// <remarks>The words name what is missing better than the call does: one call may need several verbs.</remarks>
    public static RbacRule? Read(string message)
    {
        if (OfResource().Match(message) is { Success: true } resource)
        {
            return new RbacRule(
                resource.Groups["user"].Value, resource.Groups["verb"].Value, resource.Groups["group"].Value, resource.Groups["resource"].Value,
                resource.Groups["namespace"] is { Success: true } space ? space.Value : null);
        }

        return OfAddress().Match(message) is { Success: true } address
            ? new RbacRule(address.Groups["user"].Value, address.Groups["verb"].Value, "", address.Groups["path"].Value, null)
            : null;
    }

    /// <summary>The rule, and the commands that make a role of it and give it to who asked.</summary>
    public string Remedy()
    {
        var role = IsAddress || Namespace is null ? "ClusterRole" : $"Role in namespace '{Namespace}'";
        var (kind, space) = IsAddress || Namespace is null ? ("clusterrole", "") : ("role", $" -n {Namespace}");
        var name = $"chaosps-{Verb}-{Resource.Trim('/').Replace('/', '-')}";
        return $"It needs a {role} with the rule {this}. Who may give it: kubectl create {kind} {name}{space} --verb={Verb} {Target()}, then "
            + $"kubectl create {kind}binding {name}{space} --{kind}={name} {Subject()}.";
    }

    /// <summary>The rule as a line of YAML.</summary>
    public override string ToString() => IsAddress
        ? $"{{nonResourceURLs: [\"{Resource}\"], verbs: [\"{Verb}\"]}}"
        : $"{{apiGroups: [\"{Group}\"], resources: [\"{Resource}\"], verbs: [\"{Verb}\"]}}";

    private string Target()
    {
        if (IsAddress) return $"--non-resource-url={Resource}";
        var parts = Resource.Split('/', 2);
        return $"--resource={parts[0]}{(Group.Length > 0 ? $".{Group}" : "")}{(parts.Length > 1 ? $"/{parts[1]}" : "")}";
    }

    private string Subject() => User switch
    {
        "" => "--user=NAME",
        _ when User.StartsWith(ServiceAccount, StringComparison.Ordinal) => $"--serviceaccount={User[ServiceAccount.Length..]}",
        _ => $"--user={User}",
    };

    [GeneratedRegex("""User "(?<user>[^"]*)" cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)"| at the cluster scope)?""")]
    private static partial Regex OfResource();

    [GeneratedRegex("""User "(?<user>[^"]*)" cannot (?<verb>\S+) path "(?<path>[^"]+)" ?""")]
    private static partial Regex OfAddress();
}
