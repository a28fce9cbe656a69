using System.Text.RegularExpressions;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What names may look like.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ ; the texts are the API server's.</remarks>
internal static partial class NameRules
{
    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
        @"(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
        "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string ServiceLabel =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
        "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>What is wrong with the name of an object; null when nothing is.</summary>
    public static string? Check(ResourceType type, string name)
    {
        if (type == ResourceTypes.Service) return Check(name, ServiceLabelPattern(), 63, ServiceLabel);
        if (type == ResourceTypes.Namespace) return CheckLabel(name);

        // Roles and their bindings may have any name that fits into a path.
        if (type.Group == "rbac.authorization.k8s.io") return name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal) ? "may not be '.' or '..', nor contain '/' or '%'" : null;
        return Check(name, SubdomainPattern(), 253, Subdomain);
    }

    /// <summary>What is wrong with the name of a container, a volume or a port; null when nothing is.</summary>
    public static string? CheckLabel(string name) => Check(name, LabelPattern(), 63, Label);

    private static string? Check(string name, Regex pattern, int longest, string why) =>
        name.Length > longest ? $"must be no more than {longest} characters" : pattern.IsMatch(name) ? null : why;

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServiceLabelPattern();
}
