using System.Globalization;
using System.Text;

namespace ChaosPS.Experiments;

/// <content>Characters, classes of them, and escapes.</content>
internal sealed partial class PythonPattern
{
    /// <summary>The halves of pairs, for within a class: what is one code point in Python is two units in .NET.</summary>
    private const string Surrogates = @"\uD800-\uDFFF";

    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private static Part Literal(Rune rune) => new(Text(rune), 1, 1);

    private static string Text(Rune rune)
    {
        if (rune.Value < 128 && char.IsAsciiLetterOrDigit((char)rune.Value)) return rune.ToString();
        return string.Concat(rune.ToString().Select(static unit => $@"\u{(int)unit:X4}"));
    }

    /// <summary>The members of a category, for within a class; null for a letter that names none.</summary>
    private string? Category(char letter)
    {
        var ascii = _flags.HasFlag(Flags.Ascii);
        return letter switch
        {
            'd' => ascii ? "0-9" : @"\d",
            'w' => ascii ? "a-zA-Z0-9_" : @"\p{L}\p{N}_",
            's' => ascii ? @" \t\n\r\f\v" : @"\s\x1c-\x1f",
            _ => null,
        };
    }

    private static string Except(string members) => $"(?:[^{members}{Surrogates}]|{Pair})";

    private Part Escape()
    {
        var start = _next++;
        if (AtEnd) throw Wrong("a backslash stands at the end", start);
        var letter = Current;
        if (Category(letter) is { } members)
        {
            _next++;
            return new Part($"[{members}]", 1, 1);
        }

        if (Category(char.ToLowerInvariant(letter)) is { } others)
        {
            _next++;
            return new Part(Except(others), 1, 1);
        }

        switch (letter)
        {
            case 'A' or 'b' or 'B' or 'Z':
                _next++;
                return Part.Place(Boundary(letter));
            case >= '1' and <= '9':
                return ReferenceOrOctal(start);
            default:
                return Literal(EscapedCharacter(start));
        }
    }

    private string Boundary(char letter)
    {
        const string Word = "[a-zA-Z0-9_]";
        return letter switch
        {
            'Z' => @"\z",
            'b' when _flags.HasFlag(Flags.Ascii) => $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))",
            'B' when _flags.HasFlag(Flags.Ascii) => $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))",
            _ => $@"\{letter}",
        };
    }

    /// <summary>Three octal digits are a character; other numbers name a group.</summary>
    private Part ReferenceOrOctal(int start)
    {
        var digits = _pattern.AsSpan(_next, Math.Min(3, _pattern.Length - _next));
        if (digits.Length == 3 && digits.IndexOfAnyExceptInRange('0', '7') < 0) return Literal(Octal(3, start));
        var length = digits.Length > 1 && char.IsAsciiDigit(digits[1]) ? 2 : 1;
        _next += length;
        return Reference(Number(digits[..length].ToString()), start);
    }

    /// <summary>The character that an escape stands for, after the backslash.</summary>
    private Rune EscapedCharacter(int start)
    {
        switch (Current)
        {
            case '0': return Octal(3, start);
            case 'x': return Hexadecimal(2, start);
            case 'u': return Hexadecimal(4, start);
            case 'U': return Hexadecimal(8, start);
        }

        var rune = TakeRune();
        var known = rune.Value switch { 'a' => '\a', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => '\0' };
        if (known != '\0') return new Rune(known);
        if (rune.Value == 'N') throw Wrong(@"\N{name} is not carried out: write \u and the number", start);
        return rune.Value < 128 && char.IsAsciiLetter((char)rune.Value) ? throw Wrong($@"\{rune} means nothing", start) : rune;
    }

    private Rune Octal(int longest, int start)
    {
        var from = _next;
        while (_next < _pattern.Length && _next - from < longest && Current is >= '0' and <= '7') _next++;
        var value = Convert.ToInt32(_pattern[from.._next], 8);
        return value <= 255 ? new Rune(value) : throw Wrong("an octal number is above 377", start);
    }

    private Rune Hexadecimal(int length, int start)
    {
        _next++;
        var digits = _pattern.AsSpan(_next, Math.Min(length, _pattern.Length - _next));
        _next += digits.Length;
        return digits.Length == length && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? new Rune(value)
            : throw Wrong($"{length} hexadecimal digits of a character are wanted here", start);
    }

    private Part Class()
    {
        var start = _next++;
        var isNegative = TryTake("^");
        var (members, others) = (new StringBuilder(), new List<string>());
        for (var first = _next; !TryTakeEnd(first, start);)
        {
            var from = _next;
            if (TryCategory() is var (category, isExcluded))
            {
                if (isExcluded) others.Add(Except(category));
                else members.Append(category);
                if (!AtEnd && Current == '-' && !_pattern.AsSpan(_next).StartsWith("-]")) throw Wrong("a range begins with a class", from);
                continue;
            }

            var low = Member(start);
            var high = low;
            if (!_pattern.AsSpan(_next).StartsWith("-]") && TryTake("-"))
            {
                if (AtEnd) throw Wrong("a class has no end", start);
                if (TryCategory() is not null) throw Wrong("a range ends with a class", from);
                high = Member(start);
                if (high < low) throw Wrong("a range ends before it begins", from);
            }

            Add(low.Value, high.Value, members, others);
        }

        if (others.Count == 0) return new Part(isNegative ? Except(members.ToString()) : $"[{members}]", 1, 1);
        if (members.Length > 0) others.Insert(0, $"[{members}]");
        var any = $"(?:{string.Join('|', others)})";
        return new Part(isNegative ? $"(?:(?!{any}){Except("")})" : any, 1, 1);
    }

    /// <summary>Takes the bracket that ends a class; one that stands first is a member.</summary>
    private bool TryTakeEnd(int first, int start)
    {
        if (AtEnd) throw Wrong("a class has no end", start);
        return _next > first && TryTake("]");
    }

    private (string Members, bool IsExcluded)? TryCategory()
    {
        if (Current != '\\' || _next + 1 == _pattern.Length) return null;
        var letter = _pattern[_next + 1];
        if (Category(char.ToLowerInvariant(letter)) is not { } members) return null;
        _next += 2;
        return (members, char.IsAsciiLetterUpper(letter));
    }

    private Rune Member(int start)
    {
        var from = _next;
        if (!TryTake("\\")) return TakeRune();
        if (AtEnd) throw Wrong("a class has no end", start);
        if (TryTake("b")) return new Rune('\b');
        return Current is >= '1' and <= '7' ? Octal(3, from) : EscapedCharacter(from);
    }

    /// <summary>Adds a range of code points: what .NET has as one unit to the members, pairs to the others.</summary>
    private static void Add(int low, int high, StringBuilder members, List<string> others)
    {
        if (low <= 0xFFFF)
        {
            members.Append(Text(new Rune(low)));
            if (high > low) members.Append('-').Append(high > 0xFFFF ? @"\uFFFF" : Text(new Rune(high)));
        }

        for (var from = Math.Max(low, 0x10000); from <= high;)
        {
            // Those of one first half: 1,024 code points.
            var to = Math.Min(high, from | 0x3FF);
            var (first, last) = (new Rune(from).ToString(), new Rune(to).ToString());
            others.Add($@"\u{(int)first[0]:X4}[\u{(int)first[1]:X4}-\u{(int)last[1]:X4}]");
            from = to + 1;
        }
    }
}
