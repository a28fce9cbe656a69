using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Which cluster the secrets of Kubernetes activities name.</summary>
/// <remarks>
/// A run works on the cluster that it is connected to, with that connection's credentials: what limits it, marks it and puts it back is there. An
/// experiment that names another one is refused, and one that names this one runs as it is. A sandbox stands in for every cluster.
/// In the original, secrets count in the provider only; here those that stand on the activity are looked at too, for its documentation puts
/// them there.
/// </remarks>
internal static class ClusterSecrets
{
    private const string Modules = "chaosk8s.";
    private const string Context = "KUBERNETES_CONTEXT";
    private const string Host = "KUBERNETES_HOST";

    /// <summary>Refuses an experiment that names another cluster than the connection's.</summary>
    /// <exception cref="ChaosException">Id <c>OtherClusterNamed</c>.</exception>
    public static void Check(Experiment experiment, IReadOnlyDictionary<string, object?> secrets, ChaosConnection connection, IChaosLog? log)
    {
        foreach (var activity in experiment.ActivitiesAndGuards)
        {
            if (activity.Provider is not NativeProvider provider || !provider.Activity.Module.StartsWith(Modules, StringComparison.Ordinal)) continue;
            foreach (var scope in Scopes(provider.Node).Concat(Scopes(activity.Node)).Distinct())
            {
                if (secrets.GetValueOrDefault(scope) is not IReadOnlyDictionary<string, object?> values) continue;
                Compare(Context, values, connection.Name, StringComparison.Ordinal);
                Compare(Host, values, connection.Server, StringComparison.OrdinalIgnoreCase);
            }

            void Compare(string key, IReadOnlyDictionary<string, object?> values, string connected, StringComparison comparison)
            {
                if (values.GetValueOrDefault(key) is not string { Length: > 0 } named || string.Equals(named.TrimEnd('/'), connected, comparison)) return;
                if (connection.Kind != ConnectionKind.Sandbox) throw ChaosErrors.OtherClusterNamed(activity.Name, key, named, connected);
                log?.Write(ChaosLogLevel.Verbose, $"'{activity.Name}' names a cluster in {key}: sandbox {connection.Name} stands in for it.");
            }
        }
    }

    /// <summary>The scopes of secrets that a provider or an activity lists.</summary>
    public static IEnumerable<string> Scopes(DocumentMapping node) =>
        (node["secrets"] as DocumentSequence)?.Items.OfType<DocumentScalar>().Select(static item => item.Value).OfType<string>() ?? [];
}
