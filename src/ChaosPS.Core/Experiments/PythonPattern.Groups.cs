using System.Globalization;

namespace ChaosPS.Experiments;

/// <content>Groups, flags and references to groups.</content>
internal sealed partial class PythonPattern
{
    private Part Group()
    {
        var start = _next;
        if (TryTake("(?P<")) return Capture(Name('>'), start);
        if (TryTake("(?P=")) return NamedReference(Name(')'), start);
        if (TryTake("(?:")) return Closed("(?:", start);
        if (TryTake("(?>")) return Closed("(?>", start);
        if (TryTake("(?=")) return Look("(?=", start);
        if (TryTake("(?!")) return Look("(?!", start);
        if (TryTake("(?<=")) return LookBehind("(?<=", start);
        if (TryTake("(?<!")) return LookBehind("(?<!", start);
        if (TryTake("(?(")) return Conditional(start);
        if (TryTake("(?")) return Flagged(start);
        _next++;
        return Capture(null, start);
    }

    private Part Capture(string? name, int start)
    {
        var number = ++_groups;
        if (name is not null && !_names.TryAdd(name, number)) throw Wrong($"there are two groups '{name}'", start);
        _open.Add(number);
        var inner = Inner(start);
        _open.Remove(number);
        return inner with { Text = $"(?<{number}>{inner.Text})" };
    }

    private Part Closed(string opening, int start)
    {
        var inner = Inner(start);
        return inner with { Text = $"{opening}{inner.Text})" };
    }

    private Part Look(string opening, int start) => new(Closed(opening, start).Text, 0, 0);

    private Part LookBehind(string opening, int start)
    {
        var inner = Inner(start);
        if (inner.Least != inner.Most) throw Wrong("a look-behind must always be of one width", start);
        return new Part($"{opening}{inner.Text})", 0, 0);
    }

    /// <summary>What stands in a group; flags that it sets end with it.</summary>
    private Part Inner(int start)
    {
        var flags = _flags;
        var inner = Alternatives(first: false);
        _flags = flags;
        return TryTake(")") ? inner : throw Wrong("a parenthesis is not closed", start);
    }

    private Part Conditional(int start)
    {
        var group = NumberOf(Name(')'), start);
        var (yes, no) = (Sequence(first: false), default(Part));
        if (TryTake("|")) no = Sequence(first: false);
        if (!TryTake(")")) throw Wrong(AtEnd ? "a parenthesis is not closed" : "a condition has more than two branches", start);
        return new Part($"(?({group}){yes.Text}|{no.Text})", Math.Min(yes.Least, no.Least), Math.Max(yes.Most, no.Most));
    }

    private Part NamedReference(string name, int start) => Reference(NumberOf(name, start), start);

    private Part Reference(int group, int start)
    {
        if (group > _groups) throw Wrong($"there is no group {group} before this", start);
        if (_open.Contains(group)) throw Wrong("a group refers to itself", start);
        return new Part($@"\k<{group}>", 0, Unbounded);
    }

    private int NumberOf(string name, int start)
    {
        if (_names.TryGetValue(name, out var number)) return number;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0
            ? number
            : throw Wrong($"there is no group '{name}' before this", start);
    }

    private string Name(char end)
    {
        var (start, length) = (_next, _pattern.AsSpan(_next).IndexOf(end));
        if (length <= 0) throw Wrong("the name of a group is missing or has no end");
        var name = _pattern.Substring(start, length);
        var isNumber = name.All(char.IsAsciiDigit);
        var isName = (char.IsLetter(name[0]) || name[0] == '_') && name.All(static c => char.IsLetterOrDigit(c) || c == '_');

        // Only what refers to a group may be a number.
        if (!isName && !(isNumber && !_pattern.AsSpan(0, start).EndsWith("(?P<") && !_pattern.AsSpan(0, start).EndsWith("(?P="))) throw Wrong($"'{name}' is no name of a group");
        _next = start + length + 1;
        return name;
    }

    /// <summary>Flags for the whole pattern, which may stand at its start only.</summary>
    private bool TryGlobalFlags(bool isStart)
    {
        var start = _next;
        if (!TryTake("(?")) return false;
        var flags = TakeFlags();
        if (flags == Flags.None || !TryTake(")"))
        {
            _next = start;
            return false;
        }

        if (!isStart) throw Wrong("flags of the whole pattern stand at its start", start);
        _flags |= flags;
        return true;
    }

    /// <summary><c>(?i-s:…)</c>: flags for a group.</summary>
    private Part Flagged(int start)
    {
        var on = TakeFlags();
        var off = TryTake("-") ? TakeFlags() : Flags.None;
        var isMissing = on == Flags.None && off == Flags.None;
        if (isMissing || !TryTake(":") || (on & off) != 0 || (off & (Flags.Ascii | Flags.Unicode)) != 0) throw Wrong("this is no kind of group", start);
        var before = _flags;
        _flags = (_flags | on) & ~off;
        if (on.HasFlag(Flags.Unicode)) _flags &= ~Flags.Ascii;
        var inner = Inner(start);
        _flags = before;
        return inner with { Text = $"(?{Letters(on)}{(Letters(off) is { Length: > 0 } letters ? "-" + letters : "")}:{inner.Text})" };
    }

    private Flags TakeFlags()
    {
        var flags = Flags.None;
        for (; !AtEnd; _next++)
        {
            var flag = Current switch
            {
                'i' => Flags.IgnoreCase,
                'm' => Flags.Multiline,
                's' => Flags.DotAll,
                'x' => Flags.Verbose,
                'a' => Flags.Ascii,
                'u' => Flags.Unicode,
                _ => Flags.None,
            };
            if (flag == Flags.None) break;
            flags |= flag;
            if (flags.HasFlag(Flags.Ascii | Flags.Unicode)) throw Wrong("the flags a and u exclude each other");
        }

        return flags;
    }

    /// <summary>The flags that .NET minds.</summary>
    private static string Letters(Flags flags) => (flags.HasFlag(Flags.IgnoreCase) ? "i" : "") + (flags.HasFlag(Flags.Multiline) ? "m" : "");
}
