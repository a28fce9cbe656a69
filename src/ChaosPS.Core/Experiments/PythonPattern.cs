using System.Globalization;
using System.Text;

namespace ChaosPS.Experiments;

/// <summary>Translates a pattern of Python's <c>re</c> into one of .NET's that finds the same.</summary>
/// <remarks>
/// What differs: named groups, which .NET also counts after all others; possessive quantifiers; <c>{,n}</c>; <c>\Z</c>; <c>[</c> in a class; flags, which stand at
/// the start or belong to a group; what <c>\w</c> and <c>\s</c> take; escapes of letters that mean nothing, and look-behinds of no fixed width, which Python refuses;
/// and <c>.</c>, which takes a whole code point. <c>\N{name}</c> is refused: .NET has no names of characters.
/// Source: https://docs.python.org/3/library/re.html .
/// </remarks>
internal sealed partial class PythonPattern
{
    private const int Unbounded = int.MaxValue;

    /// <summary>As deep as groups may be nested: nobody writes more, and reading nests as deep as they do.</summary>
    private const int DeepestNesting = 100;

    private readonly string _pattern;
    private readonly Dictionary<string, int> _names = [];
    private readonly HashSet<int> _open = [];
    private int _next;
    private int _groups;
    private int _depth;
    private Flags _flags;

    private PythonPattern(string pattern) => _pattern = pattern;

    /// <summary>The flags that the translation minds itself, and those that .NET has under the same letters.</summary>
    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotAll = 4,
        Verbose = 8,
        Ascii = 16,
        Unicode = 32,
    }

    private bool AtEnd => _next == _pattern.Length;

    private char Current => _pattern[_next];

    /// <summary>The pattern for .NET.</summary>
    /// <exception cref="ArgumentException">It is none of Python's.</exception>
    public static string Translate(string pattern)
    {
        var reader = new PythonPattern(pattern);
        var all = reader.Alternatives(first: true);
        if (!reader.AtEnd) throw reader.Wrong("a parenthesis is closed that was never opened");
        return $"(?{Letters(reader._flags)}:{all.Text})";
    }

    /// <summary>Branches between bars, up to the end or a closing parenthesis.</summary>
    private Part Alternatives(bool first)
    {
        if (++_depth > DeepestNesting) throw Wrong($"groups are nested deeper than {DeepestNesting}");
        var branches = new List<Part> { Sequence(first) };
        while (TryTake("|")) branches.Add(Sequence(first: false));
        _depth--;
        return new Part(string.Join('|', branches.Select(static branch => branch.Text)), branches.Min(static branch => branch.Least), branches.Max(static branch => branch.Most));
    }

    private Part Sequence(bool first)
    {
        var text = new StringBuilder();
        var (least, most) = (0, 0);
        var isEmpty = true;
        while (true)
        {
            SkipRemarks();
            if (AtEnd || Current is '|' or ')') return new Part(text.ToString(), least, most);
            if (TryGlobalFlags(first && isEmpty)) continue;
            var part = Repeated(Atom());
            text.Append(part.Text);
            (least, most) = (Sum(least, part.Least), Sum(most, part.Most));
            isEmpty = false;
        }
    }

    /// <summary>White space and remarks of a verbose pattern, and <c>(?#…)</c> of any.</summary>
    private void SkipRemarks()
    {
        while (!AtEnd)
        {
            if (_flags.HasFlag(Flags.Verbose) && (Current == ' ' || Current is >= '\t' and <= '\r'))
            {
                _next++;
            }
            else if (_flags.HasFlag(Flags.Verbose) && Current == '#')
            {
                var end = _pattern.IndexOf('\n', _next);
                _next = end < 0 ? _pattern.Length : end + 1;
            }
            else if (TryTake("(?#"))
            {
                var end = _pattern.IndexOf(')', _next);
                if (end < 0) throw Wrong("a remark has no end");
                _next = end + 1;
            }
            else
            {
                return;
            }
        }
    }

    private Part Repeated(Part atom)
    {
        SkipRemarks();
        var start = _next;
        if (Quantifier() is not var (low, high) || start == _next) return atom;
        if (atom.IsPlace) throw Wrong("nothing is repeated here", start);
        var greed = TryTake("?") ? "?" : TryTake("+") ? "+" : "";
        var at = _next;
        SkipRemarks();
        var second = _next;
        if (Quantifier() is not null && second != _next) throw Wrong("a repetition is repeated", second);
        _next = at;
        var count = high == Unbounded ? $"{{{low},}}" : $"{{{low},{high}}}";
        var text = $"(?:{atom.Text}){count}{(greed == "?" ? "?" : "")}";
        return new Part(greed == "+" ? $"(?>{text})" : text, Product(atom.Least, low), high == Unbounded && atom.Most > 0 ? Unbounded : Product(atom.Most, high));
    }

    /// <summary>A quantifier's bounds; null when there is none, with nothing taken.</summary>
    private (int Low, int High)? Quantifier()
    {
        if (AtEnd) return null;
        if (TryTake("*")) return (0, Unbounded);
        if (TryTake("+")) return (1, Unbounded);
        if (TryTake("?")) return (0, 1);
        var start = _next;
        if (!TryTake("{")) return null;
        var low = Digits();
        var hasComma = TryTake(",");
        var high = hasComma ? Digits() : low;
        if ((low.Length == 0 && !hasComma) || !TryTake("}"))
        {
            _next = start; // a brace that bounds nothing is a brace
            return null;
        }

        var bounds = (Low: low.Length == 0 ? 0 : Number(low), High: high.Length == 0 ? Unbounded : Number(high));
        return bounds.Low <= bounds.High ? bounds : throw Wrong("a repetition has more times at least than at most", start);
    }

    private Part Atom()
    {
        var start = _next;
        if (Quantifier() is not null && _next != start) throw Wrong("nothing is repeated here", start);
        switch (Current)
        {
            case '\\': return Escape();
            case '[': return Class();
            case '(': return Group();
            case '^' or '$':
                return Part.Place(_pattern[_next++].ToString());
            case '.':
                _next++;
                return new Part(_flags.HasFlag(Flags.DotAll) ? $"(?:[^{Surrogates}]|{Pair})" : $@"(?:[^\n{Surrogates}]|{Pair})", 1, 1);
            default:
                return Literal(TakeRune());
        }
    }

    private string Digits()
    {
        var start = _next;
        while (!AtEnd && char.IsAsciiDigit(Current)) _next++;
        return _pattern[start.._next];
    }

    private int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Unbounded
        ? number
        : throw Wrong("a number is too large");

    private Rune TakeRune()
    {
        Rune.DecodeFromUtf16(_pattern.AsSpan(_next), out var rune, out var length);
        _next += length;
        return rune;
    }

    private bool TryTake(string text)
    {
        if (!_pattern.AsSpan(_next).StartsWith(text, StringComparison.Ordinal)) return false;
        _next += text.Length;
        return true;
    }

    private ArgumentException Wrong(string what, int? at = null) => new($"{what} (character {(at ?? _next) + 1})");

    private static int Sum(int a, int b) => (int)Math.Min((long)a + b, Unbounded);

    private static int Product(int a, int b) => (int)Math.Min((long)a * b, Unbounded);

    /// <summary>A part of the pattern, translated, and how many characters it takes.</summary>
    private readonly record struct Part(string Text, int Least, int Most, bool IsPlace = false)
    {
        /// <summary>Something that takes no character and cannot be repeated.</summary>
        public static Part Place(string text) => new(text, 0, 0, IsPlace: true);
    }
}
