namespace ChaosPS.Experiments.Python;

/// <summary>A function of Python's library that changes nothing.</summary>
/// <param name="module">The module.</param>
/// <param name="function">The function in it.</param>
/// <param name="help">What it tells.</param>
/// <param name="arguments">Its arguments, by Python's names.</param>
/// <param name="call">Calls it, and returns a plain value.</param>
internal sealed class PythonFunction(
    string module, string function, string help, ActivityArgument[] arguments, Func<PythonCall, object?> call)
    : NativeActivity(module, function, ActivityKind.Probe, help, arguments)
{
    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActivityTarget>>([]);

    /// <inheritdoc/>
    internal override Task<object?> RunAsync(ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(PythonErrors.Heed(
            () => call(new PythonCall(new ActivityArguments(context.Activity, Arguments, arguments), context)), arguments.GetValueOrDefault("path") as string));
    }
}
