using System.Net;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Faults;

/// <summary>What clients see of a platform that is not well.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Nodes = "api/v1/nodes";

    private readonly SandboxClient _client = new();

    private ChaosSandbox Sandbox => _client.Sandbox;

    private string Machines =>
        $"subscriptions/{Sandbox.SubscriptionId}/resourceGroups/MC_contactsapp-rg_contactsapp_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-36421985-vmss/virtualMachines";

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(SandboxFaultKind.ApiServerAway, true, false)]
    [InlineData(SandboxFaultKind.AzureAway, false, true)]
    public async Task An_API_that_is_away_refuses_connections_and_the_other_one_does_not(SandboxFaultKind kind, bool kubernetes, bool azure)
    {
        await Add(new SandboxFault { Fault = kind });

        Assert.Equal(kubernetes, await IsAway(() => _client.Kubernetes("GET", Nodes)));
        Assert.Equal(azure, await IsAway(() => _client.Azure("GET", $"{Machines}?api-version=2023-07-01")));
    }

    [Fact]
    public async Task A_fault_hits_as_often_as_it_says_and_is_then_gone()
    {
        var added = await Add(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Kubernetes, Count = 2 });

        var first = await _client.Kubernetes("GET", Nodes);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (first.Status, first.Headers["Retry-After"]));
        Assert.Equal(HttpStatusCode.OK, (await _client.Azure("GET", $"{Machines}?api-version=2023-07-01")).Status);
        Assert.Equal((1, 1), Assert.Single(await Sandbox.GetFaultsAsync(default)) is var now ? (now.Count!.Value, now.Hits) : default);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _client.Kubernetes("GET", "version")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("GET", Nodes)).Status);

        Assert.Empty(await Sandbox.GetFaultsAsync(default));
        Assert.Equal("FaultNotFound", (await Assert.ThrowsAsync<ChaosException>(() => Sandbox.RemoveFaultAsync(added.Id, default))).ErrorId);
    }

    [Fact]
    public async Task A_fault_ends_with_its_time_on_the_sandboxs_clock()
    {
        var added = await Add(new SandboxFault { Fault = SandboxFaultKind.ApiServerAway }, TimeSpan.FromSeconds(30));
        Assert.Equal(Sandbox.Now.AddSeconds(30), added.Until);

        _client.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(await IsAway(() => _client.Kubernetes("GET", Nodes)));
        _client.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await IsAway(() => _client.Kubernetes("GET", Nodes)));
    }

    [Fact]
    public async Task A_fault_ends_when_it_is_removed()
    {
        var added = await Add(new SandboxFault { Fault = SandboxFaultKind.ApiServerAway });

        await Sandbox.RemoveFaultAsync(added.Id, default);

        Assert.False(await IsAway(() => _client.Kubernetes("GET", Nodes)));
    }

    [Fact]
    public async Task Azure_says_in_its_own_words_that_it_is_asked_too_much()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Azure });

        var answer = await _client.Azure("GET", $"{Machines}?api-version=2023-07-01");

        Assert.Equal((HttpStatusCode.TooManyRequests, "10"), (answer.Status, answer.Headers["Retry-After"]));
        Assert.Equal("OperationNotAllowed", (string?)answer.Json["error"]!["code"]);
    }

    [Fact]
    public async Task Conflicts_hit_changes_only()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.Conflict });

        Assert.Equal(HttpStatusCode.OK, (await _client.Kubernetes("GET", Nodes)).Status);
        var scale = await _client.Kubernetes(
            "PATCH", "apis/apps/v1/namespaces/contactsapp/deployments/search-deploy/scale", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.Conflict, scale.Status);
        Assert.StartsWith("Operation cannot be fulfilled on deployments.apps \"search-deploy\"", (string?)scale.Json["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _client.Azure("POST", $"{Machines}/0/poweroff?api-version=2023-07-01")).Status);
    }

    [Fact]
    public async Task A_failed_operation_leaves_the_machine_as_it_is()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.FailedOperation, NodeName = "*000000", Count = 1 });

        var status = await StatusOf("poweroff");

        Assert.Equal("Failed", (string?)status.Json["status"]);
        Assert.NotNull(status.Json["error"]!["code"]);
        Assert.Contains("PowerState/running", (await _client.Azure("GET", $"{Machines}/0/instanceView?api-version=2023-07-01")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_operation_is_carried_out_and_unknown()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.LostOperation });

        Assert.Equal(HttpStatusCode.NotFound, (await StatusOf("poweroff")).Status);
        _client.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("PowerState/stopped", (await _client.Azure("GET", $"{Machines}/0/instanceView?api-version=2023-07-01")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_machines_hit_the_nodes_that_they_name()
    {
        await Add(new SandboxFault { Fault = SandboxFaultKind.LostOperation, NodeName = "*00000a" });

        Assert.Equal(HttpStatusCode.OK, (await StatusOf("poweroff")).Status);
    }

    [Theory]
    [InlineData("faults", "Say which fault: one of ApiServerAway, ")]
    [InlineData("faults?fault=Nonesuch", "'Nonesuch' is no fault: one of ApiServerAway, ")]
    [InlineData("faults?fault=1", "'1' is no fault")]
    [InlineData("faults?fault=Throttling&count=0", "count must be")]
    [InlineData("faults?fault=Throttling&seconds=-1", "seconds must be")]
    [InlineData("faults?fault=SlowStart&node=nonesuch", "There is no node 'nonesuch'. There are: aks-nodepool1-")]
    [InlineData("faults?fault=Throttling&node=*", "Throttling is not of single nodes")]
    [InlineData("faults?fault=ApiServerAway&target=Azure", "ApiServerAway has no target to choose")]
    [InlineData("faults?fault=Throttling&delay=3", "Throttling has no delay")]
    public async Task A_fault_that_makes_no_sense_is_refused_with_what_would(string path, string expected)
    {
        var answer = await Control("POST", path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(expected, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_HTTP_they_are_added_listed_and_taken_away_all_at_once()
    {
        var added = await Control("POST", "faults?fault=throttling&target=azure&count=3&seconds=60");
        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal(("Throttling", "Azure", 3), ((string?)added.Json["fault"], (string?)added.Json["target"], (int?)added.Json["count"]));
        Assert.Contains("\"id\":1", (await Control("GET", "faults")).Body, StringComparison.Ordinal);

        Assert.Equal("[]", (await Control("DELETE", "faults")).Body);

        Assert.Equal(HttpStatusCode.NotFound, (await Control("DELETE", "faults/1")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Control("PUT", "faults/1")).Status);
    }

    private async Task<SandboxClient.Answer> StatusOf(string verb)
    {
        var accepted = await _client.Azure("POST", $"{Machines}/0/{verb}?api-version=2023-07-01");
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        return await _client.Send("GET", new Uri(accepted.Headers["Azure-AsyncOperation"]), null, "", null);
    }

    private Task<SandboxFault> Add(SandboxFault fault, TimeSpan? duration = null) => Sandbox.AddFaultAsync(fault, duration, default);

    private Task<SandboxClient.Answer> Control(string method, string path) => _client.Send(method, new Uri(Sandbox.ControlUri, path), null, "", null);

    private static async Task<bool> IsAway(Func<Task<SandboxClient.Answer>> ask)
    {
        try
        {
            await ask();
            return false;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return true;
        }
    }
}
