using System.Net;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>What containers have written, as the API serves it.</summary>
public sealed class PodLogTests : IDisposable
{
    private const string Pods = "/api/v1/namespaces/contactsapp/pods";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public Task A_log_has_the_containers_start_and_the_requests_that_it_answered() => Run(async () =>
    {
        var pod = await FrontendAsync();
        await _client.Application("/");
        await _client.Application("/api/contacts/");

        var log = await _client.Kubernetes("GET", $"{Pods}/{pod}/log");

        Assert.Equal((HttpStatusCode.OK, "text/plain"), (log.Status, log.ContentType));
        Assert.Matches(@"\A\S+ starts: \S+\n\S+ serves\nGET / 200\n\z", log.Body);
    });

    [Theory]
    [InlineData("tailLines=1", @"\AGET / 200\n\z")]
    [InlineData("tailLines=0", @"\A\z")]
    [InlineData("sinceSeconds=1", @"\AGET / 200\n\z")]
    [InlineData("sinceTime=2026-11-23T09:00:00Z", @"\AGET / 200\n\z")]
    [InlineData("limitBytes=5", @"\A.{5}\z")]
    [InlineData("timestamps=true&tailLines=1", @"\A2026-11-23T09:00:00\.0000000\d\dZ GET / 200\n\z")]
    public Task A_part_of_a_log_can_be_asked_for(string query, string expected) => Run(async () =>
    {
        var pod = await FrontendAsync();
        await _client.Application("/");

        Assert.Matches(expected, (await _client.Kubernetes("GET", $"{Pods}/{pod}/log?{query}")).Body);
    });

    [Theory]
    [InlineData("tailLines=-1")]
    [InlineData("sinceSeconds=0")]
    [InlineData("limitBytes=much")]
    [InlineData("sinceTime=yesterday")]
    public Task A_part_that_is_none_is_refused(string query) => Run(async () =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.Kubernetes("GET", $"{Pods}/{await FrontendAsync()}/log?{query}")).Status));

    [Fact]
    public Task A_pod_that_is_starting_has_no_log_yet() => Run(async () =>
    {
        await _client.Kubernetes("DELETE", $"{Pods}/{await FrontendAsync()}?gracePeriodSeconds=0");
        await _client.Clock.DelayAsync(TimeSpan.FromSeconds(0.5), default);

        var log = await _client.Kubernetes("GET", $"{Pods}/{await FrontendAsync()}/log");

        Assert.Equal(HttpStatusCode.BadRequest, log.Status);
        Assert.Contains("is waiting to start: ContainerCreating", (string?)log.Json["message"], StringComparison.Ordinal);
    });

    [Fact]
    public Task The_log_of_a_pod_on_a_machine_that_is_off_is_not_to_be_had_and_that_takes_its_time() => Run(async () =>
    {
        var pod = await FrontendAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await StopFrontendsMachineAsync()).Status);
        await _client.Clock.DelayAsync(TimeSpan.FromSeconds(30), default);
        var begun = _client.Clock.GetUtcNow();

        var log = await _client.Kubernetes("GET", $"{Pods}/{pod}/log");

        Assert.Equal(HttpStatusCode.InternalServerError, log.Status);
        Assert.EndsWith("i/o timeout", (string?)log.Json["message"], StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), _client.Clock.GetUtcNow() - begun);
    });

    private async Task<string> FrontendAsync() =>
        (string)(await _client.Kubernetes("GET", $"{Pods}?labelSelector=service%3Dfrontend")).Items[^1]!["metadata"]!["name"]!;

    private Task<SandboxClient.Answer> StopFrontendsMachineAsync()
    {
        var environment = _client.Sandbox.Environment;
        var scaleSet = $"/subscriptions/{environment["AZURE_SUBSCRIPTION_ID"]}/resourceGroups/{environment["AZURE_CLUSTER_RESOURCE_GROUP"]}/providers"
            + $"/Microsoft.Compute/virtualMachineScaleSets/{environment["AZURE_CLUSTER_VMSS_NAME"]}";
        return _client.Azure("POST", $"{scaleSet}/virtualMachines/9/powerOff?api-version=2023-07-01&skipShutdown=true");
    }

    private Task Run(Func<Task> work) => _client.Clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(30));
}
