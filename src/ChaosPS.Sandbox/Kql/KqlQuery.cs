using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kql;

/// <summary>A query that was read: a table and the operators that its rows flow through.</summary>
/// <param name="Operators">In their order.</param>
internal sealed record KqlQuery(IReadOnlyList<KqlOperator> Operators)
{
    /// <summary>Runs it. The rows are not changed.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="random">What <c>sample</c> draws from.</param>
    public IReadOnlyList<JsonObject> Run(IReadOnlyList<JsonObject> rows, Random random)
    {
        foreach (var step in Operators) rows = step.Apply(rows, random);
        return rows;
    }
}

/// <summary>A step of a query.</summary>
internal abstract record KqlOperator
{
    /// <summary>The rows that come out of it.</summary>
    public abstract IReadOnlyList<JsonObject> Apply(IReadOnlyList<JsonObject> rows, Random random);
}

/// <summary><c>where</c>: the rows that meet a condition.</summary>
internal sealed record KqlWhere(KqlCondition Condition) : KqlOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Apply(IReadOnlyList<JsonObject> rows, Random random) => [.. rows.Where(Condition.Holds)];
}

/// <summary><c>project</c>: the named columns only, in their order.</summary>
internal sealed record KqlProject(IReadOnlyList<(string Name, KqlPath Path)> Columns) : KqlOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Apply(IReadOnlyList<JsonObject> rows, Random random) =>
        [.. rows.Select(row => new JsonObject(Columns.Select(column => KeyValuePair.Create(column.Name, column.Path.Read(row)?.DeepClone()))))];
}

/// <summary><c>take</c>: the first rows.</summary>
internal sealed record KqlTake(int Count) : KqlOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Apply(IReadOnlyList<JsonObject> rows, Random random) => [.. rows.Take(Count)];
}

/// <summary><c>sample</c>: some rows by chance.</summary>
internal sealed record KqlSample(int Count) : KqlOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Apply(IReadOnlyList<JsonObject> rows, Random random)
    {
        JsonObject[] shuffled = [.. rows];
        random.Shuffle(shuffled);
        return [.. shuffled.Take(Count)];
    }
}
