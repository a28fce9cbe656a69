using ChaosPS.Clusters;

namespace ChaosPS.Errors;

/// <summary>One method a failure: its id, kind, text and remedy stand here and nowhere else.</summary>
public static partial class ChaosErrors
{
    /// <summary>No node has that name.</summary>
    public static ChaosException NodeNotFound(string name, string cluster, IEnumerable<string> existing) => new(
        "NodeNotFound", ErrorKind.NotFound,
        $"No node '{name}' in cluster '{cluster}'. Its nodes: {List(existing)}.",
        "Get-ClusterNode lists the nodes; -Name takes wildcards.", name);

    /// <summary>A record was read from another cluster than the one that the session is connected to.</summary>
    public static ChaosException OtherCluster(string what, string recordCluster, string connectedCluster) => new(
        "OtherCluster", ErrorKind.Refused,
        $"{what} belongs to cluster '{recordCluster}', but the session is connected to "
            + $"{(recordCluster == connectedCluster ? "another one of that name" : $"'{connectedCluster}'")}. Nothing was changed.",
        "Read it again from the connected cluster, or connect to its own with Connect-ChaosCluster.", what);

    /// <summary>Whether a record, or a change, belongs to the connected cluster cannot be told.</summary>
    public static ChaosException ClusterUncertain(string what, ClusterIdentity connected) => new(
        "ClusterUncertain", ErrorKind.Refused,
        $"{what}: whether it belongs to the connected cluster '{connected.Name}' cannot be told. The namespace kube-system may not be read there, and the "
            + $"address {connected.Server} can lead to another cluster at another time. Nothing was changed.",
        "Read it again on this connection (Connect-ChaosCluster first, if none was chosen); or have yourself allowed to get the namespace kube-system; or "
            + "give the kubeconfig the cluster's certificate-authority.", what);

    /// <summary>There is neither a connection nor a usable kubeconfig.</summary>
    public static ChaosException NoCluster(string detail) => new(
        "NoCluster", ErrorKind.ConnectionFailed,
        $"No cluster to work on: {detail}",
        "Connect-ChaosCluster chooses a kubeconfig context; New-ChaosSandbox contactsapp, or --sandbox contactsapp on the command line, "
            + "makes an emulated cluster to try things on.", null);

    /// <summary>The same failure with its texts changed, as when secrets are taken out of them; what lies behind it goes when it would have to change too.</summary>
    internal static ChaosException With(ChaosException exception, Func<string, string> change)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(change);
        var inner = exception.InnerException?.ToString() is { } text && change(text) == text ? exception.InnerException : null;
        return new ChaosException(
            exception.ErrorId, exception.Kind, change(exception.Message), exception.RecommendedAction is { } action ? change(action) : null,
            exception.Target is string target ? change(target) : exception.Target, inner);
    }

    /// <summary>Joins names for a message: all of a few, the first of many.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length switch
        {
            0 => "none",
            <= 12 => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(12))} and {all.Length - 12} more",
        };
    }
}
