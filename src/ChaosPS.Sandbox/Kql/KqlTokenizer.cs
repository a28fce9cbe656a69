using System.Text;

namespace ChaosPS.Sandbox.Kql;

/// <summary>Cuts a query into tokens.</summary>
internal sealed class KqlTokenizer
{
    private static readonly string[] s_symbols = ["==", "=~", "!=", "!~", "<=", ">=", "(", ")", "[", "]", "|", ",", ".", "=", "<", ">", "+", "-", "*", "/", "%", ";", ":"];

    private readonly string _query;
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private KqlTokenizer(string query) => _query = query;

    /// <summary>All tokens; the last one is the end.</summary>
    /// <exception cref="KqlException">A character that begins no token, or a text without end.</exception>
    public static IReadOnlyList<KqlToken> Read(string query)
    {
        var tokenizer = new KqlTokenizer(query);
        var tokens = new List<KqlToken>();
        do
        {
            tokens.Add(tokenizer.Next());
        }
        while (tokens[^1].Kind != KqlTokenKind.End);
        return tokens;
    }

    private char Peek(int ahead = 0) => _position + ahead < _query.Length ? _query[_position + ahead] : '\0';

    private bool AtEnd => _position >= _query.Length;

    private KqlToken Next()
    {
        SkipSpaceAndComments();
        if (AtEnd) return At(_position, KqlTokenKind.End, "");

        var start = _position;
        var first = Peek();
        if (first is '\'' or '"') return Text(start, verbatim: false);
        if (first == '@' && Peek(1) is '\'' or '"')
        {
            _position++;
            return Text(start, verbatim: true);
        }

        if (char.IsAsciiDigit(first)) return Number(start);
        if (IsNameStart(first) || (first == '!' && IsNameStart(Peek(1)))) return Word(start);
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(_query, start, symbol, 0, symbol.Length) != 0) continue;
            _position += symbol.Length;
            return At(start, KqlTokenKind.Symbol, symbol);
        }

        throw new KqlException($"The character '{first}' begins nothing that KQL knows.", At(start, KqlTokenKind.Symbol, first.ToString()));
    }

    private void SkipSpaceAndComments()
    {
        while (!AtEnd)
        {
            if (Peek() == '\n')
            {
                _position++;
                _line++;
                _lineStart = _position;
            }
            else if (char.IsWhiteSpace(Peek()))
            {
                _position++;
            }
            else if (Peek() == '/' && Peek(1) == '/')
            {
                while (!AtEnd && Peek() != '\n') _position++;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>A name or a word operator such as <c>in~</c> and <c>!contains</c>. <c>a=~'b'</c> is no word: its <c>~</c> follows a symbol.</summary>
    private KqlToken Word(int start)
    {
        _position++;
        while (IsNamePart(Peek())) _position++;
        if (Peek() == '~' && _query[start.._position] is "in" or "!in" or "has" or "contains") _position++;
        return At(start, KqlTokenKind.Word, _query[start.._position]);
    }

    private KqlToken Number(int start)
    {
        while (char.IsAsciiDigit(Peek())) _position++;
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _position++;
            while (char.IsAsciiDigit(Peek())) _position++;
        }

        return At(start, KqlTokenKind.Number, _query[start.._position]);
    }

    private KqlToken Text(int start, bool verbatim)
    {
        var quote = Peek();
        _position++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd || Peek() == '\n')
            {
                throw new KqlException("A text literal has no end.", At(start, KqlTokenKind.Text, value.ToString()));
            }

            var character = _query[_position++];
            if (character == quote)
            {
                if (!verbatim || Peek() != quote) return At(start, KqlTokenKind.Text, value.ToString());
                _position++;
            }
            else if (character == '\\' && !verbatim && !AtEnd)
            {
                character = _query[_position++] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    var other and ('\\' or '\'' or '"') => other,
                    var other => throw new KqlException($"'\\{other}' is no escape in a text literal; a backslash is written '\\\\'.", At(_position - 2, KqlTokenKind.Text, $"\\{other}")),
                };
            }

            value.Append(character);
        }
    }

    private KqlToken At(int start, KqlTokenKind kind, string text) => new(kind, text, _line, start - _lineStart + 1);

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character is '_' or '$';

    private static bool IsNamePart(char character) => IsNameStart(character) || char.IsAsciiDigit(character);
}
