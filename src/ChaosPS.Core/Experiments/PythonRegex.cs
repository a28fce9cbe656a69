using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>Regular expressions as Python's <c>re</c> reads them.</summary>
internal static class PythonRegex
{
    /// <summary>How long one search may take: a pattern that backtracks without end must not hold a run up.</summary>
    private static readonly TimeSpan s_searchTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentException">It is no regular expression; the message says why, and where.</exception>
    public static Regex Compile(string pattern) => new(PythonPattern.Translate(pattern), RegexOptions.CultureInvariant, s_searchTimeout);
}
