using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>The JSON Path dialect of the Chaos Toolkit.</summary>
/// <remarks>
/// It is jsonpath2's, not Goessner's: texts stand in double quotes, equality is <c>=</c>, and a filter tests the node itself, not its children:
/// <c>$.items[*][?(@.ready=true)]</c>. <c>or</c> binds tighter than <c>and</c>. A comparison of paths is true when it is for any pair of their matches.
/// Source: https://github.com/pacifica/python-jsonpath2 , and the recorded cases in the tests.
/// </remarks>
internal sealed partial class JsonPath
{
    /// <summary>As many names and signs as a path may have: nobody writes more, and reading nests as deep as they do.</summary>
    private const int MostTokens = 2000;

    private static readonly string[] s_functions = ["length", "keys", "values", "entries", "charAt", "substring"];

    private readonly string _text;
    private readonly Match[] _tokens;
    private readonly Step _path;
    private int _next;

    private JsonPath(string text)
    {
        _text = text;
        _tokens = [.. Token().Matches(text).Where(static token => !string.IsNullOrWhiteSpace(token.Value))];
        if (_tokens.FirstOrDefault(static token => token.Groups["other"].Success) is { } other) throw Wrong(other.Index, $"'{other.Value}' has no meaning");
        if (_tokens.Length > MostTokens) throw Wrong(_tokens[MostTokens].Index, "the path is too long");
        Take("$");
        _path = Subscripts();
        if (_next < _tokens.Length) throw Wrong("the end");
    }

    /// <summary>The nodes that one part of a path leads to.</summary>
    private delegate IEnumerable<object?> Step(object? root, object? current);

    private string Current => _next < _tokens.Length ? _tokens[_next].Value : "";

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is none of this dialect; the message has the column.</exception>
    public static JsonPath Parse(string text) => new(text);

    /// <summary>The values that the path leads to, in order.</summary>
    public IReadOnlyList<object?> Match(object? document) => [.. _path(document, document)];

    /// <summary>Everything that follows <c>$</c> or <c>@</c>: each part applies to what the one before leads to.</summary>
    private Step Subscripts()
    {
        Step? step = Current switch
        {
            ".." => Descend(Current2() == "[" ? Brackets() : Bareword()),
            "." => Then(Bareword),
            "[" => Brackets(),
            _ => null,
        };
        if (step is null) return static (_, current) => [current];
        var rest = Subscripts();
        return (root, current) => step(root, current).SelectMany(node => rest(root, node));

        string Current2()
        {
            _next++;
            return Current;
        }

        Step Then(Func<Step> read)
        {
            _next++;
            return read();
        }
    }

    private Step Bareword()
    {
        if (TryTake("*")) return Children;
        var name = TakeKind("id", "a name or *");
        return Current == "(" ? Function(name) : Member(name);
    }

    private Step Brackets()
    {
        Take("[");
        var steps = new List<Step> { Subscript() };
        while (TryTake(",")) steps.Add(Subscript());
        Take("]");
        return (root, current) => steps.SelectMany(step => step(root, current));
    }

    private Step Subscript()
    {
        if (TryTake("*")) return Children;
        if (TryTake("?"))
        {
            Take("(");
            var test = And();
            Take(")");
            return (root, current) => test(root, current) ? [current] : [];
        }

        if (Current is "$" or "@")
        {
            var path = Path();
            return (root, current) => path(root, current).SelectMany(key => key switch
            {
                string name => Member(name)(root, current),
                long index => Index(index)(root, current),
                _ => [],
            });
        }

        if (Is("string")) return Member(TakeText());
        if (Is("id")) return Function(TakeKind("id", "a function"));
        var first = Is("number") ? (long?)TakeInteger() : null;
        return Current == ":" ? Slice(first) : Index(first ?? throw Wrong("a subscript"));
    }

    private Step Slice(long? start)
    {
        Take(":");
        var end = Is("number") ? (long?)TakeInteger() : null;
        var step = TryTake(":") && Is("number") ? TakeInteger() : 1;
        if (step == 0) throw Wrong("a step other than 0");
        return (_, current) => current is IReadOnlyList<object?> list ? Sliced(list, start, end, step) : [];
    }

    /// <summary>Python's slice: ends beyond the list are its ends, negative ones count from behind.</summary>
    private static IEnumerable<object?> Sliced(IReadOnlyList<object?> list, long? start, long? end, long step)
    {
        var (low, high) = step > 0 ? (0L, (long)list.Count) : (-1L, list.Count - 1L);
        var from = start is { } s ? Bound(s) : step > 0 ? low : high;
        var to = end is { } e ? Bound(e) : step > 0 ? high : low;
        for (var i = from; step > 0 ? i < to : i > to; i += step) yield return list[(int)i];

        long Bound(long index) => Math.Clamp(index < 0 ? index + list.Count : index, low, high);
    }

    private Step Function(string name)
    {
        if (!s_functions.Contains(name)) throw Wrong(_tokens[_next - 1].Index, $"there is no function '{name}': those are {string.Join(", ", s_functions)}");
        Take("(");
        var arguments = new List<Step>();
        while (Current != ")")
        {
            arguments.Add(Value());
            if (!TryTake(",")) break;
        }

        Take(")");
        return (root, current) => Call(name, current, [.. arguments.Select(argument => argument(root, current).FirstOrDefault())]);
    }

    private static IEnumerable<object?> Call(string name, object? current, object?[] arguments)
    {
        switch (name, current)
        {
            case ("length", string text): return [(long)Letters(text).Length];
            case ("length", IReadOnlyList<object?> list): return [(long)list.Count];
            case ("length", IReadOnlyDictionary<string, object?> map): return [(long)map.Count];
            case ("keys", IReadOnlyDictionary<string, object?> map): return [map.Keys.Cast<object?>().ToArray()];
            case ("values", IReadOnlyDictionary<string, object?> map): return [map.Values.ToArray()];
            case ("entries", IReadOnlyDictionary<string, object?> map):
                return [map.Select(static object? (entry) => new object?[] { entry.Key, entry.Value }).ToArray()];
            case ("charAt", string text) when arguments is [long at]: return Index(at)(null, Letters(text));
            case ("substring", string text) when arguments is [long or null, ..] and { Length: 1 or 2 }:
                return [string.Concat(Sliced(Letters(text), arguments[0] as long?, arguments.Length == 2 ? arguments[1] as long? : null, 1))];
            default: return [];
        }
    }

    /// <summary>The code points of a text: what Python counts.</summary>
    private static object?[] Letters(string text) => [.. text.EnumerateRunes().Select(static rune => rune.ToString())];

    private Func<object?, object?, bool> And()
    {
        var left = Or();
        if (!TryTake("and")) return left;
        var right = And();
        return (root, current) => left(root, current) && right(root, current);
    }

    private Func<object?, object?, bool> Or()
    {
        var left = Not();
        if (!TryTake("or")) return left;
        var right = Or();
        return (root, current) => left(root, current) || right(root, current);
    }

    private Func<object?, object?, bool> Not()
    {
        if (TryTake("not"))
        {
            var inner = Not();
            return (root, current) => !inner(root, current);
        }

        if (TryTake("("))
        {
            var inner = And();
            Take(")");
            return inner;
        }

        var isPath = Current is "$" or "@";
        var left = Value();
        if (Comparison(Current) is not { } compare)
            return isPath ? (root, current) => left(root, current).Any() : (root, current) => left(root, current).Any(PythonValue.IsTrue);
        _next++;
        var right = Value();
        return (root, current) => left(root, current).Any(a => right(root, current).Any(b => compare(a, b)));
    }

    private static Func<object?, object?, bool>? Comparison(string symbol) => symbol switch
    {
        "=" => PythonValue.AreEqual,
        "!=" => static (a, b) => !PythonValue.AreEqual(a, b),
        "<" => static (a, b) => Order(a, b) < 0,
        "<=" => static (a, b) => Order(a, b) <= 0,
        ">" => static (a, b) => Order(a, b) > 0,
        ">=" => static (a, b) => Order(a, b) >= 0,
        "contains" => static (a, b) => (a, b) switch
        {
            (string text, string part) => text.Contains(part, StringComparison.Ordinal),
            (IReadOnlyList<object?> list, _) => list.Any(item => PythonValue.AreEqual(item, b)),
            (IReadOnlyDictionary<string, object?> map, string key) => map.ContainsKey(key),
            _ => false,
        },
        _ => null,
    };

    /// <summary>Only numbers have an order here; null, which compares with nothing, for all else.</summary>
    private static int? Order(object? a, object? b) =>
        PythonValue.IsNumber(a) && PythonValue.IsNumber(b) && PythonValue.TryCompare(a, b, out var order) ? order : null;

    /// <summary>A path, or a JSON literal, which leads to itself.</summary>
    private Step Value()
    {
        if (Current is "$" or "@") return Path();
        if (Current is not ("{" or "[" or "true" or "false" or "null") && !Is("string") && !Is("number")) throw Wrong("a value");
        var literal = Literal();
        return (_, _) => [literal];
    }

    private object? Literal()
    {
        // A literal is JSON: read as much of the text as makes one value.
        var start = _tokens[_next].Index;
        var depth = 0;
        do
        {
            if (_next == _tokens.Length) throw Wrong("the end of the value");
            depth += Current switch { "{" or "[" => 1, "}" or "]" => -1, _ => 0 };
            _next++;
        }
        while (depth > 0);
        var last = _tokens[_next - 1];
        try
        {
            using var document = JsonDocument.Parse(_text[start..(last.Index + last.Length)]);
            return JsonValues.FromJson(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw Wrong(start, exception.Message);
        }
    }

    private Step Path()
    {
        var fromRoot = Current == "$";
        _next++;
        var path = Subscripts();
        return fromRoot ? (root, _) => path(root, root) : path;
    }

    private static Step Member(string name) =>
        (_, current) => current is IReadOnlyDictionary<string, object?> map && map.TryGetValue(name, out var value) ? [value] : [];

    private static Step Index(long index) => (_, current) =>
        current is IReadOnlyList<object?> list && (index < 0 ? index + list.Count : index) is var at && at >= 0 && at < list.Count ? [list[(int)at]] : [];

    private static IEnumerable<object?> Children(object? root, object? current) => current switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> map => map.Values,
        _ => [],
    };

    private static Step Descend(Step step)
    {
        return All;

        IEnumerable<object?> All(object? root, object? current) =>
            step(root, current).Concat(Children(root, current).SelectMany(child => All(root, child)));
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

    private string TakeText() => (string)Literal()!;

    private long TakeInteger() => long.TryParse(Current, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? Taken(number)
        : throw Wrong("a whole number");

    private long Taken(long number)
    {
        _next++;
        return number;
    }

    private FormatException Wrong(string wanted) =>
        Wrong(_next < _tokens.Length ? _tokens[_next].Index : _text.Length, $"{wanted} is missing{(Current.Length > 0 ? $" before '{Current}'" : "")}");

    private static FormatException Wrong(int index, string what) => new($"column {index + 1}: {what}");

    [GeneratedRegex(
        """
        (?<string>"(?:[^"\\]|\\.)*")
        |(?<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
        |(?<keyword>(?:and|or|not|contains|true|false|null)(?![_A-Za-z0-9]))
        |(?<id>[_A-Za-z][_A-Za-z0-9]*)
        |(?<symbol>\.\.|!=|<=|>=|[$@.\[\](){}*?,:=<>])
        |\s+
        |(?<other>.)
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex Token();
}
