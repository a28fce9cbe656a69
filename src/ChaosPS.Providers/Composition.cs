using ChaosPS.Azure;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Azure;
using ChaosPS.Providers.Http;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Kubernetes.KubeConfigs;
using ChaosPS.Providers.Sandboxes;
using ChaosPS.Providers.Yaml;
using ChaosPS.Sandboxes;
using k8s;

namespace ChaosPS.Providers;

/// <summary>Makes the ports of the real clients: KubernetesClient, the Azure SDK, YamlDotNet.</summary>
public sealed class Composition : IComposition
{
    /// <summary>Who asks the Azure of a sandbox: nobody in particular.</summary>
    private static readonly AzureAccount s_sandbox = new("Sandbox", "Sandbox", null, "sandbox", null);

    /// <summary>How old a connection may be on which something is asked.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    private readonly Lazy<HttpMessageInvoker> _unverified = new(static () =>
    {
        var handler = Sockets();
#pragma warning disable CA5359 // to believe every certificate is what it is for, and asked for by name
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return new HttpMessageInvoker(new RedirectHandler(handler));
    });

    /// <inheritdoc/>
    public IDocumentReader Documents { get; } = new YamlDocumentReader();

    /// <inheritdoc/>
    public IDocumentEditor DocumentEditor { get; } = new YamlDocumentEditor();

    /// <inheritdoc/>
    public HttpMessageInvoker Http { get; } = new(new RedirectHandler(Sockets()));

    /// <inheritdoc/>
    public HttpMessageInvoker UnverifiedHttp => _unverified.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> GetContexts(string? kubeConfigPath) => Read(new KubeConfigOptions(kubeConfigPath)) is { } read
        ? [.. read.Config.Contexts.Keys]
        : throw ChaosErrors.NoCluster(KubeConfigFile.Searched(Environment.GetEnvironmentVariable, KubeConfigFile.DefaultPath));

    /// <inheritdoc/>
    public Task<ChaosSandbox> OpenSandboxAsync(Uri uri, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return ServedSandbox.OpenAsync(uri, cancellationToken);
    }

    /// <inheritdoc/>
    public ChaosConnection Connect(ChaosSandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var account = s_sandbox with { TenantId = sandbox.TenantId };
        var azure = new Lazy<Arm>(() => ArmClients.ForHandler(sandbox.Handler, sandbox.AzureUri, sandbox.Clock, account));
        var server = sandbox.KubernetesUri.ToString().TrimEnd('/');
        var configuration = new KubernetesClientConfiguration { Host = server, AccessToken = "sandbox" };
        return new ChaosConnection
        {
            Name = sandbox.Name,
            Server = server,
            Kind = ConnectionKind.Sandbox,
            Origin = new ConnectionOrigin(Sandbox: sandbox.Uri) { Instance = sandbox.Uri is null ? sandbox.InstanceId : null },
            Cluster = new KubernetesCluster(sandbox.Name, configuration, sandbox.Clock, new PassThroughHandler(sandbox.Handler)),
            Power = new AzureNodePower(
                () => azure.Value,
                _ => Task.FromResult<IReadOnlyList<string>>([sandbox.SubscriptionId]),
                sandbox.Clock),
            Azure = new AzurePlatform(() => azure.Value, _ => Task.FromResult(account), sandbox.Clock),
            Http = new HttpMessageInvoker(new RedirectHandler(sandbox.Handler), disposeHandler: false),
            ServedHosts = sandbox.ServedHosts,
            ExternalHttp = Http,
            UnverifiedHttp = _unverified,
            Time = sandbox.Clock,
            Environment = sandbox.Environment,
        };
    }

    /// <inheritdoc/>
    public ChaosConnection Connect(KubeConfigOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = TimeProvider.System;
        var (access, path) = Open(options, time);
        var cluster = new KubernetesCluster(access, time);
        var (power, azure) = AzureFor(null, null);
        return new ChaosConnection
        {
            Name = access.Name,
            Server = access.Server,
            Namespace = access.Namespace,
            Kind = ConnectionKind.Cluster,
            Origin = new ConnectionOrigin(path, access.Context, TokenSource: options.TokenSource),
            Cluster = cluster,
            Power = power,
            Azure = azure,
            AzureFor = AzureFor,
            Http = Http,
            UnverifiedHttp = _unverified,
            Time = time,
        };

        (INodePower Power, IAzurePlatform Azure) AzureFor(AzureSecrets? secrets, string? subscription) =>
            new AzureAccess(options.TokenSource, Environment.GetEnvironmentVariable, access.Server, cluster, time, secrets, subscription).Open();
    }

    /// <summary>
    /// Requests of one moment share a connection; later ones have a new one, and none has a cookie of the one before: a load balancer leads an old connection,
    /// or whom it knows again, to the same pod each time, and a probe is to see what a new user sees.
    /// </summary>
    private static SocketsHttpHandler Sockets() => new() { PooledConnectionLifetime = s_moment, AllowAutoRedirect = false, UseCookies = false };

    /// <summary>The context of the kubeconfig; without any kubeconfig the cluster that this process runs in, as kubectl does.</summary>
    private static (ClusterAccess Access, string? Path) Open(KubeConfigOptions options, TimeProvider time)
    {
        if (Read(options) is { } read) return (KubeConfigAccess.Open(read.Config, read.Path, options.Context, time), read.Path);
        return options.Context is null && InClusterAccess.TryOpen(Environment.GetEnvironmentVariable, InClusterAccess.Folder, time) is { } inCluster
            ? (inCluster, null)
            : throw ChaosErrors.NoCluster(KubeConfigFile.Searched(Environment.GetEnvironmentVariable, KubeConfigFile.DefaultPath));
    }

    private static (KubeConfig Config, string Path)? Read(KubeConfigOptions options) =>
        KubeConfigFile.Read(options, Environment.GetEnvironmentVariable, KubeConfigFile.DefaultPath);
}
