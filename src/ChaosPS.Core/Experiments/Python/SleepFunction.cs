using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Python;

/// <summary><c>time.sleep</c>, on the clock of the run. Python's own takes its argument without a name, so both that its documentation has used are taken.</summary>
internal sealed class SleepFunction() : NativeActivity(
    "time", "sleep", ActivityKind.Action, "Waits. A pause of an activity does the same.",
    new ActivityArgument("secs", ArgumentType.Number, false, "for how many seconds."),
    new ActivityArgument("seconds", ArgumentType.Number, false, "the same."))
{
    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        if (provider["arguments"] is not DocumentMapping arguments || (arguments["secs"] ?? arguments["seconds"]) is null)
            findings.Error("MissingArgument", provider["arguments"] ?? provider, "sleep needs the argument 'secs': for how many seconds.");
    }

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActivityTarget>>([]);

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var given = new ActivityArguments(context.Activity, Arguments, arguments);
        var seconds = ArgumentTypes.ToNumber(given.Value("secs") ?? given.Value("seconds"));
        if (seconds is not (>= 0 and < Longest.Seconds))
            throw ChaosErrors.ArgumentInvalid(context.Activity, "secs", "a number of seconds, 0 or more and at most 24 days", PythonValue.Repr(given.Value("secs") ?? given.Value("seconds")));
        await context.Connection.Time.DelayAsync(TimeSpan.FromSeconds(seconds.Value), cancellationToken);
        return null;
    }
}
