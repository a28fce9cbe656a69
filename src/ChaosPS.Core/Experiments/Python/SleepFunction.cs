using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Python;

/// <summary><c>time.sleep</c>, on the clock of the run. Python's own takes its argument without a name, so both that its documentation has used are taken.</summary>
internal sealed class SleepFunction() : NativeActivity("time", "sleep", ActivityKind.Action, "Waits. A pause of an activity does the same.", s_newer)
{
    private static readonly ActivityArgument s_newer = new("secs", ArgumentType.Number, true, "for how many seconds.");
    private static readonly ActivityArgument s_older = s_newer with { Name = "seconds" };

    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentCheck.Check(Function, [Named(name => (provider["arguments"] as DocumentMapping)?[name] is not null)], provider, findings);
    }

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActivityTarget>>([]);

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var argument = Named(arguments.ContainsKey);
        var given = new ActivityArguments(context.Activity, [argument], arguments).Value(argument.Name);
        if (ArgumentTypes.ToNumber(given) is not (>= 0 and < Longest.Seconds and var seconds))
            throw ChaosErrors.ArgumentInvalid(context.Activity, argument.Name, "a number of seconds, 0 or more and at most 24 days", PythonValue.Repr(given));
        await context.Connection.Time.DelayAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
        return null;
    }

    /// <summary>The name that is used.</summary>
    private static ActivityArgument Named(Func<string, bool> isGiven) => isGiven(s_older.Name) && !isGiven(s_newer.Name) ? s_older : s_newer;
}
