using System.Management.Automation;

namespace ChaosPS.Binding;

/// <summary>Names with PowerShell's wildcards, compared without regard to case.</summary>
internal sealed class Wildcards
{
    private readonly WildcardPattern[] _patterns;

    /// <summary>Takes patterns; none at all matches everything.</summary>
    public Wildcards(IEnumerable<string>? patterns) =>
        _patterns = [.. (patterns ?? []).Select(static pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];

    /// <summary>Whether <paramref name="text"/> matches one of the patterns; a missing text matches only when there are none.</summary>
    public bool Match(string? text) =>
        _patterns.Length == 0 || (text is not null && Array.Exists(_patterns, pattern => pattern.IsMatch(text)));

    /// <summary>The names among <paramref name="names"/> that are no patterns and that nothing in <paramref name="existing"/> has: errors, each.</summary>
    public static IEnumerable<string> Missing(IEnumerable<string>? names, IEnumerable<string> existing)
    {
        var known = existing.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (names ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !known.Contains(name));
    }
}
