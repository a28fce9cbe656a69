using ChaosPS.Azure;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Azure.Identity;

namespace ChaosPS.Providers.Azure;

/// <summary>The way to Azure: which cloud, who asks, in which subscription. Nothing is read and nobody asked before something of Azure is wanted.</summary>
/// <param name="source">Where the token is to come from.</param>
/// <param name="environment">Reads the environment.</param>
/// <param name="server">The API server's address: that of an AKS cluster tells the cloud.</param>
/// <param name="cluster">The cluster: its nodes tell the subscription.</param>
/// <param name="time">The clock.</param>
/// <param name="secrets">Who an experiment says asks; null for <paramref name="source"/>.</param>
/// <param name="subscription">The subscription that an experiment says to look in; null for what tells it otherwise.</param>
/// <param name="handler">Answers in the place of Azure and of who gives tokens; null for the network.</param>
internal sealed class AzureAccess(
    AzureTokenSource source, Func<string, string?> environment, string server, ICluster cluster, TimeProvider time,
    AzureSecrets? secrets = null, string? subscription = null, HttpMessageHandler? handler = null)
{
    private const string SubscriptionVariable = "AZURE_SUBSCRIPTION_ID";
    private const string TenantVariable = "AZURE_TENANT_ID";

    private readonly Lock _lock = new();
    private AuthFile? _file;
    private bool _fileRead;
    private AzureSignIn? _signIn;
    private Arm? _arm;

    /// <summary>The cloud: as the secrets, the auth file or the environment say; else the one that the API server is in.</summary>
    /// <exception cref="ChaosException">There is no such cloud, or the auth file cannot be used.</exception>
    public AzureCloud Cloud =>
        secrets?.AzureCloud is { } named ? Find(named)
        : UsesFile && File is { } file ? file.Cloud
        : Read("AZURE_CLOUD") is { } variable ? Find(variable)
        : Read("AZURE_AUTHORITY_HOST") is { } host && Uri.TryCreate(host, UriKind.Absolute, out var authority) ? AzureCloud.Of(authority, null, null)
        : AksServer.CloudOf(server, out _) is { } cloud ? Find(cloud)
        : AzureCloud.Public;

    /// <summary>The Resource Manager.</summary>
    /// <exception cref="ChaosException">There is no such cloud, or the auth file cannot be used.</exception>
    public Arm Arm
    {
        get
        {
            lock (_lock) return _arm ??= ArmClients.ForAzure(Cloud, SignIn, time, handler);
        }
    }

    /// <summary>The machines, and what Azure knows besides.</summary>
    public (INodePower Power, IAzurePlatform Azure) Open() =>
        (new AzureNodePower(() => Arm, GetSubscriptionsAsync, time), new AzurePlatform(() => Arm, GetAccountAsync, time));

    /// <summary>Who asks.</summary>
    /// <exception cref="ChaosException">Nobody does: id <c>AzureSignInFailed</c>.</exception>
    public Task<AzureAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return SignIn.GetAccountAsync(cancellationToken);
    }

    /// <summary>The subscriptions to look in: the one that the experiment, the environment or the auth file names, else those that the cluster's machines are in.</summary>
    /// <exception cref="ChaosException">Nothing tells one: id <c>SubscriptionUnknown</c>.</exception>
    public async Task<IReadOnlyList<string>> GetSubscriptionsAsync(CancellationToken cancellationToken)
    {
        if ((Named ?? (UsesFile ? File?.SubscriptionId : null)) is { } named) return [named];
        var nodes = await cluster.GetNodesAsync(cancellationToken);
        string[] found = [.. nodes.Select(static node => node.SubscriptionId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return found.Length > 0 ? found : throw ChaosErrors.SubscriptionUnknown((await cluster.GetIdentityAsync(cancellationToken)).Name, Arm.ScopeOf(null));
    }

    private AzureSignIn SignIn => _signIn ??= MakeSignIn();

    /// <summary>Whoever names another source does not mean the file, and is not kept from it by a file that cannot be read.</summary>
    private bool UsesFile => source is AzureTokenSource.Default or AzureTokenSource.AuthFile;

    private AuthFile? File
    {
        get
        {
            if (!_fileRead) (_file, _fileRead) = (AuthFile.Find(environment, Named), true);
            return _file;
        }
    }

    /// <summary>The subscription that somebody names, the auth file aside.</summary>
    private string? Named => subscription ?? Read(SubscriptionVariable);

    private AzureCloud Find(string name) => AzureCloud.Find(name)
        ?? throw ChaosErrors.AzureCloudUnknown(new AzureScope(Named, name, secrets?.TenantId ?? Read(TenantVariable)), AzureCloudNames.All);

    private AzureSignIn MakeSignIn()
    {
        var attempts = new TokenAttempts(environment, Cloud, UsesFile ? File : null, time, handler);
        return secrets is { NamesSomebody: true }
            ? new AzureSignIn(null, [attempts.For(secrets)], Cloud, FindSubscriptionAsync, time)
            : new AzureSignIn(source, attempts.For(source), Cloud, FindSubscriptionAsync, time);
    }

    private async Task<string?> FindSubscriptionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await GetSubscriptionsAsync(cancellationToken))[0];
        }
        catch (ChaosException)
        {
            // Azure is asked also when the Kubernetes API is down, as it may be when a node is started again: then the login's own subscription counts.
            return null;
        }
    }

    private string? Read(string name) => environment(name) is { Length: > 0 } text ? text : null;
}
