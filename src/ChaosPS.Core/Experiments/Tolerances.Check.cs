using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <content>What is wrong with a tolerance before anything runs.</content>
internal static partial class Tolerances
{
    private static readonly string[] s_kinds = ["jsonpath", "probe", "range", "regex"];

    /// <summary>Reports what is wrong with a tolerance: what cannot be evaluated is an error, what can never be met a warning.</summary>
    /// <param name="tolerance">The tolerance.</param>
    /// <param name="provider">What it will be held against the result of; null when that is unknown.</param>
    /// <param name="findings">Takes the findings.</param>
    public static void Check(DocumentNode tolerance, ActivityProvider? provider, FindingList findings)
    {
        if (tolerance is DocumentMapping mapping)
        {
            CheckMapping(mapping, provider, findings);
            return;
        }

        if (tolerance is not (DocumentSequence or DocumentScalar { Value: bool or string or long or System.Numerics.BigInteger }))
        {
            findings.Error(
                "ToleranceInvalid", tolerance, $"A {PythonValue.TypeName(DocumentValues.ToValue(tolerance))} is no tolerance.",
                "Write a whole number, a text, a boolean, a list, or a mapping with a type.");
            return;
        }

        var value = DocumentValues.ToValue(tolerance);
        if (value is string && Substitution.Names(value).Any()) return;
        if (WhyNever(value, provider) is var (message, suggestion)) findings.Warning("ToleranceImpossible", tolerance, message, suggestion);
    }

    /// <summary>Why a plain value or a list is never met; null when it can be.</summary>
    private static (string Message, string? Suggestion)? WhyNever(object? tolerance, ActivityProvider? provider)
    {
        if (tolerance is IReadOnlyList<object?> { Count: 0 }) return ("An empty list holds nothing that a result could be.", "Name the statuses or values that are allowed.");
        switch (provider)
        {
            case { HasStatus: true } when tolerance is bool or string:
                return ($"A {PythonValue.TypeName(tolerance)} never equals the result of this probe, which has a status and more.",
                    "Write the expected status as a number without quotes, or use a tolerance of type regex with a target.");
            case { HasStatus: true } when tolerance is IReadOnlyList<object?> list && !list.Any(PythonValue.IsNumber):
                return ("None of these is a number, and the status of this probe is one.", "Write the statuses as numbers without quotes.");
            case HttpProvider when Integers(tolerance) is { Length: > 0 } numbers && Array.TrueForAll(numbers, static number => number is < 100 or > 599):
                return ("No server answers with such a status: those are 100 to 599.", null);
            case { HasStatus: false } when tolerance is IReadOnlyList<object?> { Count: 2 } bounds
                && PythonValue.TryCompare(bounds[0], bounds[1], out var order) && order > 0:
                return ($"A list of two is a range here, and {Shown(bounds[0], null)} is above {Shown(bounds[1], null)}.", "Put the lower bound first.");
            default:
                return ProbeResults.Find(provider) is { } type && !CanBe(type, tolerance)
                    ? ($"This probe gives {ArgumentTypes.Describe(type)}, which is never {Shown(tolerance, null)}.", null)
                    : null;
        }
    }

    /// <summary>Whether a result of a type can equal a value, or lie in a list; booleans equal 0 and 1 in Python.</summary>
    private static bool CanBe(ArgumentType result, object? tolerance) => (result, tolerance) switch
    {
        (_, IReadOnlyList<object?> { Count: 2 } bounds) => bounds.All(PythonValue.IsNumber),
        (_, IReadOnlyList<object?> list) => list.Any(item => CanBe(result, item)),
        (ArgumentType.Flag, _) => tolerance is bool or 0L or 1L,
        _ => PythonValue.IsNumber(tolerance),
    };

    private static long[] Integers(object? tolerance) => tolerance switch
    {
        long number => [number],
        IReadOnlyList<object?> list when list.All(static item => item is long) => [.. list.Cast<long>()],
        _ => [],
    };

    private static void CheckMapping(DocumentMapping mapping, ActivityProvider? provider, FindingList findings)
    {
        var type = (mapping["type"] as DocumentScalar)?.Value;
        switch (type)
        {
            case "regex":
                findings.UnknownKeys(mapping, "a regex tolerance", ["type", "pattern", "target"]);
                CheckPattern(mapping, findings);
                break;
            case "range":
                findings.UnknownKeys(mapping, "a range tolerance", ["type", "range", "target"]);
                CheckRange(mapping, findings);
                break;
            case "jsonpath":
                findings.UnknownKeys(mapping, "a jsonpath tolerance", ["type", "path", "target", "count", "expect"]);
                CheckPath(mapping, findings);
                if (mapping["count"] is DocumentScalar { Value: not null } count && mapping["expect"] is null && count.Value is not long and not bool or < 0L)
                    findings.Warning("ToleranceImpossible", count, "There is never such a number of values.", "Write a whole number, 0 or more.");
                break;
            case "probe":
                // Its provider is checked where it is read.
                return;
            case null:
                findings.Error("ToleranceInvalid", mapping, "A tolerance that is a mapping must have a type.", $"The types are {string.Join(", ", s_kinds)}.");
                return;
            default:
                var name = PythonValue.Text(type);
                findings.Error(
                    "ToleranceInvalid", mapping["type"]!, $"There is no tolerance of type '{name}'.",
                    NearestNames.Suggest(name, s_kinds) ?? $"The types are {string.Join(", ", s_kinds)}.");
                return;
        }

        CheckTarget((string)type, mapping, provider, findings);
    }

    /// <summary>Warns of a target that the result does not have, and of none where the whole result is no subject for the tolerance.</summary>
    private static void CheckTarget(string type, DocumentMapping mapping, ActivityProvider? provider, FindingList findings)
    {
        var target = (mapping["target"] as DocumentScalar)?.Value as string;
        switch (provider)
        {
            case { HasStatus: true } when string.IsNullOrEmpty(target) && (type != "jsonpath" || !LeadsInto(mapping, provider)):
                findings.Warning(
                    "ToleranceImpossible", mapping, $"A {type} tolerance without a target is held against the whole result of this probe, which is a mapping.",
                    $"Add target: {provider.TextTarget}.");
                break;
            case { HasStatus: true } when !string.IsNullOrEmpty(target) && !provider.Parts.Contains(target):
                findings.Warning(
                    "ToleranceImpossible", mapping["target"]!, $"The result of this probe has no part '{target}', so the tolerance is held against the whole of it.",
                    NearestNames.Suggest(target, provider.Parts) ?? $"It has {string.Join(", ", provider.Parts)}.");
                break;
            case { HasStatus: true } when (type == "regex" && target is "status" or "headers") || (type == "range" && target is "headers"):
                findings.Warning(
                    "ToleranceImpossible", mapping["target"]!, $"A {type} tolerance cannot be held against the {target} of this probe.", $"Add target: {provider.TextTarget}.");
                break;
            case NativeProvider when ProbeResults.Find(provider) is { } result && (type == "regex" || !string.IsNullOrEmpty(target)):
                findings.Warning(
                    "ToleranceImpossible", mapping, $"A {type} tolerance{(target is null ? "" : " with a target")} is never met by this probe, which gives {ArgumentTypes.Describe(result)}.",
                    $"Write tolerance: {(result == ArgumentType.Flag ? "true" : "3")}.");
                break;
        }
    }

    /// <summary>Whether a path may lead into the result itself, which has a status and more.</summary>
    private static bool LeadsInto(DocumentMapping mapping, ActivityProvider provider) => mapping["path"] is not DocumentScalar { Value: string path }
        || provider.Parts.Any(part => path.Contains(part, StringComparison.Ordinal)) || path.AsSpan().Trim() is "$" || path.Contains('*', StringComparison.Ordinal)
        || path.Contains("..", StringComparison.Ordinal) || path.Contains('(', StringComparison.Ordinal);

    private static void CheckPattern(DocumentMapping mapping, FindingList findings)
    {
        if (mapping["pattern"] is not DocumentScalar { Value: string pattern } node)
        {
            findings.Error("ToleranceInvalid", mapping["pattern"] ?? mapping, "A regex tolerance must have a pattern, which is a text.");
            return;
        }

        try
        {
            _ = PythonRegex.Compile(pattern);
        }
        catch (ArgumentException exception)
        {
            findings.Error("ToleranceInvalid", node, $"The pattern is no regular expression: {exception.Message}.", "Python's rules count: https://docs.python.org/3/library/re.html .");
        }
    }

    private static void CheckPath(DocumentMapping mapping, FindingList findings)
    {
        if (mapping["path"] is not DocumentScalar { Value: string path } node || string.IsNullOrWhiteSpace(path))
        {
            findings.Error("ToleranceInvalid", mapping["path"] ?? mapping, "A jsonpath tolerance must have a path, which is a text.");
            return;
        }

        try
        {
            foreach (var (what, better) in JsonPathDialect.Remarks(JsonPath.Parse(path), path)) findings.Warning("JsonPathDialect", node, what, better);
        }
        catch (FormatException exception)
        {
            findings.Error("ToleranceInvalid", node, $"The path {path} cannot be read: {exception.Message}.", JsonPathDialect.Suggest(path));
        }
    }

    private static void CheckRange(DocumentMapping mapping, FindingList findings)
    {
        if (mapping["range"] is not DocumentSequence { Items: [var low, var high] } range)
        {
            findings.Error("ToleranceInvalid", mapping["range"] ?? mapping, "A range tolerance must have a range of two numbers.");
            return;
        }

        foreach (var bound in range.Items)
        {
            if (bound is not DocumentScalar scalar || !PythonValue.IsNumber(scalar.Value))
                findings.Error("ToleranceInvalid", bound, "A bound of a range must be a number.", "Placeholders are not filled there.");
        }

        if (PythonValue.TryCompare(DocumentValues.ToValue(low), DocumentValues.ToValue(high), out var order) && order > 0)
            findings.Warning("ToleranceImpossible", range, "The lower bound of this range is above the upper one, so nothing lies between them.", "Put the lower bound first.");
    }
}
