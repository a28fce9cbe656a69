using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kql;

/// <summary>A condition on a row.</summary>
internal abstract record KqlCondition
{
    /// <summary>Whether the row meets it.</summary>
    public abstract bool Holds(JsonObject row);
}

/// <summary>All of them.</summary>
internal sealed record KqlAnd(IReadOnlyList<KqlCondition> Operands) : KqlCondition
{
    /// <inheritdoc/>
    public override bool Holds(JsonObject row) => Operands.All(operand => operand.Holds(row));
}

/// <summary>At least one of them.</summary>
internal sealed record KqlOr(IReadOnlyList<KqlCondition> Operands) : KqlCondition
{
    /// <inheritdoc/>
    public override bool Holds(JsonObject row) => Operands.Any(operand => operand.Holds(row));
}

/// <summary>The opposite.</summary>
internal sealed record KqlNot(KqlCondition Operand) : KqlCondition
{
    /// <inheritdoc/>
    public override bool Holds(JsonObject row) => !Operand.Holds(row);
}

/// <summary>A comparison of a value with one of several others.</summary>
/// <remarks>
/// A missing value compares as the empty text. Text compares by its characters, so a number and the text of the same number are equal.
/// </remarks>
internal sealed record KqlComparison(KqlOperand Left, KqlRelation Relation, bool Negated, IReadOnlyList<KqlOperand> Right) : KqlCondition
{
    /// <inheritdoc/>
    public override bool Holds(JsonObject row)
    {
        var left = Left.Text(row);
        foreach (var right in Right)
        {
            if (Matches(left, Relation, right.Text(row))) return !Negated;
        }

        return Negated;
    }

    private static bool Matches(string left, KqlRelation relation, string right) => relation switch
    {
        KqlRelation.Equal => left == right,
        KqlRelation.EqualIgnoringCase => left.Equals(right, StringComparison.OrdinalIgnoreCase),
        KqlRelation.Contains => left.Contains(right, StringComparison.OrdinalIgnoreCase),
        KqlRelation.ContainsWithCase => left.Contains(right, StringComparison.Ordinal),
        KqlRelation.StartsWith => left.StartsWith(right, StringComparison.OrdinalIgnoreCase),
        KqlRelation.StartsWithCase => left.StartsWith(right, StringComparison.Ordinal),
        KqlRelation.EndsWith => left.EndsWith(right, StringComparison.OrdinalIgnoreCase),
        KqlRelation.EndsWithCase => left.EndsWith(right, StringComparison.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, "Unknown relation."),
    };
}

/// <summary>How two values compare.</summary>
internal enum KqlRelation
{
    /// <summary><c>==</c>, <c>in</c>.</summary>
    Equal,

    /// <summary><c>=~</c>, <c>in~</c>.</summary>
    EqualIgnoringCase,

    /// <summary><c>contains</c>, which ignores case.</summary>
    Contains,

    /// <summary><c>contains_cs</c>.</summary>
    ContainsWithCase,

    /// <summary><c>startswith</c>, which ignores case.</summary>
    StartsWith,

    /// <summary><c>startswith_cs</c>.</summary>
    StartsWithCase,

    /// <summary><c>endswith</c>, which ignores case.</summary>
    EndsWith,

    /// <summary><c>endswith_cs</c>.</summary>
    EndsWithCase,
}
