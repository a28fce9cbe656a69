using System.Net;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests.Azure;

public sealed class ArmFaceTests : IDisposable
{
    private const string Version = "api-version=2023-07-01";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    private string Subscription => $"subscriptions/{_client.Sandbox.SubscriptionId}";

    private string ScaleSet => $"{Subscription}/resourceGroups/MC_contactsapp-rg_contactsapp_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-36421985-vmss";

    [Fact]
    public async Task Instances_are_listed_in_the_order_of_their_ids_with_views_only_on_request()
    {
        var plain = await Get($"{ScaleSet}/virtualMachines?{Version}");
        var instances = plain["value"]!.AsArray();
        Assert.Equal(["0", "9", "10"], instances.Select(instance => (string)instance!["instanceId"]!));
        Assert.Equal(
            ["aks-nodepool1-36421985-vmss_0", "aks-nodepool1-36421985-vmss_9", "aks-nodepool1-36421985-vmss_10"], instances.Select(instance => (string)instance!["name"]!));
        Assert.Equal(["1", "2", "3"], instances.Select(instance => (string)instance!["zones"]![0]!));
        Assert.All(instances, instance => Assert.Null(instance!["properties"]!["instanceView"]));
        Assert.Null(plain["nextLink"]);

        var viewed = (await Get($"{ScaleSet}/virtualMachines?$expand=instanceView&{Version}"))["value"]!.AsArray();
        Assert.All(viewed, instance => Assert.Equal(
            "ProvisioningState/succeeded PowerState/running",
            string.Join(' ', instance!["properties"]!["instanceView"]!["statuses"]!.AsArray().Select(status => status!["code"]))));
        Assert.Equal("aks-nodepool1-36421985-vmss00000a", (string)viewed[2]!["properties"]!["osProfile"]!["computerName"]!);
    }

    [Fact]
    public async Task Paths_are_compared_without_case()
    {
        var instance = await Get($"{ScaleSet.ToUpperInvariant()}/VIRTUALMACHINES/10?{Version}");
        Assert.Equal("10", (string)instance["instanceId"]!);
    }

    [Fact]
    public async Task Power_off_is_accepted_carried_out_and_seen_at_both_addresses()
    {
        var accepted = await _client.Azure("POST", $"{ScaleSet}/virtualmachines/0/poweroff?skipShutdown=false&{Version}");
        Assert.Equal((HttpStatusCode.Accepted, ""), (accepted.Status, accepted.Body));
        Assert.True(int.Parse(accepted.Headers["Retry-After"]) > 0);
        var status = new Uri(accepted.Headers["Azure-AsyncOperation"]).PathAndQuery;
        var location = new Uri(accepted.Headers["Location"]).PathAndQuery;

        var going = await Get(status);
        Assert.Equal("InProgress", (string)going["status"]!);
        Assert.Null(going["endTime"]);
        Assert.Equal(HttpStatusCode.Accepted, (await _client.Azure("GET", location)).Status);
        Assert.Equal("PowerState/stopping", await Power("0"));

        _client.Clock.Advance(TimeSpan.FromSeconds(30));
        var done = await Get(status);
        Assert.Equal("Succeeded", (string)done["status"]!);
        Assert.NotNull(done["endTime"]);
        Assert.Equal(HttpStatusCode.OK, (await _client.Azure("GET", location)).Status);
        Assert.Equal("PowerState/stopped", await Power("0"));
        Assert.Equal("PowerState/running", await Power("9"));
    }

    [Theory]
    [InlineData("deallocate", "PowerState/deallocating", "PowerState/deallocated")]
    [InlineData("restart", "PowerState/running", "PowerState/running")]
    public async Task Other_operations_end_in_their_own_state(string action, string during, string after)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await _client.Azure("POST", $"{ScaleSet}/virtualMachines/9/{action}?{Version}")).Status);
        Assert.Contains(await Power("9"), new[] { during, "PowerState/stopping", "PowerState/starting" });
        _client.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(after, await Power("9"));
    }

    [Fact]
    public async Task A_stopped_machine_starts_again_and_its_node_comes_back()
    {
        await _client.Azure("POST", $"{ScaleSet}/virtualMachines/0/powerOff?{Version}");
        _client.Clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal("Unknown", await Ready());
        Assert.Equal(HttpStatusCode.Accepted, (await _client.Azure("POST", $"{ScaleSet}/virtualMachines/0/start?{Version}")).Status);
        _client.Clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal("PowerState/running", await Power("0"));
        Assert.Equal("True", await Ready());

        async Task<string> Ready()
        {
            var node = (await _client.Kubernetes("GET", "api/v1/nodes/aks-nodepool1-36421985-vmss000000")).Json;
            return (string)node["status"]!["conditions"]!.AsArray().Single(condition => (string)condition!["type"]! == "Ready")!["status"]!;
        }
    }

    [Fact]
    public async Task Restart_of_a_machine_that_is_off_is_a_conflict()
    {
        await _client.Azure("POST", $"{ScaleSet}/virtualMachines/0/poweroff?{Version}");
        _client.Clock.Advance(TimeSpan.FromSeconds(60));
        var refused = await _client.Azure("POST", $"{ScaleSet}/virtualMachines/0/restart?{Version}");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.NotEmpty((string)refused.Json["error"]!["code"]!);
        Assert.NotEmpty((string)refused.Json["error"]!["message"]!);
    }

    [Fact]
    public async Task A_deleted_machine_is_gone()
    {
        var accepted = await _client.Azure("DELETE", $"{ScaleSet}/virtualMachines/9?{Version}");
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        _client.Clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal("Succeeded", (string)(await Get(new Uri(accepted.Headers["Azure-AsyncOperation"]).PathAndQuery))["status"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.Azure("GET", $"{ScaleSet}/virtualMachines/9?{Version}")).Status);
        Assert.Equal(["0", "10"], (await Get($"{ScaleSet}/virtualMachines?{Version}"))["value"]!.AsArray().Select(instance => (string)instance!["instanceId"]!));
        Assert.Equal(2, (int)(await Get($"{ScaleSet}?{Version}"))["sku"]!["capacity"]!);
    }

    [Fact]
    public async Task Scale_sets_and_what_holds_them_are_listed()
    {
        Assert.Single((await Get($"{Subscription}/providers/Microsoft.Compute/virtualMachineScaleSets?{Version}"))["value"]!.AsArray());
        Assert.Equal("Standard_D4s_v3", (string)(await Get($"{ScaleSet}?{Version}"))["sku"]!["name"]!);
        Assert.Single((await Get($"{Subscription}/resourceGroups?{Version}"))["value"]!.AsArray());
        Assert.Equal("Enabled", (string)(await Get($"{Subscription}?api-version=2022-12-01"))["state"]!);
        Assert.Single((await Get($"subscriptions?api-version=2022-12-01"))["value"]!.AsArray());
    }

    [Theory]
    [InlineData("GET", "{vmss}", 400, "MissingApiVersionParameter")]
    [InlineData("GET", "{vmss}?api-version=1999-01-01", 400, "NoRegisteredProviderFound")]
    [InlineData("GET", "subscriptions/00000000-0000-0000-0000-000000000001?" + Version, 404, "SubscriptionNotFound")]
    [InlineData("GET", "{sub}/resourceGroups/none/providers/Microsoft.Compute/virtualMachineScaleSets?" + Version, 404, "ResourceGroupNotFound")]
    [InlineData("GET", "{vmss}x?" + Version, 404, "ResourceNotFound")]
    [InlineData("GET", "{vmss}/virtualMachines/7?" + Version, 404, "NotFound")]
    [InlineData("POST", "{vmss}/virtualMachines/7/start?" + Version, 404, "NotFound")]
    [InlineData("POST", "{vmss}/virtualMachines/0/approveRollingUpgrade?" + Version, 405, "HttpVerbNotSupported")]
    [InlineData("PUT", "{vmss}/virtualMachines/0?" + Version, 405, "HttpVerbNotSupported")]
    [InlineData("GET", "{sub}/providers/Microsoft.Compute/locations/westeurope/operations/none?" + Version, 404, "NotFound")]
    [InlineData("GET", "providers/Microsoft.Other?" + Version, 404, "InvalidResourceType")]
    [InlineData("GET", "{vmss}/extensions?" + Version, 404, "InvalidResourceType")]
    public async Task Refusals_have_azure_s_form(string method, string path, int status, string code)
    {
        var answer = await _client.Azure(method, path.Replace("{sub}", Subscription, StringComparison.Ordinal).Replace("{vmss}", ScaleSet, StringComparison.Ordinal));
        Assert.Equal((status, code), ((int)answer.Status, (string)answer.Json["error"]!["code"]!));
        Assert.NotEmpty((string)answer.Json["error"]!["message"]!);
    }

    private async Task<JsonObject> Get(string path)
    {
        var answer = await _client.Azure("GET", path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    private async Task<string> Power(string id) =>
        (string)(await Get($"{ScaleSet}/virtualMachines/{id}/instanceView?{Version}"))["statuses"]![1]!["code"]!;
}
