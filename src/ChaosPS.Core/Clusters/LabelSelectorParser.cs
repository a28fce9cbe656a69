using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>Reads the text form of label selectors as kubectl's <c>--selector</c> takes it.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors .</remarks>
internal ref struct LabelSelectorParser(string text)
{
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    private int _position;

    public LabelSelector Parse()
    {
        var requirements = new List<LabelRequirement>();
        SkipSpace();
        if (AtEnd) return LabelSelector.Everything;
        while (true)
        {
            requirements.Add(Requirement());
            SkipSpace();
            if (AtEnd) return new LabelSelector(requirements);
            Expect(',', "',' or the end is expected");
            SkipSpace();
            if (AtEnd) throw Error(_position, "a requirement is expected after the comma");
        }
    }

    private readonly bool AtEnd => _position >= text.Length;

    private readonly char Next => AtEnd ? '\0' : text[_position];

    private LabelRequirement Requirement()
    {
        if (Next == '!')
        {
            _position++;
            SkipSpace();
            return new(Key(), SelectorOperator.DoesNotExist, []);
        }

        var key = Key();
        SkipSpace();
        switch (Next)
        {
            case '\0' or ',':
                return new(key, SelectorOperator.Exists, []);
            case '=':
                _position++;
                if (Next == '=') _position++;
                return new(key, SelectorOperator.In, [Value()]);
            case '!':
                _position++;
                Expect('=', "'=' is expected after '!'");
                return new(key, SelectorOperator.NotIn, [Value()]);
            case '>':
                _position++;
                return new(key, SelectorOperator.Gt, [Number()]);
            case '<':
                _position++;
                return new(key, SelectorOperator.Lt, [Number()]);
        }

        var start = _position;
        return Word() switch
        {
            "in" => new(key, SelectorOperator.In, Values()),
            "notin" => new(key, SelectorOperator.NotIn, Values()),
            _ => throw Error(start, "one of =, ==, !=, in, notin, >, <, ',' or the end is expected"),
        };
    }

    private string Key()
    {
        var start = _position;
        while (IsNameCharacter(Next) || Next == '/') _position++;
        var key = text[start.._position];
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        if (key.Length == 0) throw Error(start, "a label's key is expected");
        if (slash == 0 || slash > LongestPrefix || name.Contains('/', StringComparison.Ordinal) || !IsName(name))
        {
            throw Error(start, $"'{key}' is not a label's key");
        }

        return key;
    }

    private string Value()
    {
        SkipSpace();
        var start = _position;
        var value = Word();
        return value.Length == 0 || IsName(value) ? value : throw Error(start, $"'{value}' is not a label's value");
    }

    private string Number()
    {
        SkipSpace();
        var start = _position;
        var value = Word();
        return long.TryParse(value, out _) ? value : throw Error(start, "an integer is expected");
    }

    private List<string> Values()
    {
        SkipSpace();
        Expect('(', "'(' is expected");
        var values = new List<string>();
        while (true)
        {
            values.Add(Value());
            SkipSpace();
            if (Next == ')') break;
            Expect(',', "',' or ')' is expected");
        }

        _position++;
        return values;
    }

    private string Word()
    {
        var start = _position;
        while (IsNameCharacter(Next)) _position++;
        return text[start.._position];
    }

    private void Expect(char character, string otherwise)
    {
        if (Next != character || AtEnd) throw Error(_position, otherwise);
        _position++;
    }

    private void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(Next)) _position++;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);

    private readonly ChaosException Error(int position, string reason) => ChaosErrors.LabelSelectorInvalid(text, position, reason);
}
