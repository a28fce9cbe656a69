namespace ChaosPS.Azure;

/// <summary>What the name of an API server says of its cluster.</summary>
public static class AksServer
{
    /// <summary>How the names of API servers of AKS end in each cloud, public or private: https://learn.microsoft.com/azure/aks/outbound-rules-control-egress .</summary>
    private static readonly (string End, string Cloud)[] s_names =
    [
        (".azmk8s.io", "AzureCloud"), (".cx.aks.containerservice.azure.us", "AzureUSGovernment"), (".cx.prod.service.azk8s.cn", "AzureChinaCloud"),
    ];

    /// <summary>The cloud of an AKS cluster; null when it is no server of AKS.</summary>
    /// <param name="server">The API server's address.</param>
    /// <param name="host">Its name.</param>
    public static string? CloudOf(string server, out string host)
    {
        host = Uri.TryCreate(server, UriKind.Absolute, out var uri) ? uri.Host : "";
        foreach (var (end, cloud) in s_names)
        {
            if (host.EndsWith(end, StringComparison.OrdinalIgnoreCase)) return cloud;
        }

        return null;
    }
}
