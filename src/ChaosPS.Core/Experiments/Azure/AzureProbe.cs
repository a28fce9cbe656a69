using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>A probe of the extension for Azure: it reads what a filter matches, or everything of its kind.</summary>
/// <param name="module">The Python module.</param>
/// <param name="function">The function in it.</param>
/// <param name="help">What it looks at.</param>
/// <param name="what">What the filter is for.</param>
/// <param name="look">Looks, and returns a plain value.</param>
internal sealed class AzureProbe(
    string module, string function, string help, string what, Func<INodePower, string?, CancellationToken, Task<object?>> look)
    : NativeActivity(module, function, ActivityKind.Probe, help, AzureTargets.Filter(what, "shop"))
{
    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActivityTarget>>([]);

    /// <inheritdoc/>
    internal override Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var filter = arguments.GetValueOrDefault("filter") is { } given && PythonValue.Text(given) is { Length: > 0 } text ? text : null;
        return look(context.Connection.Power, filter, cancellationToken);
    }
}
