using ChaosPS.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace ChaosPS.Providers.Yaml;

/// <summary>What PyYAML refuses and the parser lets through: characters that do not print, and tabs between tokens or in plain scalars.</summary>
internal static class YamlCharacters
{
    /// <param name="text">The text.</param>
    /// <param name="source">As messages name it.</param>
    /// <param name="hasTabs">Whether tabs may stand within lines, where kubectl takes them: before a value or a comment. Indentation has none in any case.</param>
    public static void Check(string text, string source, bool hasTabs)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (IsPrintable(text, index)) continue;
            throw Error(text, source, index, $"the character U+{(int)text[index]:X4} is not allowed in YAML");
        }

        if (text.Contains('\t', StringComparison.Ordinal)) CheckTabs(text, source, hasTabs);
    }

    private static void CheckTabs(string text, string source, bool hasTabs)
    {
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        var end = 0;
        var afterDash = false;
        try
        {
            while (scanner.MoveNext() && scanner.Current is { } token and not YamlDotNet.Core.Tokens.Error)
            {
                var start = Math.Clamp((int)token.Start.Index, end, text.Length);
                CheckGap(start);
                end = Math.Clamp((int)token.End.Index, start, text.Length);
                afterDash = token is BlockEntry or Key;
                if (!hasTabs && token is Scalar { Style: ScalarStyle.Plain }) Refuse(text.AsSpan(start, end - start).IndexOf('\t'), start);
            }
        }
        catch (Exception exception) when (exception is YamlException || YamlDocumentReader.IsUnforeseen(exception))
        {
            // The scanner gave up; if a tab comes next, that is why. Anything else is for the parser to report.
            var rest = text.AsSpan(end);
            var space = rest.IndexOfAnyExcept(" \t\r\n");
            CheckGap(end + (space < 0 ? rest.Length : space));
        }

        void CheckGap(int next)
        {
            var gap = text.AsSpan(end, next - end);
            var taken = hasTabs && !afterDash && end > 0 && text[end - 1] is not ('\r' or '\n') ? gap.IndexOfAny('\r', '\n') is var line and >= 0 ? line : gap.Length : 0;
            Refuse(gap[taken..].IndexOf('\t'), end + taken);
        }

        void Refuse(int offset, int start)
        {
            if (offset >= 0) throw Error(text, source, start + offset, "a tab stands where YAML wants spaces");
        }
    }

    private static bool IsPrintable(string text, int index)
    {
        var character = text[index];
        if (char.IsHighSurrogate(character)) return index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
        if (char.IsLowSurrogate(character)) return index > 0 && char.IsHighSurrogate(text[index - 1]);
        return character is '\t' or '\n' or '\r' or '\u0085' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\uFFFD');
    }

    private static ChaosException Error(string text, string source, int index, string reason)
    {
        var before = text.AsSpan(0, index);
        return ChaosErrors.DocumentInvalid(source, before.Count('\n') + 1, index - before.LastIndexOf('\n'), reason);
    }
}
