using System.Management.Automation;
using System.Management.Automation.Language;

namespace ChaosPS.Completion;

/// <summary>What of a list of names fits a half-typed word, quoted as the word is or as the name needs.</summary>
internal static class CompletionText
{
    /// <summary>The names that begin with the word, which may have wildcards: <c>*0a</c>.</summary>
    public static IEnumerable<CompletionResult> Matching(IEnumerable<string> names, string? word)
    {
        var quote = word is ['\'' or '"', ..] ? word[..1] : "";
        var start = (word ?? "").Trim('\'', '"');
        // Brackets stand for themselves: a half-typed one is no pattern.
        var text = WildcardPattern.Escape(start).Replace("`*", "*", StringComparison.Ordinal).Replace("`?", "?", StringComparison.Ordinal);
        var pattern = WildcardPattern.Get($"{text}*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        foreach (var name in names)
        {
            if (!pattern.IsMatch(name)) continue;
            yield return new CompletionResult(Quote(name, quote), name, CompletionResultType.ParameterValue, name);
        }
    }

    private static string Quote(string name, string quote) => quote switch
    {
        "\"" => $"\"{name.Replace("`", "``", StringComparison.Ordinal).Replace("$", "`$", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal)}\"",
        "" when IsBareWord(name) => name,
        _ => $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'",
    };

    private static bool IsBareWord(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '\\' or ':');
}
