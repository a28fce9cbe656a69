using System.Diagnostics.CodeAnalysis;
using ChaosPS.Azure;

namespace ChaosPS.Ports;

/// <summary>What kind of cluster a connection leads to.</summary>
public enum ConnectionKind
{
    /// <summary>A real cluster, through a kubeconfig context.</summary>
    Cluster,

    /// <summary>An emulated cluster.</summary>
    Sandbox,
}

/// <summary>A way to one cluster, its machines and its application, and the clock that all of them share.</summary>
public sealed class ChaosConnection
{
    private INodePower _power;
    private IAzurePlatform? _azure;

    /// <summary>The name that people use: the kubeconfig context or the sandbox.</summary>
    public required string Name { get; init; }

    /// <summary>The API server's address.</summary>
    public required string Server { get; init; }

    /// <summary>Where changes by name are looked for unless they say otherwise: the kubeconfig context's namespace; null when it has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Real or emulated.</summary>
    public required ConnectionKind Kind { get; init; }

    /// <summary>How it was found, so that another process can find the same cluster.</summary>
    public ConnectionOrigin Origin { get; init; } = new();

    /// <summary>The Kubernetes API.</summary>
    public required ICluster Cluster { get; init; }

    /// <summary>The machines.</summary>
    public required INodePower Power
    {
        get => _power;
        [MemberNotNull(nameof(_power))]
        init => _power = value;
    }

    /// <summary>What Azure knows of the cluster besides its machines; null for a cluster that can have nothing to do with Azure.</summary>
    public IAzurePlatform? Azure
    {
        get => _azure;
        init => _azure = value;
    }

    /// <summary>Makes ways to Azure for whom an experiment names, in the subscription that it names; null in a sandbox, whose Azure takes everybody.</summary>
    internal Func<AzureSecrets?, string?, (INodePower Power, IAzurePlatform Azure)>? AzureFor { get; init; }

    /// <summary>Where in Azure the cluster is; null until it was looked for, and for a cluster elsewhere.</summary>
    public AzureSite? Site { get; private set; }

    /// <summary>The cloud: <c>AzureCloud</c>, <c>AzureUSGovernment</c>, <c>AzureChinaCloud</c>; null while nobody is signed in.</summary>
    public string? AzureCloud => Site?.Account?.Cloud;

    /// <summary>The tenant; null when it is not known.</summary>
    public string? TenantId => Site?.Aks?.TenantId ?? Site?.Account?.TenantId;

    /// <summary>The subscription; null when it is not known.</summary>
    public string? SubscriptionId => Site?.SubscriptionId;

    /// <summary>The resource group of the AKS cluster; null when it is not known.</summary>
    public string? ResourceGroupName => Site?.Aks?.ResourceGroupName;

    /// <summary>The resource group of the machines; null when it is not known.</summary>
    public string? NodeResourceGroupName => Site?.NodeResourceGroupName;

    /// <summary>The AKS cluster's name in Azure; null when it is not known.</summary>
    public string? AksClusterName => Site?.Aks?.Name;

    /// <summary>Sends the probes' requests. It has no time-out of its own: whoever sends brings one.</summary>
    public required HttpMessageInvoker Http { get; init; }

    /// <summary>The hosts that a sandbox serves: nothing else is to be reached from it. Null for a real cluster.</summary>
    public IReadOnlyList<string>? ServedHosts { get; init; }

    /// <summary>The way to hosts that a sandbox does not serve, for runs that may use it; null for a real cluster.</summary>
    public HttpMessageInvoker? ExternalHttp { get; init; }

    /// <summary>The way to hosts of the outside that believes whatever certificate they show, made at its first use; null where there is none.</summary>
    public Lazy<HttpMessageInvoker>? UnverifiedHttp { get; init; }

    /// <summary>The clock: everything that waits or looks at the time uses this one.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Variables that come before the process environment: the sandbox brings the ones that point at it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The same connection, with where in Azure its cluster is.</summary>
    public ChaosConnection At(AzureSite site)
    {
        var copy = (ChaosConnection)MemberwiseClone();
        copy.Site = site;
        return copy;
    }

    /// <summary>The same connection, where somebody else asks Azure, or in another subscription.</summary>
    /// <param name="secrets">Who asks; null for whoever asks otherwise.</param>
    /// <param name="subscriptionId">Where machines are looked for; null for where they are looked for otherwise.</param>
    internal ChaosConnection For(AzureSecrets? secrets, string? subscriptionId)
    {
        if (AzureFor is null || (secrets is null && subscriptionId is null)) return this;
        var copy = (ChaosConnection)MemberwiseClone();
        (copy._power, copy._azure) = AzureFor(secrets, subscriptionId);
        copy.Site = secrets is null ? Site : Site is { } site ? site with { Account = null } : null;
        return copy;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
