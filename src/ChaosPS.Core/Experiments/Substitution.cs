using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>Fills placeholders with values of the configuration and the secrets, by the rules of Python's <c>string.Template</c>.</summary>
/// <remarks>
/// <c>${name}</c> and <c>$name</c>; <c>$$</c> is a dollar sign; names are ASCII letters, digits and underscores. A text that is nothing but one
/// placeholder in braces becomes the value with its type. Names that are not known stay as they are. The configuration comes first, then each
/// scope of secrets in order.
/// Source: https://docs.python.org/3/library/string.html#template-strings .
/// </remarks>
internal sealed partial class Substitution
{
    private readonly IReadOnlyDictionary<string, object?>[] _scopes;
    private readonly bool _isEmpty;

    /// <summary>Creates a substitution.</summary>
    public Substitution(IReadOnlyDictionary<string, object?>? configuration, IReadOnlyDictionary<string, object?>? secrets)
    {
        _scopes = [.. Scopes(configuration, secrets)];
        Configuration = configuration ?? new Dictionary<string, object?>();
        _isEmpty = configuration is null or { Count: 0 } && secrets is null or { Count: 0 };
    }

    /// <summary>The configuration's values.</summary>
    public IReadOnlyDictionary<string, object?> Configuration { get; }

    /// <summary>Fills the placeholders of a value: of a text, or of the texts in a list or mapping. Keys stay as they are.</summary>
    public object? Apply(object? value) => value switch
    {
        string text => ApplyText(text),
        IReadOnlyList<object?> list => list.Select(Apply).ToArray(),
        IReadOnlyDictionary<string, object?> map => PythonValue.Map(map.Select(e => KeyValuePair.Create(e.Key, Apply(e.Value)))),
        _ => value,
    };

    /// <summary>
    /// Fills the placeholders of the arguments of an activity. Without configuration and secrets they stay as they are, <c>$$</c> too, as in the original,
    /// which looks at them no further then.
    /// </summary>
    public object? ApplyToArguments(object? arguments) => _isEmpty ? arguments : Apply(arguments);

    /// <summary>Whether something fills a name.</summary>
    public bool Knows(string name) => TryGet(name, out _);

    /// <summary>The names that a value refers to.</summary>
    public static IEnumerable<string> Names(object? value) => value switch
    {
        string text => text.Contains('$') ? Placeholder().Matches(text).Select(Name).OfType<string>() : [],
        IReadOnlyList<object?> list => list.SelectMany(Names),
        IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(Names),
        _ => [],
    };

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Scopes(
        IReadOnlyDictionary<string, object?>? configuration, IReadOnlyDictionary<string, object?>? secrets)
    {
        if (configuration is { Count: > 0 }) yield return configuration;
        foreach (var scope in secrets?.Values ?? [])
        {
            if (scope is IReadOnlyDictionary<string, object?> map) yield return map;
        }
    }

    private object? ApplyText(string text)
    {
        if (!text.Contains('$')) return text;
        var whole = Placeholder().Match(text);
        if (whole.Success && whole.Length == text.Length && whole.Groups["braced"] is { Success: true } only && TryGet(only.Value, out var value)) return value;

        return Placeholder().Replace(text, match =>
            match.Groups["escaped"].Success ? "$"
            : Name(match) is { } name && TryGet(name, out var inner) ? PythonValue.Text(inner)
            : match.Value);
    }

    private bool TryGet(string name, out object? value)
    {
        foreach (var scope in _scopes)
        {
            if (scope.TryGetValue(name, out value)) return true;
        }

        value = null;
        return false;
    }

    private static string? Name(Match match) =>
        match.Groups["named"] is { Success: true } named ? named.Value
        : match.Groups["braced"] is { Success: true } braced ? braced.Value
        : null;

    [GeneratedRegex(@"\$(?:(?<escaped>\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*)\})", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
