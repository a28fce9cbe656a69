using System.Text.RegularExpressions;

namespace ChaosPS.Experiments.Python;

/// <summary>What Python's library does to texts.</summary>
internal static partial class PythonText
{
    /// <summary><c>string.capwords</c>: each word with a capital letter and small ones after it.</summary>
    public static string CapitalWords(string text, string? separator) => separator is null
        ? string.Join(' ', Words(text).Select(Capital))
        : string.Join(separator, text.Split(separator).Select(Capital));

    /// <summary><c>textwrap.shorten</c>: whitespace becomes single spaces; what is too long ends between words, or after a hyphen in one.</summary>
    public static string Shorten(string text, int width, string placeholder)
    {
        if (width <= 0) throw PythonErrors.Value($"invalid width {width} (must be > 0)");
        if (placeholder.TrimStart().Length > width) throw PythonErrors.Value("placeholder too large for max width");
        var whole = string.Join(' ', Words(text));
        if (whole.Length <= width) return whole;
        var kept = "";
        var line = "";
        foreach (var part in Parts().Split(whole))
        {
            line += part;
            if (line.TrimEnd().Length + placeholder.Length > width) break;
            kept = line.TrimEnd();
        }

        return kept.Length == 0 ? placeholder.TrimStart() : kept + placeholder;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();

    /// <summary>After a space, and after a hyphen between letters: as textwrap's expression for it has it.</summary>
    [GeneratedRegex(@"(?<= )|(?<=[^\d\W]{2}-|[^\d\W]-[^\d\W]-)(?=[^\d\W]-?[^\d\W])")]
    private static partial Regex Parts();
}
