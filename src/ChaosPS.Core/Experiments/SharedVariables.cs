using System.Text.RegularExpressions;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>
/// Finds a variable that was copied by mistake: two keys of the configuration read the same one, while one that is named like the second key is set and nothing
/// reads it.
/// </summary>
internal static partial class SharedVariables
{
    /// <summary>Warns at the place where the second key names its variable.</summary>
    public static void Check(DocumentMapping? configuration, EnvironmentVariables environment, FindingList findings)
    {
        var reads = (configuration?.Entries ?? [])
            .Where(static entry => entry.Value is DocumentMapping mapping && mapping["type"] is DocumentScalar { Value: "env" })
            .Select(static entry => (Key: DocumentValues.Key(entry), Variable: (entry.Value as DocumentMapping)!["key"] as DocumentScalar))
            .Where(static read => read.Variable?.Value is string)
            .Select(static read => (read.Key, Variable: (string)read.Variable!.Value!, At: read.Variable))
            .ToArray();
        string[] unused = [.. environment.Names.Except(reads.Select(static read => read.Variable)).Order(StringComparer.Ordinal)];
        foreach (var read in reads)
        {
            var others = reads.Where(other => other.Key != read.Key && other.Variable == read.Variable).Select(static other => $"'{other.Key}'").ToArray();
            if (others.Length == 0 || Better(read.Key, read.Variable, unused) is not { } better) continue;
            findings.Warning(
                "VariableShared", read.At,
                $"'{read.Key}' reads {read.Variable}, as {string.Join(" and ", others)} does, while {better} is set and nothing reads it.",
                $"Did you mean {better}?");
        }
    }

    /// <summary>
    /// The unused variable that has every word of the key, or no other words than it has, at least two; null when there is none, or when the one that is read has
    /// them as well.
    /// </summary>
    private static string? Better(string key, string variable, IEnumerable<string> unused)
    {
        var words = Words(key);
        return Resembles(variable) ? null : unused.Where(Resembles).OrderByDescending(Shared).ThenBy(static name => name.Length).FirstOrDefault();

        bool Resembles(string name) => Shared(name) >= 2 && (Shared(name) == words.Count || Shared(name) == Words(name).Count);

        int Shared(string name) => Words(name).Intersect(words).Count();
    }

    private static HashSet<string> Words(string name) => [.. Word().Matches(name).Select(static match => match.Value.ToUpperInvariant())];

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
