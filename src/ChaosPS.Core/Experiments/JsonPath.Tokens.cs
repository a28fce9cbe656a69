using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <content>The names, signs and literals that a path is written with.</content>
internal sealed partial class JsonPath
{
    /// <summary>A value as JSON writes it, but for texts, which stand for what they are written as: <c>\\n</c> is a backslash and an n.</summary>
    private object? Literal()
    {
        if (Is("string")) return TakeText();
        if (TryTake("null")) return null;
        if (TryTake("true")) return true;
        if (TryTake("false")) return false;
        if (TryTake("[")) return List();
        if (TryTake("{")) return Map();
        if (!Is("number")) throw Wrong("a value");
        var text = Current;
        return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? PythonValue.From(BigInteger.Parse(TakeKind("number", "a number"), CultureInfo.InvariantCulture))
            : double.Parse(TakeKind("number", "a number"), CultureInfo.InvariantCulture);
    }

    private object?[] List()
    {
        var items = new List<object?>();
        if (TryTake("]")) return [];
        do items.Add(Literal());
        while (TryTake(","));
        Take("]");
        return [.. items];
    }

    private OrderedDictionary<string, object?> Map()
    {
        var map = new OrderedDictionary<string, object?>();
        if (TryTake("}")) return map;
        do
        {
            var key = Is("string") ? TakeText() : throw Wrong("a text");
            Take(":");
            map[key] = Literal();
        }
        while (TryTake(","));
        Take("}");
        return map;
    }

    private bool Is(string kind) => _next < _tokens.Length && _tokens[_next].Groups[kind].Success;

    private bool TryTake(string symbol)
    {
        if (Current != symbol) return false;
        _next++;
        return true;
    }

    private void Take(string symbol)
    {
        if (!TryTake(symbol)) throw Wrong($"'{symbol}'");
    }

    private string TakeKind(string kind, string what)
    {
        if (!Is(kind)) throw Wrong(what);
        return _tokens[_next++].Value;
    }

    private string TakeText() => TakeKind("string", "a text")[1..^1];

    /// <summary>A whole number; one that no list is as long as stands for the largest that one may be.</summary>
    private long TakeInteger()
    {
        if (!BigInteger.TryParse(Current, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) throw Wrong("a whole number");
        _next++;
        return (long)BigInteger.Clamp(number, int.MinValue, int.MaxValue);
    }

    private FormatException Wrong(string wanted) =>
        Wrong(_next < _tokens.Length ? _tokens[_next].Index : _text.Length, $"{wanted} is missing{(Current.Length > 0 ? $" before '{Current}'" : "")}");

    private static FormatException Wrong(int index, string what) => new($"column {index + 1}: {what}");

    [GeneratedRegex(
        """
        (?<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
        |(?<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?(?:0|[1-9][0-9]*))?)
        |(?<keyword>(?:and|or|not|contains|true|false|null)(?![_A-Za-z0-9]))
        |(?<id>[_A-Za-z][_A-Za-z0-9]*)
        |(?<symbol>\.\.|!=|<=|>=|[$@.\[\](){}*?,:=<>])
        |[ \t\n\r]+
        |(?<other>.)
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex Token();
}
