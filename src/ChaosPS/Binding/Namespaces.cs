using System.Management.Automation;

namespace ChaosPS.Binding;

/// <summary>What of a <c>-Namespace</c> argument the server can answer.</summary>
internal static class Namespaces
{
    /// <summary>The one namespace to ask for; null when it must be all of them, and the answer filtered here.</summary>
    public static string? Single(string[]? namespaces) =>
        namespaces is [var name] && !WildcardPattern.ContainsWildcardCharacters(name) ? name : null;
}
