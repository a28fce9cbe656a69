using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Runs a command or a script in the PowerShell session of whoever runs the experiment. The result is what it writes.</summary>
/// <remarks>
/// Placeholders are filled in <c>arguments</c> only: in a script <c>$name</c> and <c>${name}</c> are PowerShell's own. Whatever it writes to the stream for
/// errors fails the activity.
/// </remarks>
internal sealed record PowerShellProvider(DocumentMapping Node) : ActivityProvider(Node)
{
    private static readonly string[] s_keys = ["type", "command", "script", "arguments", "timeout", "secrets"];

    /// <inheritdoc/>
    public override DocumentNode? Literal => Node["script"];

    /// <inheritdoc/>
    public override void Check(FindingList findings)
    {
        findings.UnknownKeys(Node, "a powershell provider", s_keys);
        foreach (var key in (string[])["command", "script"])
        {
            if (Node[key] is { } node and not DocumentScalar { Value: string { Length: > 0 } })
                findings.Error("WrongType", node, $"The {key} of a powershell activity must be a text that is not empty.");
        }

        if (Node["command"] is null == Node["script"] is null)
        {
            findings.Error(
                "MissingKey", Node["script"] ?? Node, "A powershell activity must have either a command or a script.",
                "Write command: Get-Service with arguments: { Name: w3svc }, or script: |");
        }

        if (Node["timeout"] is { } timeout && DocumentValues.ToValue(timeout) is not (long and > 0 and < Longest.Seconds or double and > 0 and < Longest.Seconds))
            findings.Error("WrongType", timeout, "A time-out must be a positive number of seconds, at most 24 days.");
    }

    /// <summary>Reports what the session that it would run in has to say.</summary>
    /// <param name="session">The session; null where there is none.</param>
    /// <param name="isRollback">Whether it may have to run when the session's pipeline was stopped.</param>
    /// <param name="substitution">Fills the arguments.</param>
    /// <param name="findings">Takes what is found.</param>
    public void Check(ICallerSession? session, bool isRollback, Substitution substitution, FindingList findings)
    {
        if (session is null)
        {
            findings.Error(
                "NeedsPowerShell", Node["type"]!, "A powershell activity runs in a session of PowerShell, and here is none.",
                "Run the experiment with Invoke-ChaosExperiment; or start pwsh as a program, by a process activity.");
            return;
        }

        if (Call(substitution) is not { } call) return;
        var at = Node["command"] ?? Node["script"]!;
        var review = session.Review(call);
        foreach (var problem in review.Problems) findings.Error(problem.Code, at, problem.Message, problem.Suggestion);
        foreach (var name in Substitution.Names(call.Script).Distinct().Where(substitution.Knows))
        {
            if (call.Arguments is IReadOnlyDictionary<string, object?> given && given.ContainsKey(name)) continue;
            findings.Warning(
                "PlaceholderInScript", at, $"'{name}' of the configuration is not filled in within a script: there ${name} is PowerShell's own.",
                $"Pass it: arguments: {{ {name}: \"${{{name}}}\" }}, and begin the script with param(${name}).");
        }

        if (!isRollback || review.Borrowed.Count == 0) return;
        findings.Warning(
            "NeedsSession", at, $"After Ctrl+C this rollback runs in a new session of PowerShell, which does not have {string.Join(", ", review.Borrowed)}.",
            "Pass values in arguments, and take commands from modules.");
    }

    /// <inheritdoc/>
    protected override async Task<object?> RunAsync(ActivityContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var call = Call(context.Substitution);
        if (context.Session is not { } session || call is null) throw ChaosErrors.SessionMissing(context.Activity);

        // A script lives in real time, whatever clock the run has.
        using var limit = Timeout is { } timeout ? new CancellationTokenSource(timeout, TimeProvider.System) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return PythonValue.From(await session.RunAsync(call, context.Log, both.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw limit.IsCancellationRequested ? ChaosErrors.ScriptTimeout(call, Timeout!.Value) : ChaosErrors.ScriptStopped(call);
        }
    }

    private TimeSpan? Timeout => Node["timeout"] is null ? null : DocumentValues.ToValue(Node["timeout"]!) switch
    {
        long seconds => TimeSpan.FromSeconds(seconds),
        double seconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };

    private ScriptCall? Call(Substitution substitution)
    {
        var command = (Node["command"] as DocumentScalar)?.Value as string;
        var script = (Node["script"] as DocumentScalar)?.Value as string;
        if (command is null == script is null) return null;
        return new ScriptCall(command, script, Node["arguments"] is { } arguments ? substitution.Apply(DocumentValues.ToValue(arguments)) : null);
    }
}
