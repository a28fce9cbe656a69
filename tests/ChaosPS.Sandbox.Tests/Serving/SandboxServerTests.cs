using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Serving;

/// <summary>A whole sandbox, as other processes find it at its address.</summary>
public sealed class SandboxServerTests : IAsyncDisposable
{
    private readonly SandboxServer _server = Start("127.0.0.1:0");
    private readonly HttpClient _http;

    public SandboxServerTests() => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _server.Sandbox.Uri };

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_says_what_it_is()
    {
        var json = await Get("/sandbox");

        Assert.Equal(("contactsapp", 100.0), ((string?)json["name"], (double?)json["speed"]));
        Assert.InRange((DateTimeOffset?)json["now"] ?? default, _server.Sandbox.Now - TimeSpan.FromMinutes(1000), _server.Sandbox.Now);
    }

    [Fact]
    public async Task Its_clock_runs_and_is_moved()
    {
        var before = (DateTimeOffset)(await Get("/sandbox"))["now"]!;
        using var response = await _http.PostAsync(new Uri("/sandbox/step?seconds=86400", UriKind.Relative), null);
        var after = (DateTimeOffset)(await Get("/sandbox"))["now"]!;

        Assert.True(after > before.AddDays(1));
        Assert.True(response.Headers.Date > before.AddDays(1).AddSeconds(-1));
    }

    [Fact]
    public async Task Kubernetes_is_at_the_root()
    {
        Assert.Equal(3, (await Get("/api/v1/nodes"))["items"]!.AsArray().Count);
        Assert.Equal("v1", (string?)(await Get("/api"))["versions"]![0]);
    }

    [Fact]
    public async Task Azure_is_below_subscriptions_and_its_operations_are_followed_at_the_same_address()
    {
        var sets = await Get($"/subscriptions/{_server.Sandbox.SubscriptionId}/providers/Microsoft.Compute/virtualMachineScaleSets?api-version=2024-07-01");
        var set = (string)sets["value"]![0]!["id"]!;
        using var response = await _http.PostAsync(new Uri($"{set}/virtualMachines/0/poweroff?api-version=2024-07-01", UriKind.Relative), null);
        var operation = new Uri(response.Headers.GetValues("Azure-AsyncOperation").Single());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(_server.Sandbox.Uri, new Uri(operation, "/"));
        Assert.NotNull((await Get(operation.PathAndQuery))["status"]);
    }

    [Fact]
    public async Task Resource_Graph_is_below_providers()
    {
        using var body = new StringContent("""{"query":"Resources | where name =~ 'aks-nodepool1-36421985-vmss'"}""", MediaTypeHeaderValue.Parse("application/json"));
        using var response = await _http.PostAsync(new Uri("/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_application_is_below_the_sandbox_and_at_its_own_host()
    {
        Assert.Equal("[]", await _http.GetStringAsync(new Uri("/sandbox/application/api/contacts/", UriKind.Relative)));

        using var named = new HttpRequestMessage(HttpMethod.Get, "/api/contacts/") { Headers = { Host = "contactsapp.sandbox" } };
        using var answer = await _http.SendAsync(named);
        Assert.Equal("[]", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_is_the_proxy_to_its_own_hosts()
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(_server.Sandbox.Uri) });

        Assert.Contains("Simple Contacts Management", await http.GetStringAsync(new Uri("http://contactsapp.sandbox/")), StringComparison.Ordinal);
        using var elsewhere = await http.GetAsync(new Uri("http://contoso.com/"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:0")]
    [InlineData("http://127.0.0.1:0/")]
    [InlineData("127.8.0.1:0")]
    public async Task It_listens_where_only_this_machine_reaches_it(string address)
    {
        await using var server = Start(address);

        Assert.True(server.Sandbox.Uri!.IsLoopback);
        Assert.NotEqual(0, server.Sandbox.Uri.Port);
    }

    [Theory]
    [InlineData("0.0.0.0:0", "ListenAddressNotLocal")]
    [InlineData("[::]:8001", "ListenAddressNotLocal")]
    [InlineData("192.0.2.1:80", "ListenAddressNotLocal")]
    [InlineData("contoso.com:80", "ListenAddressNotLocal")]
    [InlineData("", "ListenAddressInvalid")]
    [InlineData(":80", "ListenAddressInvalid")]
    [InlineData("127.0.0.1:", "ListenAddressInvalid")]
    [InlineData("127.0.0.1:65536", "ListenAddressInvalid")]
    [InlineData("127.0.0.1:http", "ListenAddressInvalid")]
    [InlineData("local host:1", "ListenAddressInvalid")]
    public void Any_other_address_is_refused(string address, string id) =>
        Assert.Equal(id, Assert.Throws<ChaosException>(() => Start(address)).ErrorId);

    [Fact]
    public void An_address_that_is_taken_is_refused() =>
        Assert.Equal("ListenFailed", Assert.Throws<ChaosException>(() => Start(_server.Sandbox.Uri!.Authority)).ErrorId);

    [Fact]
    public void A_sandbox_whose_clock_stands_still_is_not_served() =>
        Assert.Throws<ArgumentException>(() => SandboxServer.Start(SandboxFactory.Create("contactsapp", 1), "127.0.0.1:0", NullLog.Instance));

    private static SandboxServer Start(string address) =>
        SandboxServer.Start(SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = 100 }), address, NullLog.Instance);

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)))!;
}
