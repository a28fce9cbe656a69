using ChaosPS.Azure;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Azure;

/// <summary>Who asks Azure for an activity, and in which subscription: as the experiment says, and else as whoever has started the run.</summary>
/// <remarks>
/// The names are those of the extension for Azure. Secrets count where the provider lists their scope; of several scopes the later one counts. What
/// was signed in for one activity is used for the others of the same scopes, and for the undo of what they have changed.
/// </remarks>
/// <param name="connection">The run's connection.</param>
/// <param name="secrets">The secrets' values by scope and key.</param>
/// <param name="log">Says who asks.</param>
internal sealed class AzureAskers(ChaosConnection connection, IReadOnlyDictionary<string, object?> secrets, IChaosLog log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Scopes, string? Subscription), ChaosConnection> _made = [];

    /// <summary>The connection that an activity works through.</summary>
    /// <param name="provider">The activity's provider.</param>
    /// <param name="substitution">Has the configuration, which may name the subscription.</param>
    public ChaosConnection For(NativeProvider provider, Substitution substitution)
    {
        if (!AzureValidation.IsOf(provider.Activity.Module)) return connection;
        string[] scopes = [.. ClusterSecrets.Scopes(provider.Node)];
        var subscription = Subscription(substitution.Configuration);
        lock (_lock)
        {
            var key = (string.Join('\n', scopes), subscription);
            return _made.TryGetValue(key, out var made) ? made : _made[key] = Make(scopes, subscription);
        }
    }

    private ChaosConnection Make(string[] scopes, string? subscription)
    {
        var merged = new Dictionary<string, object?>();
        foreach (var scope in scopes)
        {
            if (secrets.GetValueOrDefault(scope) is not IReadOnlyDictionary<string, object?> values)
            {
                log.Write(ChaosLogLevel.Warning, $"The experiment has no secrets '{scope}': Azure is asked as whoever has started the run, in {connection.Power.ScopeOf(subscription ?? connection.SubscriptionId)}.");
                continue;
            }

            foreach (var (name, value) in values) merged[name] = value;
        }

        var asker = AzureSecrets.Read(merged);
        if (connection.AzureFor is null)
        {
            if (asker is not null) log.Write(ChaosLogLevel.Verbose, $"{connection.Name} takes everybody for who the secrets {string.Join(", ", scopes)} say.");
            return connection;
        }

        var made = connection.For(asker, subscription);
        if (asker is not null) log.Write(ChaosLogLevel.Verbose, $"Azure is asked by whom the secrets {string.Join(", ", scopes)} name, in {Scope(made)}.");
        if (subscription is not null) log.Write(ChaosLogLevel.Verbose, $"Machines are looked for in {Scope(made)}, which the configuration names.");
        return made;

        AzureScope Scope(ChaosConnection asked) => asked.Power.ScopeOf(subscription ?? connection.SubscriptionId);
    }

    /// <summary>The subscription that the configuration names: <c>azure_subscription_id</c>, or as it was before, <c>azure: {subscription_id: …}</c>.</summary>
    public static string? Subscription(IReadOnlyDictionary<string, object?> configuration) =>
        Text(configuration.GetValueOrDefault("azure_subscription_id"))
        ?? (configuration.GetValueOrDefault("azure") is IReadOnlyDictionary<string, object?> azure ? Text(azure.GetValueOrDefault("subscription_id")) : null);

    private static string? Text(object? value) => value is string { Length: > 0 } text ? text : null;
}
