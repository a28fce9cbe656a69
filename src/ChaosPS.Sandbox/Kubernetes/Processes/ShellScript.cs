using System.Text;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>A script of the sandbox's shell: commands with <c>;</c>, <c>&amp;&amp;</c> or <c>||</c> between them, quotations, and variables.</summary>
/// <param name="Steps">The commands in their order.</param>
internal sealed record ShellScript(IReadOnlyList<ShellScript.Step> Steps)
{
    /// <summary>A command.</summary>
    /// <param name="When">Whether the one before must have succeeded (true) or failed (false); null for neither.</param>
    /// <param name="Words">The program and its arguments.</param>
    internal sealed record Step(bool? When, IReadOnlyList<Word> Words);

    /// <summary>A word.</summary>
    /// <param name="Parts">Its parts: a text, or the name of a variable.</param>
    internal sealed record Word(IReadOnlyList<(string Text, bool IsVariable)> Parts)
    {
        /// <summary>The word with the values of its variables.</summary>
        public string Expand(Func<string, string> value) => string.Concat(Parts.Select(part => part.IsVariable ? value(part.Text) : part.Text));
    }

    /// <summary>Reads a script.</summary>
    /// <exception cref="FormatException">It is none, or has what this shell does not know.</exception>
    public static ShellScript Parse(string script) => new Parser(script).Read();

    private sealed class Parser(string script)
    {
        private readonly List<Step> _steps = [];
        private readonly List<Word> _words = [];
        private readonly List<(string Text, bool IsVariable)> _parts = [];
        private readonly StringBuilder _text = new();
        private bool _inWord;
        private bool? _when;
        private int _at;

        public ShellScript Read()
        {
            while (_at < script.Length) Take(script[_at]);
            EndWord();
            if (_words.Count == 0 && _when is not null) throw new FormatException("syntax error: a command is missing at the end");
            EndStep(null);
            return new ShellScript(_steps);
        }

        private void Take(char c)
        {
            switch (c)
            {
                case ' ' or '\t':
                    EndWord();
                    _at++;
                    break;
                case ';' or '\n':
                    EndStep(null);
                    _at++;
                    break;
                case '&' or '|' when _at + 1 < script.Length && script[_at + 1] == c:
                    EndWord();
                    if (_words.Count == 0) throw new FormatException($"syntax error: unexpected \"{c}{c}\"");
                    EndStep(c == '&');
                    _at += 2;
                    break;
                case '#' when !_inWord:
                    while (_at < script.Length && script[_at] != '\n') _at++;
                    break;
                case '&' or '|' or '<' or '>' or '(' or ')' or '`':
                    throw Unknown(c.ToString());
                case '\'':
                    var end = script.IndexOf('\'', _at + 1);
                    if (end < 0) throw new FormatException("syntax error: unterminated quoted string");
                    _inWord = true;
                    _text.Append(script, _at + 1, end - _at - 1);
                    _at = end + 1;
                    break;
                case '"':
                    TakeQuoted();
                    break;
                case '$':
                    TakeVariable();
                    break;
                case '\\':
                    _inWord = true;
                    if (++_at < script.Length) _text.Append(script[_at++]);
                    break;
                default:
                    _inWord = true;
                    _text.Append(c);
                    _at++;
                    break;
            }
        }

        private void TakeQuoted()
        {
            _inWord = true;
            for (_at++; ;)
            {
                if (_at >= script.Length) throw new FormatException("syntax error: unterminated quoted string");
                var c = script[_at];
                if (c == '"') break;
                if (c == '`') throw Unknown("`");
                if (c == '$')
                {
                    TakeVariable();
                    continue;
                }

                // Between double quotes a backslash stands for itself, unless it is before one of these.
                if (c == '\\' && _at + 1 < script.Length && script[_at + 1] is '"' or '\\' or '$' or '`') c = script[++_at];
                _text.Append(c);
                _at++;
            }

            _at++;
        }

        private void TakeVariable()
        {
            _inWord = true;
            var start = _at + 1;
            var isBraced = start < script.Length && script[start] == '{';
            if (isBraced) start++;
            var end = start;
            while (end < script.Length && (char.IsAsciiLetterOrDigit(script[end]) || script[end] == '_')) end++;
            if (end == start && end < script.Length && script[end] == '?') end++;
            if (end == start && !isBraced && (end == script.Length || script[end] is ' ' or '"'))
            {
                _text.Append('$');
                _at = end;
                return;
            }

            if (end == start || (isBraced && (end == script.Length || script[end] != '}'))) throw Unknown(script[_at..Math.Min(script.Length, end + 1)]);
            EndText();
            _parts.Add((script[start..end], true));
            _at = isBraced ? end + 1 : end;
        }

        private void EndText()
        {
            if (_text.Length > 0) _parts.Add((_text.ToString(), false));
            _text.Clear();
        }

        private void EndWord()
        {
            if (!_inWord) return;
            EndText();
            _words.Add(new Word([.. _parts]));
            _parts.Clear();
            _inWord = false;
        }

        private void EndStep(bool? next)
        {
            EndWord();
            if (_words.Count > 0) _steps.Add(new Step(_when, [.. _words]));
            else if (_when is not null) return; // an operator may stand at the end of a line
            _words.Clear();
            _when = next;
        }

        private static FormatException Unknown(string what) => new($"the sandbox's shell does not know '{what}'");
    }
}
