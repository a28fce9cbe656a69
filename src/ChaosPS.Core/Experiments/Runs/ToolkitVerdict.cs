using ChaosPS.Errors;

namespace ChaosPS.Experiments.Runs;

/// <summary>What the Chaos Toolkit makes of a run: status, deviation, rollbacks, exit code.</summary>
/// <remarks>As chaoslib 1.45.0's runner does it, held against recorded runs of it.</remarks>
internal sealed class ToolkitVerdict
{
    /// <summary>The failures of an activity that are Python exceptions of another kind than ActivityFailed there: they end what is being played.</summary>
    private static readonly string[] s_crashes =
    [
        "HttpUrlInvalid", "HttpHeaderInvalid", "HttpTimeoutInvalid", "HttpArgumentsInvalid", "HttpBodyInvalid", "HttpRedirectsEndless", "ProgramNotFound", "ProgramNotStarted",
        "ActivityInvalid",
    ];

    private string? _status;
    private bool _crashed;

    /// <summary>The status: <c>completed</c>, <c>failed</c>, <c>aborted</c> or <c>interrupted</c>.</summary>
    public string Status => _crashed ? "aborted" : _status ?? "completed";

    /// <summary>Whether the hypothesis after the method was not met.</summary>
    public bool Deviated { get; private set; }

    /// <summary>1 unless the run completed and did not deviate.</summary>
    public int ExitCode => Status == "completed" && !Deviated ? 0 : 1;

    /// <summary>Whether something crashed where nothing catches it.</summary>
    public bool HasCrashed => _crashed;

    /// <summary>Whether the hypothesis after the method is still to be checked.</summary>
    public bool GoesOnAfterMethod => _status is not ("interrupted" or "aborted") && !_crashed;

    /// <summary>Whether the next activity of the method is played.</summary>
    public bool GoesOn => _status is null && !_crashed;

    /// <summary>Whether a failure of an activity crashes the runner there.</summary>
    public static bool IsCrash(Exception exception) =>
        exception is ChaosException chaos ? s_crashes.Contains(chaos.ErrorId) : exception is not OperationCanceledException;

    /// <summary>The hypothesis was not met before the method.</summary>
    public void NotMetBefore(bool probeFailed) => _status = probeFailed ? "failed" : null;

    /// <summary>The hypothesis was not met while the method was played, and that was to end the run.</summary>
    public void FailFast() => _status = "failed";

    /// <summary>The method, or the hypothesis beside it, crashed.</summary>
    public void MethodCrashed() => _status = "aborted";

    /// <summary>Something crashed where nothing catches it: there is no rollback after it.</summary>
    public void Crashed() => _crashed = true;

    /// <summary>The run was interrupted.</summary>
    public void Interrupted() => _status = "interrupted";

    /// <summary>A tolerance of the method was not met. There, none is looked at; what is called deviated is the same.</summary>
    public void NotMetInMethod() => Deviated = true;

    /// <summary>The hypothesis was not met after the method.</summary>
    public void NotMetAfter(bool probeFailed)
    {
        Deviated = true;
        _status = probeFailed ? "failed" : "completed";
    }
}
