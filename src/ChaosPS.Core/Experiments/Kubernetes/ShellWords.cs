using System.Text;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>Splits a command line into words as Python's <c>shlex.split</c> does: by the rules of a POSIX shell, without its expansions.</summary>
/// <remarks>Source: https://docs.python.org/3/library/shlex.html#parsing-rules .</remarks>
internal static class ShellWords
{
    /// <summary>The words.</summary>
    /// <exception cref="ChaosException">A quotation is not closed, or a backslash ends the text: id <c>ArgumentInvalid</c>.</exception>
    public static IReadOnlyList<string> Split(string text, string activity)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
            }
            else if (c == '\\' && quote != '\'')
            {
                if (i + 1 == text.Length) throw Invalid("a backslash ends it");

                // Between double quotes a backslash stands for itself, unless it is before one or before a quotation mark.
                if (quote == '"' && text[i + 1] is not ('"' or '\\')) word.Append(c);
                word.Append(text[++i]);
            }
            else
            {
                word.Append(c);
            }
        }

        if (quote != '\0') throw Invalid("a quotation is not closed");
        if (word is not null) words.Add(word.ToString());
        return words;

        ChaosException Invalid(string why) => ChaosErrors.ArgumentInvalid(activity, "cmd", "a command line", $"\"{text}\": {why}");
    }
}
