using System.Globalization;

namespace ChaosPS.Sandbox.Kql;

/// <summary>Reads the part of KQL that selecting resources takes; refuses everything else by name and position.</summary>
/// <remarks>
/// <code>
/// query     := table ('|' operator)*
/// operator  := 'where' or | 'project' column (',' column)* | ('take' | 'limit' | 'sample') number
/// column    := path | name '=' path
/// or        := and ('or' and)*
/// and       := unary ('and' unary)*
/// unary     := 'not' '(' or ')' | '(' or ')' | operand relation operand | operand ('in' | 'in~' | '!in' | '!in~') '(' operand (',' operand)* ')'
/// operand   := text | number | 'true' | 'false' | path
/// path      := name ('.' name | '[' (text | number) ']')*
/// </code>
/// Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language .
/// </remarks>
internal sealed class KqlParser
{
    /// <summary>Deeper nesting is refused, so that no query can exhaust the stack.</summary>
    private const int MaxDepth = 100;

    private static readonly Dictionary<string, (KqlRelation Relation, bool Negated)> s_relations = new()
    {
        ["=="] = (KqlRelation.Equal, false),
        ["!="] = (KqlRelation.Equal, true),
        ["=~"] = (KqlRelation.EqualIgnoringCase, false),
        ["!~"] = (KqlRelation.EqualIgnoringCase, true),
        ["contains"] = (KqlRelation.Contains, false),
        ["!contains"] = (KqlRelation.Contains, true),
        ["contains_cs"] = (KqlRelation.ContainsWithCase, false),
        ["!contains_cs"] = (KqlRelation.ContainsWithCase, true),
        ["startswith"] = (KqlRelation.StartsWith, false),
        ["!startswith"] = (KqlRelation.StartsWith, true),
        ["startswith_cs"] = (KqlRelation.StartsWithCase, false),
        ["!startswith_cs"] = (KqlRelation.StartsWithCase, true),
        ["endswith"] = (KqlRelation.EndsWith, false),
        ["!endswith"] = (KqlRelation.EndsWith, true),
        ["endswith_cs"] = (KqlRelation.EndsWithCase, false),
        ["!endswith_cs"] = (KqlRelation.EndsWithCase, true),
    };

    private static readonly Dictionary<string, (KqlRelation Relation, bool Negated)> s_memberships = new()
    {
        ["in"] = (KqlRelation.Equal, false),
        ["!in"] = (KqlRelation.Equal, true),
        ["in~"] = (KqlRelation.EqualIgnoringCase, false),
        ["!in~"] = (KqlRelation.EqualIgnoringCase, true),
    };

    private readonly IReadOnlyList<KqlToken> _tokens;
    private HashSet<string> _columns;
    private int _next;
    private int _depth;

    private KqlParser(IReadOnlyList<KqlToken> tokens, IEnumerable<string> columns)
    {
        _tokens = tokens;
        _columns = [.. columns];
    }

    private KqlToken Current => _tokens[_next];

    /// <summary>Reads a query.</summary>
    /// <param name="query">Its text.</param>
    /// <param name="table">The one table that there is; its name is compared without case, as Resource Graph does.</param>
    /// <param name="columns">The table's columns.</param>
    /// <exception cref="KqlException">The query is not of this subset.</exception>
    public static KqlQuery Parse(string query, string table, IEnumerable<string> columns) =>
        new KqlParser(KqlTokenizer.Read(query), columns).Query(table);

    private KqlQuery Query(string table)
    {
        var name = Take();
        if (name.Kind != KqlTokenKind.Word || !name.Text.Equals(table, StringComparison.OrdinalIgnoreCase))
        {
            throw Unexpected(name, $"the table {table}");
        }

        var operators = new List<KqlOperator>();
        while (Current.Kind != KqlTokenKind.End)
        {
            Expect("|");
            operators.Add(Operator());
        }

        return new KqlQuery(operators);
    }

    private KqlOperator Operator()
    {
        var token = Take();
        return token switch
        {
            { Kind: KqlTokenKind.Word, Text: "where" } => new KqlWhere(Or()),
            { Kind: KqlTokenKind.Word, Text: "project" } => Project(),
            { Kind: KqlTokenKind.Word, Text: "take" or "limit" } => new KqlTake(Count()),
            { Kind: KqlTokenKind.Word, Text: "sample" } => new KqlSample(Count()),
            _ => throw Unexpected(token, "an operator that the sandbox knows: where, project, take, limit, sample"),
        };
    }

    private KqlProject Project()
    {
        var columns = new List<(string Name, KqlPath Path)>();
        do
        {
            // A name before '=' is a new one; only a name without '=' must be a column.
            var first = Current;
            var path = Path(Take(), isColumn: false);
            var name = path.ColumnName;
            if (path.Steps.Count == 1 && Current.IsSymbol("="))
            {
                _next++;
                path = Path(Take(), isColumn: true);
            }
            else
            {
                RequireColumn(first);
            }

            if (columns.Exists(column => column.Name == name)) throw new KqlException($"The column '{name}' is there twice.", first);
            columns.Add((name, path));
        }
        while (TakeIf(","));

        _columns = [.. columns.Select(column => column.Name)];
        return new KqlProject(columns);
    }

    private int Count()
    {
        var token = Take();
        return token.Kind == KqlTokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw Unexpected(token, "a whole number");
    }

    private KqlCondition Or()
    {
        if (++_depth > MaxDepth) throw new KqlException($"The condition is nested deeper than {MaxDepth} levels.", Current);
        var conditions = new List<KqlCondition>();
        do
        {
            conditions.Add(And());
        }
        while (TakeIfWord("or"));

        _depth--;
        return conditions is [var one] ? one : new KqlOr(conditions);
    }

    private KqlCondition And()
    {
        var conditions = new List<KqlCondition>();
        do
        {
            conditions.Add(Unary());
        }
        while (TakeIfWord("and"));

        return conditions is [var one] ? one : new KqlAnd(conditions);
    }

    private KqlCondition Unary()
    {
        if (TakeIfWord("not")) return new KqlNot(InBrackets());
        return Current.IsSymbol("(") ? InBrackets() : Comparison();
    }

    private KqlCondition InBrackets()
    {
        Expect("(");
        var condition = Or();
        Expect(")");
        return condition;
    }

    private KqlComparison Comparison()
    {
        var left = Operand();
        var token = Take();
        if (token.Kind is KqlTokenKind.Word or KqlTokenKind.Symbol)
        {
            if (s_relations.TryGetValue(token.Text, out var relation)) return new KqlComparison(left, relation.Relation, relation.Negated, [Operand()]);
            if (s_memberships.TryGetValue(token.Text, out var membership)) return new KqlComparison(left, membership.Relation, membership.Negated, List());
        }

        throw Unexpected(token, "a comparison that the sandbox knows: == != =~ !~ in in~ !in !in~ contains startswith endswith (also with ! and _cs)");
    }

    private List<KqlOperand> List()
    {
        Expect("(");
        var operands = new List<KqlOperand>();
        do
        {
            operands.Add(Operand());
        }
        while (TakeIf(","));

        Expect(")");
        return operands;
    }

    private KqlOperand Operand()
    {
        var token = Take();
        return token switch
        {
            { Kind: KqlTokenKind.Text or KqlTokenKind.Number } => new KqlLiteral(token.Text),
            { Kind: KqlTokenKind.Word, Text: "true" or "false" } => new KqlLiteral(token.Text),
            { Kind: KqlTokenKind.Word } => Path(token, isColumn: true),
            _ => throw Unexpected(token, "a column or a value"),
        };
    }

    private KqlPath Path(KqlToken first, bool isColumn)
    {
        if (first.Kind != KqlTokenKind.Word) throw Unexpected(first, "a column");
        if (Current.IsSymbol("(")) throw new KqlException($"The sandbox does not know the function '{first.Text}'.", first);
        if (isColumn) RequireColumn(first);

        var steps = new List<KqlPathStep> { new(first.Text) };
        while (true)
        {
            if (TakeIf("."))
            {
                var name = Take();
                steps.Add(name.Kind == KqlTokenKind.Word ? new KqlPathStep(name.Text) : throw Unexpected(name, "a name"));
            }
            else if (TakeIf("["))
            {
                if (Current.Kind == KqlTokenKind.Number) steps.Add(new KqlPathStep(null, Count()));
                else if (Current.Kind == KqlTokenKind.Text) steps.Add(new KqlPathStep(Take().Text));
                else throw Unexpected(Current, "a name in quotes or an index");
                Expect("]");
            }
            else
            {
                return new KqlPath(steps);
            }
        }
    }

    private void RequireColumn(KqlToken name)
    {
        if (!_columns.Contains(name.Text))
        {
            throw new KqlException($"There is no column '{name.Text}' here; there are: {string.Join(", ", _columns)}.", name);
        }
    }

    private KqlToken Take()
    {
        var token = Current;
        if (token.Kind != KqlTokenKind.End) _next++;
        return token;
    }

    private bool TakeIf(string symbol)
    {
        if (!Current.IsSymbol(symbol)) return false;
        _next++;
        return true;
    }

    private bool TakeIfWord(string word)
    {
        if (!Current.IsWord(word)) return false;
        _next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TakeIf(symbol)) throw Unexpected(Current, $"'{symbol}'");
    }

    private static KqlException Unexpected(KqlToken token, string expected) => new($"Found {token} where {expected} should be.", token);
}
