namespace ChaosPS.Sandbox.Kql;

/// <summary>What a token is.</summary>
internal enum KqlTokenKind
{
    /// <summary>A name or a keyword; operators that are written as words, with their <c>!</c> and <c>~</c>, too.</summary>
    Word,

    /// <summary>A text literal; the token's text is its value.</summary>
    Text,

    /// <summary>A number literal.</summary>
    Number,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    /// <summary>The end of the query.</summary>
    End,
}

/// <summary>A token and its place.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; for a text literal, the value.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
internal readonly record struct KqlToken(KqlTokenKind Kind, string Text, int Line, int Column)
{
    /// <summary>Whether it is this symbol.</summary>
    public bool IsSymbol(string symbol) => Kind == KqlTokenKind.Symbol && Text == symbol;

    /// <summary>Whether it is this word; KQL's keywords are lower case.</summary>
    public bool IsWord(string word) => Kind == KqlTokenKind.Word && Text == word;

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        KqlTokenKind.End => "the end of the query",
        KqlTokenKind.Text => $"the text '{Text}'",
        _ => $"'{Text}'",
    };
}
