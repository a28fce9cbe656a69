using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>The namespace of the kubeconfig's context is where changes by name are looked for; lists are of all namespaces.</summary>
public sealed class DefaultNamespaceTests : IDisposable
{
    private readonly SmallApiServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Set-WorkloadReplica web -Replicas 2 -WhatIf", "shop", "/apis/apps/v1/namespaces/shop/deployments")]
    [InlineData("Set-WorkloadReplica web -Replicas 2 -WhatIf", null, "/apis/apps/v1/deployments")]
    [InlineData("Set-WorkloadReplica web -Replicas 2 -Namespace other -WhatIf", "shop", "/apis/apps/v1/namespaces/other/deployments")]
    [InlineData("Add-PodAntiAffinity web -LabelKey app -WhatIf", "shop", "/apis/apps/v1/namespaces/shop/deployments")]
    [InlineData("Remove-ClusterPod -LabelSelector app=web -WhatIf", "shop", "/api/v1/namespaces/shop/pods")]
    [InlineData("Remove-ClusterPod -LabelSelector app=web -Namespace * -WhatIf", "shop", "/api/v1/pods")]
    [InlineData("Get-ClusterPod", "shop", "/api/v1/pods")]
    [InlineData("Get-PodDistribution", "shop", "/apis/apps/v1/deployments")]
    public void A_command_looks_in(string command, string? context, string path)
    {
        _engine.Invoke($"$null = Connect-ChaosCluster -KubeConfigPath '{_folder.Write("config", _server.KubeConfig(context))}' -WarningAction Ignore");
        Assert.Equal($"<{context}>", _engine.Invoke("\"<$((Get-ChaosConnection).Namespace)>\"").Single().BaseObject);
        lock (_server.Requests) _server.Requests.Clear();

        _engine.Run(command);

        Assert.Contains($"GET {path}", _server.Requests);
    }
}
