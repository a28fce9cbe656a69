using ChaosPS.Errors;

namespace ChaosPS.Experiments;

/// <summary>The arguments of one activity, placeholders filled; what is not given is as the activity says.</summary>
/// <param name="activity">The activity's name in the experiment, for messages.</param>
/// <param name="declared">The arguments that there are.</param>
/// <param name="given">Those that are given.</param>
internal sealed class ActivityArguments(string activity, IReadOnlyList<ActivityArgument> declared, IReadOnlyDictionary<string, object?> given)
{
    /// <summary>Whether something other than null is given.</summary>
    public bool Has(string name) => given.GetValueOrDefault(name) is not null;

    /// <summary>Whether there is such an argument.</summary>
    public bool Declares(string name) => declared.Any(argument => argument.Name == name);

    /// <summary>A value of the argument's type; null when it is neither given nor has a default.</summary>
    /// <exception cref="ChaosException">It is of another type: id <c>ArgumentInvalid</c>.</exception>
    public object? Value(string name)
    {
        var argument = declared.First(argument => argument.Name == name);
        if (given.GetValueOrDefault(name) is not { } value) return argument.Required ? throw Invalid(argument, null) : argument.Default;
        return ArgumentTypes.Fits(argument.Type, value) ? value : throw Invalid(argument, value);
    }

    /// <summary>A text that must be there, and not be empty.</summary>
    public string Text(string name) => OptionalText(name) ?? throw ChaosErrors.ArgumentInvalid(activity, name, "a text that is not empty", "''");

    /// <summary>A text; null when it is not given or empty.</summary>
    public string? OptionalText(string name) => Value(name) is string { Length: > 0 } text ? text : null;

    /// <summary>A number that is given or has a default.</summary>
    public int Number(string name) => OptionalNumber(name)!.Value;

    /// <summary>A number; null when it is not given.</summary>
    public int? OptionalNumber(string name) => Value(name) is { } value ? ArgumentTypes.ToInteger(value) : null;

    /// <summary>Whether it is true.</summary>
    public bool Flag(string name) => Value(name) is true;

    /// <summary>A list of texts; of a text, its parts between <paramref name="separator"/>s, or the text itself when there is none. Null when it is not given.</summary>
    public IReadOnlyList<string>? Texts(string name, char? separator = ',') => Value(name) switch
    {
        string text => separator is { } between ? text.Split(between) : [text],
        IReadOnlyList<object?> list => [.. list.Select(PythonValue.Text)],
        _ => null,
    };

    /// <summary>Labels; null when they are not given or empty.</summary>
    /// <exception cref="ChaosException">A text that is no list of labels: id <c>ArgumentInvalid</c>.</exception>
    public IReadOnlyDictionary<string, object?>? Labels(string name) => Value(name) switch
    {
        IReadOnlyDictionary<string, object?> { Count: > 0 } map => map,
        string { Length: > 0 } text => PythonValue.Map(text.Split(',').Select(label => label.Split('=', 2) is [var key, var value]
            ? KeyValuePair.Create(key, (object?)value)
            : throw ChaosErrors.ArgumentInvalid(activity, name, "labels such as app=web,tier=front", PythonValue.Repr(text)))),
        _ => null,
    };

    private ChaosException Invalid(ActivityArgument argument, object? value) =>
        ChaosErrors.ArgumentInvalid(activity, argument.Name, ArgumentTypes.Describe(argument.Type), PythonValue.Repr(value));
}
