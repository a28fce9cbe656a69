using System.Net;

namespace ChaosPS.Sandbox.Tests.Application;

public sealed class ApplicationFaceTests : IDisposable
{
    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/api/contacts/", "application/json")]
    [InlineData("/api/search/contacts?phrase=mustermann", "application/json")]
    [InlineData("/api/visitreports/reports", "application/json")]
    public async Task The_paths_of_the_workshop_answer_after_a_little_while(string path, string contentType)
    {
        var before = _client.Sandbox.Now;
        var answer = await _client.Clock.RunAsync(() => _client.Application(path));
        Assert.Equal((HttpStatusCode.OK, contentType), (answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.Body);
        Assert.InRange(_client.Sandbox.Now - before, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_service_with_all_pods_on_a_dead_node_hangs_then_is_unavailable_then_comes_back()
    {
        await _client.Clock.RunAsync(async () =>
        {
            Assert.Equal("200", await Probe());
            await PowerOff("0");

            // The load balancer needs ten seconds to leave the dead node out; the pods stay endpoints until Kubernetes notices.
            await Wait(15);
            Assert.Equal("hangs", await Probe());

            // Kubernetes has noticed: no endpoint is ready.
            await Wait(45);
            Assert.Equal("503", await Probe());
            await Wait(230);
            Assert.Equal("503", await Probe());

            // Evicted after 300 s, replaced elsewhere, ready.
            await Wait(80);
            Assert.Equal("200", await Probe());
            return true;
        });

        async Task<string> Probe()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2), _client.Clock);
            try
            {
                var answer = await _client.Application("/api/search/contacts", timeout.Token);
                return ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (OperationCanceledException)
            {
                return "hangs";
            }
        }
    }

    [Fact]
    public async Task Without_a_time_out_a_hanging_request_fails_as_a_connection_does()
    {
        await _client.Clock.RunAsync(async () =>
        {
            await PowerOff("0");
            await Wait(15);
            var before = _client.Sandbox.Now;
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => _client.Application("/api/search/contacts"));
            Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
            Assert.Contains("dead", error.Message, StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(127), _client.Sandbox.Now - before);
            return true;
        });
    }

    [Fact]
    public async Task A_service_without_pods_is_unavailable()
    {
        await _client.Kubernetes("PATCH", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy/scale", """{"spec":{"replicas":0}}""", "application/merge-patch+json");
        _client.Clock.Advance(TimeSpan.FromSeconds(10));
        var answer = await _client.Clock.RunAsync(() => _client.Application("/api/contacts/"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("503 Service Temporarily Unavailable", answer.Body, StringComparison.Ordinal);
    }

    private async Task PowerOff(string instance)
    {
        var accepted = await _client.Azure(
            "POST", $"subscriptions/{_client.Sandbox.SubscriptionId}/resourceGroups/{_client.Sandbox.Environment["AZURE_CLUSTER_RESOURCE_GROUP"]}/providers/Microsoft.Compute/virtualMachineScaleSets/{_client.Sandbox.Environment["AZURE_CLUSTER_VMSS_NAME"]}/virtualmachines/{instance}/poweroff?api-version=2023-07-01");
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
    }

    private Task Wait(int seconds) => _client.Clock.DelayAsync(TimeSpan.FromSeconds(seconds), CancellationToken.None);
}
