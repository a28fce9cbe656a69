using System.Diagnostics.CodeAnalysis;
using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>How a selector requirement compares.</summary>
public enum SelectorOperator
{
    /// <summary>The label's value is one of the values.</summary>
    In,

    /// <summary>The label is missing, or its value is none of the values.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is not there.</summary>
    DoesNotExist,

    /// <summary>The label's value is an integer greater than the one value (node affinity only).</summary>
    Gt,

    /// <summary>The label's value is an integer less than the one value (node affinity only).</summary>
    Lt,
}

/// <summary>One requirement on one label.</summary>
public sealed record LabelRequirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether <paramref name="labels"/> meet it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var has = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            SelectorOperator.In => has && Values.Contains(value!),
            SelectorOperator.NotIn => !has || !Values.Contains(value!),
            SelectorOperator.Exists => has,
            SelectorOperator.DoesNotExist => !has,
            SelectorOperator.Gt => Compare(value, Values) > 0,
            SelectorOperator.Lt => Compare(value, Values) < 0,
            _ => false,
        };
    }

    /// <summary>As kubectl's <c>--selector</c> takes it.</summary>
    public override string ToString() => Operator switch
    {
        SelectorOperator.In => Values.Count == 1 ? $"{Key}={Values[0]}" : $"{Key} in ({string.Join(',', Values)})",
        SelectorOperator.NotIn => Values.Count == 1 ? $"{Key}!={Values[0]}" : $"{Key} notin ({string.Join(',', Values)})",
        SelectorOperator.DoesNotExist => $"!{Key}",
        SelectorOperator.Gt => $"{Key}>{string.Join(',', Values)}",
        SelectorOperator.Lt => $"{Key}<{string.Join(',', Values)}",
        _ => Key,
    };

    private static int Compare(string? value, IReadOnlyList<string> values) =>
        values.Count == 1 && long.TryParse(value, out var left) && long.TryParse(values[0], out var right) ? left.CompareTo(right) : 0;
}

/// <summary>A label selector: all requirements must be met. Without requirements it matches everything.</summary>
public sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    /// <summary>Matches everything.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>A selector of exact labels.</summary>
    public static LabelSelector FromLabels(IEnumerable<KeyValuePair<string, string>> labels) =>
        new(labels.Select(static label => new LabelRequirement(label.Key, SelectorOperator.In, [label.Value])).ToArray());

    /// <summary>Reads a selector as kubectl's <c>--selector</c> takes it: <c>a=b,c in (x,y),!d,e!=f</c>. Empty text matches everything.</summary>
    /// <exception cref="ChaosException">It cannot be read: id <c>LabelSelectorInvalid</c>, with the place and the reason.</exception>
    public static LabelSelector Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LabelSelectorParser(text).Parse();
    }

    /// <summary>Reads a selector as <see cref="Parse"/> does, without the reason when it cannot be read.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LabelSelector? selector)
    {
        try
        {
            selector = text is null ? null : Parse(text);
        }
        catch (ChaosException)
        {
            selector = null;
        }

        return selector is not null;
    }

    /// <summary>Whether <paramref name="labels"/> meet all requirements.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels)) return false;
        }

        return true;
    }

    /// <summary>As kubectl's <c>--selector</c> takes it; empty for everything.</summary>
    public override string ToString() => string.Join(',', Requirements);
}
