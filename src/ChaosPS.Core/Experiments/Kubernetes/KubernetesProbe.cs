namespace ChaosPS.Experiments.Kubernetes;

/// <summary>A probe of Kubernetes.</summary>
/// <param name="module">The Python module.</param>
/// <param name="function">The function in it.</param>
/// <param name="help">What it looks at.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="look">Looks, and returns a plain value.</param>
/// <param name="hidden">Arguments that experiments cannot give, so that they are as by default.</param>
internal sealed class KubernetesProbe(
    string module, string function, string help, ActivityArgument[] arguments, Func<KubernetesCall, CancellationToken, Task<object?>> look,
    params string[] hidden)
    : NativeActivity(module, function, ActivityKind.Probe, help, [.. arguments.Where(argument => !hidden.Contains(argument.Name))])
{
    /// <summary>The same probe under a deprecated name that needs the argument <c>name</c>.</summary>
    public KubernetesProbe DeprecatedNamed(string module, string function, params string[] without) => new(
        module, function, Help, [.. arguments.Select(static argument => argument.Name == "name" ? argument with { Required = true } : argument)], look, without)
    {
        Replacement = ToString(),
    };

    /// <summary>The same probe under its deprecated name, without the arguments that it does not have there.</summary>
    public KubernetesProbe Deprecated(string module, string function, params string[] without) =>
        new(module, function, Help, arguments, look, without) { Replacement = ToString() };

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActivityTarget>>([]);

    /// <inheritdoc/>
    internal override Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> given, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return look(KubernetesCall.Of(context, arguments, given), cancellationToken);
    }
}
