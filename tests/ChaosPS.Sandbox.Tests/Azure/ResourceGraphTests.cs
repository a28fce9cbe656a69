using System.Net;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests.Azure;

public sealed class ResourceGraphTests : IDisposable
{
    private const string Path = "providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_workshop_s_filter_finds_the_scale_set()
    {
        var environment = _client.Sandbox.Environment;
        var answer = await Query($"Resources | where type=~'Microsoft.Compute/virtualMachineScaleSets'| where resourceGroup=~'{environment["AZURE_CLUSTER_RESOURCE_GROUP"]}' and name=~'{environment["AZURE_CLUSTER_VMSS_NAME"]}'");
        Assert.Equal((1, 1, "false"), ((int)answer["totalRecords"]!, (int)answer["count"]!, (string)answer["resultTruncated"]!));
        Assert.Empty(answer["facets"]!.AsArray());
        var row = answer["data"]![0]!;
        Assert.Equal("microsoft.compute/virtualmachinescalesets", (string)row["type"]!);
        Assert.Equal("mc_contactsapp-rg_contactsapp_westeurope", (string)row["resourceGroup"]!);
        Assert.Equal(_client.Sandbox.SubscriptionId, (string)row["subscriptionId"]!);
        Assert.Equal(
            "id name type tenantId kind location resourceGroup subscriptionId managedBy sku plan properties tags identity zones extendedLocation",
            string.Join(' ', row.AsObject().Select(member => member.Key)));
    }

    [Fact]
    public async Task The_workshop_s_mistake_finds_nothing()
    {
        var group = _client.Sandbox.Environment["AZURE_CLUSTER_RESOURCE_GROUP"];
        var answer = await Query($"Resources | where resourceGroup=~'{group}' and name=~'{group}'");
        Assert.Equal(0, (int)answer["totalRecords"]!);
        Assert.Empty(answer["data"]!.AsArray());
    }

    [Fact]
    public async Task A_table_has_columns_and_rows()
    {
        var data = (await Query("Resources | where type =~ 'microsoft.compute/virtualmachinescalesets' | project name, zones", """, "options": { "resultFormat": "table" } """))["data"]!;
        Assert.Equal("""[{"name":"name","type":"string"},{"name":"zones","type":"object"}]""", data["columns"]!.ToJsonString());
        Assert.Equal("""[["aks-nodepool1-36421985-vmss",["1","2","3"]]]""", data["rows"]!.ToJsonString());
    }

    [Fact]
    public async Task What_the_sandbox_does_not_know_is_a_bad_request_that_names_it()
    {
        var answer = await _client.Azure("POST", Path, Body("Resources | where name == 'x' | summarize count()"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var error = answer.Json["error"]!;
        Assert.Equal("BadRequest", (string)error["code"]!);
        Assert.Contains("summarize", (string)error["message"]!, StringComparison.Ordinal);
        Assert.Equal((1, 33, "summarize"), ((int)error["details"]![1]!["line"]!, (int)error["details"]![1]!["characterPositionInLine"]!, (string)error["details"]![1]!["token"]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "query": 5 }""")]
    [InlineData("""{ "query": "Resources", "subscriptions": ["00000000-0000-0000-0000-000000000001"] }""")]
    public async Task A_request_that_makes_no_sense_is_a_bad_request(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.Azure("POST", Path, body)).Status);

    private string Body(string query, string more = "") =>
        $$"""{ "subscriptions": ["{{_client.Sandbox.SubscriptionId}}"], "query": {{JsonValue.Create(query)!.ToJsonString()}}{{more}} }""";

    private async Task<JsonObject> Query(string query, string more = "")
    {
        var answer = await _client.Azure("POST", Path, Body(query, more));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }
}
