using System.Text;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>Regular expressions as Python's <c>re</c> writes them.</summary>
/// <remarks>Source: https://docs.python.org/3/library/re.html . What differs from .NET: <c>(?P&lt;n&gt;…)</c>, <c>(?P=n)</c>, <c>\Z</c>, and <c>[</c> in a class.</remarks>
internal static class PythonRegex
{
    /// <summary>How long one search may take: a pattern that backtracks without end must not hold a run up.</summary>
    private static readonly TimeSpan s_searchTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Compile(string pattern) => new(Translate(pattern), RegexOptions.CultureInvariant, s_searchTimeout);

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest[0] == '\\' && rest.Length > 1)
            {
                result.Append(rest[1] == 'Z' && !inClass ? @"\z" : rest[..2].ToString());
                i++;
            }
            else if (inClass)
            {
                // A bracket in a class is only a bracket; .NET would read a subtraction.
                if (rest[0] == '[') result.Append('\\');
                if (rest[0] == ']') inClass = false;
                result.Append(rest[0]);
            }
            else if (rest[0] == '[')
            {
                // A bracket that closes at once is the first member of the class.
                var start = rest.StartsWith("[^]") ? "[^]" : rest.StartsWith("[]") ? "[]" : rest.StartsWith("[^") ? "[^" : "[";
                result.Append(start);
                i += start.Length - 1;
                inClass = true;
            }
            else if (rest.StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 3;
            }
            else if (rest.StartsWith("(?P=") && rest.IndexOf(')') is > 0 and var end)
            {
                result.Append(@"\k<").Append(rest[4..end]).Append('>');
                i += end;
            }
            else
            {
                result.Append(rest[0]);
            }
        }

        return result.ToString();
    }
}
