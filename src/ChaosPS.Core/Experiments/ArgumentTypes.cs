using System.Globalization;

namespace ChaosPS.Experiments;

/// <summary>Which values an argument's type takes. One rule for what stands in the file and for what placeholders turn into.</summary>
internal static class ArgumentTypes
{
    /// <summary>The type in words, with its article.</summary>
    public static string Describe(ArgumentType type) => type switch
    {
        ArgumentType.Text => "a text",
        ArgumentType.Integer => "a whole number",
        ArgumentType.Flag => "true or false",
        ArgumentType.Mapping => "a mapping",
        ArgumentType.ListOfMappings => "a list of mappings",
        ArgumentType.Texts => "a list of texts, or one text",
        ArgumentType.Labels => "a mapping of texts, or a text such as app=web",
        ArgumentType.Number => "a number",
        ArgumentType.List => "a list",
        _ => "a mapping, or a list of mappings",
    };

    /// <summary>Whether a value, placeholders filled, is of the type.</summary>
    public static bool Fits(ArgumentType type, object? value) => type switch
    {
        ArgumentType.Text => value is string,
        ArgumentType.Integer => ToInteger(value) is not null,
        ArgumentType.Flag => value is bool,
        ArgumentType.Mapping => value is IReadOnlyDictionary<string, object?>,
        ArgumentType.ListOfMappings => value is IReadOnlyList<object?> list && list.All(static item => item is IReadOnlyDictionary<string, object?>),
        ArgumentType.Texts => value is string or IReadOnlyList<object?> and not IReadOnlyList<object?> { Count: 0 },
        ArgumentType.Labels => value is string or IReadOnlyDictionary<string, object?>,
        ArgumentType.Number => ToNumber(value) is not null,
        ArgumentType.List => value is IReadOnlyList<object?>,
        _ => value is IReadOnlyDictionary<string, object?> || Fits(ArgumentType.ListOfMappings, value),
    };

    /// <summary>A whole number, also of a text; null when it is none, or beyond what Kubernetes counts with.</summary>
    public static int? ToInteger(object? value) => value switch
    {
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        string text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A finite number, also of a text; null when it is none.</summary>
    public static double? ToNumber(object? value) => value switch
    {
        long number => number,
        double number when double.IsFinite(number) => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };
}
