namespace ChaosPS.Errors;

/// <summary>Every failure that ChaosPS foresees: what failed, on what, why, and what to do next.</summary>
/// <remarks>Made by <see cref="ChaosErrors"/> only, so that each failure has one id and one text.</remarks>
public sealed class ChaosException : Exception
{
    internal ChaosException(string errorId, ErrorKind kind, string message, string? recommendedAction, object? target, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Kind = kind;
        RecommendedAction = recommendedAction;
        Target = target;
    }

    /// <summary>A stable PascalCase id, such as <c>NodeNotFound</c>: what scripts may test for.</summary>
    public string ErrorId { get; }

    /// <summary>The sort of failure.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The first line of the message, for where it is only the reason of something else; some messages go on with what was tried.</summary>
    public string Summary => Message.Split('\n', 2)[0];

    /// <summary>What the user can do about it; null when nothing useful can be said.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The thing that the failure is about.</summary>
    public object? Target { get; }
}
