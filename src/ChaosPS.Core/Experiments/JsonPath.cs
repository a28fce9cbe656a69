using System.Globalization;
using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>The JSON Path dialect of the Chaos Toolkit.</summary>
/// <remarks>
/// It is jsonpath2's, not Goessner's: texts stand in double quotes, equality is <c>=</c>, and a filter tests the node itself, not its children:
/// <c>$.items[*][?(@.ready=true)]</c>. <c>or</c> binds tighter than <c>and</c>. A comparison is true when it is for any value that the path on its left leads to.
/// Source: https://github.com/pacifica/python-jsonpath2 , and the recorded cases in the tests.
/// </remarks>
internal sealed partial class JsonPath
{
    /// <summary>As many names and signs as a path may have: nobody writes more, and reading nests as deep as they do.</summary>
    private const int MostTokens = 2000;

    /// <summary>At as many values as a path may look, one way or another: a second or two. A filter in a filter in a filter looks at all of them each time.</summary>
    private const int MostLooks = 5_000_000;

    private readonly string _text;
    private readonly Match[] _tokens;
    private readonly Step _path;
    private int _next;
    private int _looks;

    private JsonPath(string text)
    {
        _text = text;
        _tokens = [.. Token().Matches(text).Where(static token => token.Value.AsSpan().IndexOfAnyExcept(" \t\n\r") >= 0)];
        if (_tokens.FirstOrDefault(static token => token.Groups["other"].Success) is { } other) throw Wrong(other.Index, $"'{other.Value}' has no meaning");
        if (_tokens.Length > MostTokens) throw Wrong(_tokens[MostTokens].Index, "the path is too long");
        Take("$");
        _path = Subscripts();
        if (_next < _tokens.Length) throw Wrong("the end");
        NamesLength = _tokens is [.., { Value: "." }, { Value: "length" }];
    }

    /// <summary>The nodes that one part of a path leads to.</summary>
    private delegate IEnumerable<object?> Step(object? root, object? current);

    /// <summary>Where a filter begins that tests the children of a node that a name leads to; null when there is none.</summary>
    public int? FilterOnName { get; private set; }

    /// <summary>Whether a filter has both <c>and</c> and <c>or</c> without parentheses between them.</summary>
    public bool MixesAndWithOr { get; private set; }

    /// <summary>Whether a slice goes backward from a start that is left out.</summary>
    public bool BackwardSlice { get; private set; }

    /// <summary>Whether the path ends in a member of the name length.</summary>
    public bool NamesLength { get; private set; }

    private string Current => _next < _tokens.Length ? _tokens[_next].Value : "";

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is none of this dialect; the message has the column.</exception>
    public static JsonPath Parse(string text) => new(text);

    /// <summary>The values that the path leads to, in order.</summary>
    /// <exception cref="FormatException">A part of it means nothing for these values, or it would look at them for ever.</exception>
    public IReadOnlyList<object?> Match(object? document)
    {
        _looks = 0;
        return [.. _path(document, document)];
    }

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
        return (root, current) => step(root, current).SelectMany(node => rest(root, Looked(node)));

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
            var bracket = _next - 2;
            Take("(");
            var test = And();
            Take(")");
            var afterName = bracket == 1 || (bracket > 1 && (_tokens[bracket - 1].Groups["id"].Success || _tokens[bracket - 2].Groups["string"].Success));
            var isPlain = _tokens[bracket].Value == "[" && afterName;
            if (isPlain && Enumerable.Range(bracket, _next - bracket).Any(at => _tokens[at].Value == "@" && _tokens[at + 1].Value is "." or "["))
                FilterOnName ??= _tokens[bracket].Index;
            return (root, current) => test(root, current) ? [current] : [];
        }

        if (Current is "$" or "@")
        {
            var path = Path();
            return (root, current) => path(root, current).SelectMany(key => key switch
            {
                string name => Member(name)(root, current),
                long index => Index(index)(root, current),
                bool flag => Index(flag ? 1 : 0)(root, current),
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
        BackwardSlice |= step < 0 && start is null;
        return (_, current) => current is IReadOnlyList<object?> list ? Sliced(list, start, end, step) : [];
    }

    /// <summary>The dialect's slice: a missing start is 0 and a missing end is the length, whatever the step; so a negative step needs both.</summary>
    private static IEnumerable<object?> Sliced(IReadOnlyList<object?> list, long? start, long? end, long step)
    {
        if (step == 0) throw new FormatException("a slice has the step 0");
        var count = list.Count;
        var from = start is not { } s ? 0 : s >= 0 ? s : Math.Abs(s) < count ? s + count : 0;
        var to = end is not { } e ? count : e >= 0 ? e : e + count;

        // Beyond the list there is nothing.
        if (step > 0) to = Math.Min(to, count);
        else if (from >= count) from -= (from - count + -step) / -step * -step;
        for (var i = from; step > 0 ? i < to : i > to; i += step)
        {
            if (step < 0 && i < -count) yield break;
            foreach (var item in At(list, i)) yield return item;
        }
    }

    private Step Function(string name)
    {
        if (!JsonPathFunctions.Names.Contains(name))
            throw Wrong(_tokens[_next - 1].Index, $"there is no function '{name}': those are {string.Join(", ", JsonPathFunctions.Names)}");
        Take("(");
        var arguments = new List<Step>();
        if (Current != ")")
        {
            do arguments.Add(Value().Step);
            while (TryTake(","));
        }

        Take(")");

        // An argument that is a path is taken for each value that it leads to.
        return (root, current) => arguments
            .Aggregate((IEnumerable<object?[]>)[[]], (lists, argument) => lists.SelectMany(list => argument(root, current).Select(value => (object?[])[.. list, value])))
            .SelectMany(list => JsonPathFunctions.Call(name, current, list));
    }

    private Func<object?, object?, bool> And()
    {
        var start = _next;
        var left = Or();
        var isOr = HasOr(start);
        if (!TryTake("and")) return left;
        start = _next;
        var right = And();
        MixesAndWithOr |= isOr || HasOr(start);
        return (root, current) => left(root, current) && right(root, current);
    }

    /// <summary>Whether an <c>or</c> stands between here and there outside of all brackets.</summary>
    private bool HasOr(int start)
    {
        var depth = 0;
        for (var at = start; at < _next; at++)
        {
            depth += _tokens[at].Value switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
            if (depth == 0 && _tokens[at].Value == "or") return true;
        }

        return false;
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

        var left = Value();
        if (JsonPathFunctions.Comparison(Current) is not { } compare)
            return left.IsPath ? (root, current) => left.Step(root, current).Any() : (root, current) => left.Step(root, current).Any(PythonValue.IsTrue);
        _next++;
        var right = Value();

        // The dialect goes through the values of a path on the right once: they are compared with the first value on the left, and no other.
        return (root, current) =>
        {
            var lefts = left.Step(root, current);
            return (right.IsPath ? lefts.Take(1) : lefts).Any(a => right.Step(root, current).Any(b => compare(a, b)));
        };
    }

    /// <summary>A path, or a JSON literal, which leads to itself.</summary>
    private (Step Step, bool IsPath) Value()
    {
        if (Current is "$" or "@") return (Path(), true);
        if (Current is not ("{" or "[" or "true" or "false" or "null") && !Is("string") && !Is("number")) throw Wrong("a value");
        var literal = Literal();
        return ((_, _) => [literal], false);
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
        current is IReadOnlyList<object?> list ? At(list, index) : [];

    private static IReadOnlyList<object?> At(IReadOnlyList<object?> list, long index) =>
        (index < 0 ? index + list.Count : index) is var at && at >= 0 && at < list.Count ? [list[(int)at]] : [];

    private static IEnumerable<object?> Children(object? root, object? current) => current switch
    {
        IReadOnlyList<object?> list => list,
        IReadOnlyDictionary<string, object?> map => map.Values,
        _ => [],
    };

    private Step Descend(Step step)
    {
        return All;

        IEnumerable<object?> All(object? root, object? current) =>
            step(root, current).Concat(Children(root, current).SelectMany(child => All(root, Looked(child))));
    }

    private object? Looked(object? node) =>
        ++_looks <= MostLooks ? node : throw new FormatException($"it looks at more than {MostLooks.ToString("N0", CultureInfo.InvariantCulture)} values");
}
