using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>The probes of whether a workload has all pods that it wants.</summary>
/// <param name="module">The Python module.</param>
/// <param name="resource">The workload's kind.</param>
/// <param name="wanted">How many pods it wants.</param>
/// <param name="ready">How many are ready.</param>
/// <param name="available">How many count as available.</param>
internal sealed class Availability(
    string module, ApiResource resource, Func<JsonElement, long> wanted, Func<JsonElement, long> ready, Func<JsonElement, long> available)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Of a kind that has <c>spec.replicas</c>.</summary>
    public static Availability OfReplicas(string module, ApiResource resource) => new(
        module, resource, static item => item.Number("spec", "replicas") ?? 1, static item => item.Count("status", "readyReplicas"),
        static item => item.Count("status", "availableReplicas"));

    /// <summary>Of daemon sets.</summary>
    public static Availability OfDaemons(string module, ApiResource resource) => new(
        module, resource, static item => item.Count("status", "desiredNumberScheduled"), static item => item.Count("status", "numberReady"),
        static item => item.Count("status", "numberReady"));

    /// <summary>All wanted pods are available.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="raise">The flag that makes it fail rather than return false; null where there is none.</param>
    public KubernetesProbe Healthy(string function, string? raise) => Now(
        function, raise, $"Whether a {resource.Kind} has all pods that it wants.", item => available(item) == wanted(item),
        item => $"is not healthy: {available(item)} of {wanted(item)} pods are available");

    /// <summary>At least one pod is available.</summary>
    public KubernetesProbe Partial(string function, string? raise) => Now(
        function, raise, $"Whether a {resource.Kind} has at least one available pod.", item => available(item) >= 1,
        item => $"is not healthy: none of {wanted(item)} pods is available");

    /// <summary>Waits until all wanted pods are ready, or until some are not.</summary>
    public KubernetesProbe Wait(string function, string? raise, bool full) => new(
        module, function,
        full ? $"Waits until all pods that a {resource.Kind} wants are ready." : $"Waits until a {resource.Kind} lacks a pod that it wants.",
        Arguments(raise, Argument.Timeout),
        async (call, token) =>
        {
            var name = call.Arguments.Text("name");
            var timeout = TimeSpan.FromSeconds(call.Arguments.Number("timeout"));
            var began = call.Connection.Time.GetUtcNow();
            while (true)
            {
                var found = await FindAsync(call, name, token);
                if (found.Count > 0 && found.All(item => ready(item) == wanted(item) == full)) return true;
                if (call.Connection.Time.GetUtcNow() - began < timeout)
                {
                    await call.Connection.Time.DelayAsync(s_interval, token);
                    continue;
                }

                var state = found.Count == 0 ? "it is not there" : $"{ready(found[0])} of {wanted(found[0])} pods are ready";
                return Otherwise(call, raise, $"{resource.Kind} '{name}' failed to {(full ? "recover" : "stop running")} within {timeout.TotalSeconds:0}s: {state}");
            }
        });

    private KubernetesProbe Now(string function, string? raise, string help, Func<JsonElement, bool> isSo, Func<JsonElement, string> otherwise) => new(
        module, function, help, Arguments(raise),
        async (call, token) =>
        {
            var name = call.Arguments.Text("name");
            var found = await FindAsync(call, name, token);
            if (found.Count == 0) return Otherwise(call, raise, $"{resource.Kind} '{name}' was not found in namespace '{call.Namespace}'");
            return found.All(isSo) ? true : Otherwise(call, raise, $"{resource.Kind} '{name}' {otherwise(found.First(item => !isSo(item)))}");
        });

    private Task<IReadOnlyList<JsonElement>> FindAsync(KubernetesCall call, string name, CancellationToken cancellationToken) => call.FindAllAsync(
        resource, name, call.Arguments.OptionalText("label_selector")?.Replace("{name}", name, StringComparison.Ordinal), cancellationToken);

    private ActivityArgument[] Arguments(string? raise, params ActivityArgument[] more) =>
    [
        Argument.Name(resource.Kind), Argument.Namespace, Argument.LabelSelector, .. more,
        .. raise is null ? Array.Empty<ActivityArgument>() : [Argument.Raise(raise)],
    ];

    /// <summary>A flag that a deprecated name of the probe does not have is as by default.</summary>
    private static bool Otherwise(KubernetesCall call, string? raise, string why) =>
        raise is not null && call.Arguments.Flag(raise) ? throw ChaosErrors.ProbeFailed(why) : false;
}
