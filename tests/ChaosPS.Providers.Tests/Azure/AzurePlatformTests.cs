using System.Text.Json;
using ChaosPS.Azure;
using ChaosPS.Errors;
using ChaosPS.Providers.Azure;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Azure;

/// <summary>What is read of Azure besides machines, in the words of its reference.</summary>
public sealed class AzurePlatformTests : IDisposable
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/MC_rg_aks_westeurope";
    private const string AksId = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";

    private const string Aks = $$"""
        { "id": "{{AksId}}", "name": "aks", "type": "Microsoft.ContainerService/managedClusters", "location": "westeurope", "tenantId": "t1",
          "properties": {
            "provisioningState": "Updating", "powerState": { "code": "Running" }, "nodeResourceGroup": "MC_rg_aks_westeurope",
            "nodeResourceGroupProfile": { "restrictionLevel": "ReadOnly" },
            "agentPoolProfiles": [
              { "name": "nodepool1", "count": 3, "vmSize": "Standard_D4s_v3", "type": "VirtualMachineScaleSets", "mode": "System", "enableAutoScaling": false,
                "scaleDownMode": "Delete", "provisioningState": "Succeeded" },
              { "name": "spot", "vmSize": "Standard_D4s_v3", "type": "VirtualMachineScaleSets", "mode": "User", "enableAutoScaling": true, "minCount": 1, "maxCount": 5,
                "scaleDownMode": "Deallocate", "scaleSetPriority": "Spot", "provisioningState": "Scaling" } ] } }
        """;

    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private readonly AzurePlatform _azure;

    public AzurePlatformTests() => _azure = new AzurePlatform(
        () => FakeArm.Of(_server, _clock),
        _ => Task.FromResult(new AzureAccount("AzureCli", "AzureCloud", "t1", "p", "o")), _clock);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task The_cluster_is_found_by_its_node_resource_group_with_one_query()
    {
        _server.Answer(200, $$"""{"totalRecords":1,"count":1,"data":[{{Aks}}],"resultTruncated":"false"}""");

        var aks = await Run(() => _azure.FindAksClusterAsync("00000000-0000-0000-0000-000000000001", "MC_rg_aks_westeurope", default));

        Assert.Equal(("aks", "rg", "00000000-0000-0000-0000-000000000001", "t1", "westeurope", "MC_rg_aks_westeurope"), (aks!.Name, aks.ResourceGroupName, aks.SubscriptionId, aks.TenantId, aks.Location, aks.NodeResourceGroupName));
        Assert.Equal(("Updating", "Running", true), (aks.ProvisioningState, aks.PowerState, aks.IsLockedDown));
        Assert.Equal(
        [
            new AksNodePool { Name = "nodepool1", Count = 3, IsSystem = true, Type = "VirtualMachineScaleSets", VMSize = "Standard_D4s_v3", ProvisioningState = "Succeeded" },
            new AksNodePool
            {
                Name = "spot", Type = "VirtualMachineScaleSets", VMSize = "Standard_D4s_v3", ProvisioningState = "Scaling", IsAutoscaled = true, MinCount = 1, MaxCount = 5,
                Deallocates = true, IsSpot = true,
            },
        ], aks.NodePools);
        var body = JsonElement.Parse(Assert.Single(_server.Bodies));
        Assert.Equal(
            "Resources | where type =~ 'Microsoft.ContainerService/managedClusters' | where properties.nodeResourceGroup =~ 'MC_rg_aks_westeurope'",
            body.GetProperty("query").GetString());
        Assert.Equal("00000000-0000-0000-0000-000000000001", body.GetProperty("subscriptions")[0].GetString());
    }

    [Fact]
    public async Task A_cluster_without_nodes_is_found_by_its_api_server_in_all_subscriptions()
    {
        _server.Answer(200, """{"data":[]}""");

        Assert.Null(await Run(() => _azure.FindAksClusterAsync("aks.guid.privatelink.westeurope.azmk8s.io", default)));

        var body = JsonElement.Parse(_server.Bodies[0]);
        Assert.EndsWith("or properties.privateFQDN =~ 'aks.guid.privatelink.westeurope.azmk8s.io'", body.GetProperty("query").GetString(), StringComparison.Ordinal);
        Assert.False(body.TryGetProperty("subscriptions", out _));
    }

    [Theory]
    [InlineData("""{ "enabled": true, "gracePeriod": "PT30M", "repairAction": "Restart" }""", "Running", "Restart", 30, false)]
    [InlineData("""{ "enabled": true }""", "Suspended", "Replace", null, true)]
    public async Task What_a_scale_set_repairs_by_itself_is_read_with_whether_it_is_suspended(string policy, string state, string action, int? minutes, bool suspended)
    {
        const string Set = $"{Group}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-vmss";
        _server.Answer(200, $$"""{ "id": "{{Set}}", "properties": { "automaticRepairsPolicy": {{policy}} } }""");
        _server.Answer(200, $$"""{ "orchestrationServices": [ { "serviceName": "AutomaticRepairs", "serviceState": "{{state}}" } ] }""");

        var repairs = await Run(() => _azure.GetRepairsAsync(Set, default));

        Assert.Equal(new AzureRepairs(action, minutes is { } m ? TimeSpan.FromMinutes(m) : null, suspended), repairs);
        Assert.Equal([$"GET {Set}?api-version=2023-07-01", $"GET {Set}/instanceView?api-version=2023-07-01"], _server.Requests);
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "automaticRepairsPolicy": { "enabled": false, "gracePeriod": "PT30M" } }""")]
    public async Task A_scale_set_that_repairs_nothing_is_asked_once(string properties)
    {
        _server.Answer(200, $$"""{ "properties": {{properties}} }""");
        Assert.Null(await Run(() => _azure.GetRepairsAsync($"{Group}/providers/Microsoft.Compute/virtualMachineScaleSets/s", default)));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task The_cluster_is_read_as_it_is_now()
    {
        _server.Answer(200, Aks);
        Assert.Equal("aks", (await Run(() => _azure.GetAksClusterAsync(AksId, default))).Name);
        Assert.Equal([$"GET {AksId}?api-version=2024-09-01"], _server.Requests);
    }

    [Fact]
    public async Task Permissions_are_read_page_by_page()
    {
        _server
            .Answer(200, """{"value":[{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}],"nextLink":"https://arm.example.com/next?page=2"}""")
            .Answer(200, """{"value":[{"actions":["Microsoft.Compute/*"],"notActions":["*/delete"]}]}""");

        var rights = await Run(() => _azure.GetPermissionsAsync($"{Group}/providers/Microsoft.Compute/virtualMachineScaleSets/pool", default));

        Assert.Equal(2, rights.Count);
        Assert.Equal(["*/delete"], rights[1].NotActions);
        Assert.Equal(
            [$"GET {Group}/providers/Microsoft.Compute/virtualMachineScaleSets/pool/providers/Microsoft.Authorization/permissions?api-version=2022-04-01", "GET /next?page=2"],
            _server.Requests);
    }

    [Fact]
    public async Task Deny_assignments_are_read_at_the_scope_and_above()
    {
        _server.Answer(200, $$$"""
            {"value":[{"id":"/x","name":"guid","type":"Microsoft.Authorization/denyAssignments","properties":{
              "denyAssignmentName":"aks lockdown","scope":"{{{Group}}}","doNotApplyToChildScopes":false,"isSystemProtected":true,
              "permissions":[{"actions":["*"],"notActions":["*/read"],"dataActions":[],"notDataActions":[]}],
              "principals":[{"id":"00000000-0000-0000-0000-000000000000","type":"SystemDefined"}],
              "excludePrincipals":[{"id":"aks","type":"ServicePrincipal"}]} }]}
            """);

        var denied = Assert.Single(await Run(() => _azure.GetDenyAssignmentsAsync(Group, default)));

        Assert.Equal(("aks lockdown", Group, false, false), (denied.Name, denied.Scope, denied.OnlyThere, denied.HasGroups));
        Assert.True(denied.IsFor("o"));
        Assert.False(denied.IsFor("aks"));
        Assert.True(denied.Denies("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action", $"{Group}/providers/x"));
        Assert.Equal(
            $"GET {Group}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
            Uri.UnescapeDataString(Assert.Single(_server.Requests)));
    }

    [Fact]
    public async Task Locks_are_those_of_the_group_and_of_its_subscription()
    {
        const string Lock = """{"id":"/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/locks/keep","name":"keep","properties":{"level":"ReadOnly","notes":"why"}}""";
        _server
            .Answer(200, $$"""{"value":[{{Lock}}]}""")
            .Answer(200, $$$"""{"value":[{{{Lock}}},{"id":"{{{Group}}}/providers/Microsoft.Authorization/locks/no-delete","name":"no-delete","properties":{"level":"CanNotDelete"}}]}""");

        var locks = await Run(() => _azure.GetLocksAsync("00000000-0000-0000-0000-000000000001", "MC_rg_aks_westeurope", default));

        Assert.Equal([("keep", true, "why"), ("no-delete", false, null)], locks.Select(static found => (found.Name, found.IsReadOnly, found.Notes)));
        Assert.Equal(
        [
            "GET /subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/locks?$filter=atScope()&api-version=2020-05-01",
            $"GET {Group}/providers/Microsoft.Authorization/locks?api-version=2020-05-01",
        ], _server.Requests.Select(Uri.UnescapeDataString));
    }

    [Fact]
    public async Task Quotas_are_those_of_the_region()
    {
        _server.Answer(200, """{"value":[{"unit":"Count","currentValue":12,"limit":100,"name":{"value":"cores","localizedValue":"Total Regional vCPUs"}}]}""");
        Assert.Equal([new AzureQuota("cores", "Total Regional vCPUs", 12, 100)], await Run(() => _azure.GetQuotasAsync("00000000-0000-0000-0000-000000000001", "westeurope", default)));
        Assert.Equal(["GET /subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Compute/locations/westeurope/usages?api-version=2023-07-01"], _server.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":3}""")]
    [InlineData("<html>a proxy's page</html>")]
    [InlineData("""{"value":[{"name":{"value":"cores"},"currentValue":1.5}]}""")]
    public async Task An_answer_that_is_none_is_told(string body)
    {
        _server.Answer(200, body);
        var error = await Assert.ThrowsAsync<ChaosException>(() => Run(() => _azure.GetQuotasAsync("00000000-0000-0000-0000-000000000001", "westeurope", default)));
        Assert.Equal("AzureAnswerInvalid", error.ErrorId);
    }

    [Fact]
    public async Task What_may_not_be_read_says_which_right_is_missing()
    {
        _server.Answer(403, """{"error":{"code":"AuthorizationFailed","message":"The client 'x' does not have authorization."}}""");
        var error = await Assert.ThrowsAsync<ChaosException>(() => Run(() => _azure.GetPermissionsAsync(Group, default)));
        Assert.Equal("AzureForbidden", error.ErrorId);
        Assert.Contains("Microsoft.Authorization/permissions/read", error.RecommendedAction, StringComparison.Ordinal);
    }

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20));
}
