using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Azure;
using ChaosPS.Preflight;
using ChaosPS.Providers;

namespace ChaosPS.Sandbox.Tests.Clients;

/// <summary>The AKS cluster over the sandbox's machines, and what may be done to them, through the real clients.</summary>
public sealed class AzurePlatformTests
{
    private const string Aks = "resourceGroups/contactsapp-rg/providers/Microsoft.ContainerService/managedClusters";

    [Fact]
    public async Task The_nodes_lead_to_the_cluster_of_aks()
    {
        var sandbox = SandboxFactory.Create("contactsapp", 1);
        var found = await AzureDiscovery.LocateAsync(new Composition().Connect(sandbox), null, default);
        Assert.Equal(
            ("Sandbox", sandbox.SubscriptionId, "contactsapp-rg", "MC_contactsapp-rg_contactsapp_westeurope", "contactsapp"),
            (found.AzureCloud, found.SubscriptionId, found.ResourceGroupName, found.NodeResourceGroupName, found.AksClusterName));
        Assert.NotNull(found.TenantId);
    }

    [Fact]
    public async Task Nothing_in_a_new_sandbox_has_to_be_mended()
    {
        var findings = await AzureTest.RunAsync(new Composition().Connect(SandboxFactory.Create("contactsapp", 1)), null, default);
        Assert.All(findings, static finding => Assert.True(finding.Severity == ConnectionSeverity.Ok, finding.ToString()));
        Assert.Contains("system pool of Standard_D4s_v3", Assert.Single(findings, static finding => finding.Check == "Node pool nodepool1").Evidence, StringComparison.Ordinal);
        Assert.Equal(10, findings.Count);
    }

    [Fact]
    public async Task The_node_pools_are_those_of_the_machines()
    {
        using var client = new SandboxClient();
        var subscription = client.Sandbox.SubscriptionId;
        var list = await Get("agentPools?api-version=2024-09-01");
        var pool = Assert.Single(list.Json["value"]!.AsArray())!;
        Assert.Equal(("nodepool1", 3, "System"), ((string)pool["name"]!, (int)pool["properties"]!["count"]!, (string)pool["properties"]!["mode"]!));
        Assert.True(JsonNode.DeepEquals(pool, (await Get("agentPools/NODEPOOL1?api-version=2024-09-01")).Json));
        Assert.Equal(HttpStatusCode.NotFound, (await Get("agentPools/other?api-version=2024-09-01")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Get("agentPools?api-version=1999-01-01")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Azure("GET", $"subscriptions/{subscription}/{Aks}/other?api-version=2024-09-01")).Status);
        Assert.Equal(
            "contactsapp",
            (string?)Assert.Single((await client.Azure(
                "GET", $"subscriptions/{subscription}/providers/Microsoft.ContainerService/managedClusters?api-version=2024-09-01")).Json["value"]!.AsArray())!["name"]);

        Task<SandboxClient.Answer> Get(string path) => client.Azure("GET", $"subscriptions/{subscription}/{Aks}/contactsapp/{path}");
    }
}
