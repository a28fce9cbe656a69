using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Preflight;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Lists that come in pages: read to their end or not at all, and never from somebody else.</summary>
public sealed class PagingTests : IAsyncLifetime, IDisposable
{
    private const string Elsewhere = "https://elsewhere.example.com/next?api-version=1";

    private readonly MachineWorld _world = new();
    private readonly List<int> _refusals = [];
    private IReadOnlyList<ScaleSet> _sets = [];

    public async Task InitializeAsync()
    {
        _sets = await _world.Run(() => _world.Connection.Power.FindScaleSetsAsync(null, default));
        foreach (var code in (string[])["ScopeLocked", "ScopeLocked", "DenyAssignmentAuthorizationFailed", "DenyAssignmentAuthorizationFailed"])
            _refusals.Add((await _world.Add(SandboxFaultKind.Refusal, code, count: null)).Id);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _world.Dispose();

    /// <summary>Each list that is read, what is in it, and how many pages of one that is.</summary>
    public static TheoryData<string, int> Lists => new()
    {
        { "instances of a uniform scale set", 2 },
        { "machines of a flexible scale set", 2 },
        { "machines of a resource group", 8 },
        { "scale sets of Resource Graph", 3 },
        { "permissions", 2 },
        { "quotas", 2 },
        { "deny assignments", 2 },
        { "locks", 2 },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_of_many_pages_is_the_same_list(string list, int pages)
    {
        var whole = await ReadAsync(list);
        var requests = _world.Requests.All.Count;
        await _world.Add(SandboxFaultKind.SmallPages, count: null);

        Assert.Equal(whole, await ReadAsync(list));
        Assert.InRange(_world.Requests.All.Count - requests, Math.Max(2, pages - 3), 12);
        Assert.Contains(_world.Requests.All.Skip(requests), static request => request.Contains("$skiptoken=1", StringComparison.OrdinalIgnoreCase) || request.Contains("ResourceGraph", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_stands_on_a_second_page_only_is_found_by_the_pre_flight()
    {
        await _world.Add(SandboxFaultKind.SmallPages, count: null);

        var findings = await _world.Run(() => AzureTest.RunAsync(_world.Connection, null, default));

        ConnectionFinding[] errors = [.. findings.Where(static finding => finding.Severity == ConnectionSeverity.Error)];
        Assert.All(_refusals[..2], id => Assert.Single(errors, finding => finding.Check == "Locks" && finding.Evidence.StartsWith($"the lock sandbox-fault-{id} keeps everybody", StringComparison.Ordinal)));
        Assert.All(_refusals[2..], id => Assert.Single(
            errors, finding => finding.Check == "Rights on uniform" && finding.Evidence.StartsWith($"the deny assignment sandbox fault {id} forbids powerOff/action, start/action", StringComparison.Ordinal)));
        Assert.All((string[])["/locks", "/denyAssignments"], list => Assert.Contains(
            _world.Requests.All, request => request.Contains(list, StringComparison.Ordinal) && request.Contains("$skiptoken=1", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [MemberData(nameof(MachineWorld.Kinds), MemberType = typeof(MachineWorld))]
    public async Task Machines_are_stopped_and_started_where_lists_have_many_pages(string node)
    {
        await _world.Add(SandboxFaultKind.SmallPages, count: null);
        foreach (var id in _refusals) await _world.Sandbox.RemoveFaultAsync(id, default);

        await _world.Change(node, PowerAction.PowerOff);
        Assert.Equal(PowerState.Stopped, (await _world.Machine(node)).PowerState);
        await _world.Change(node, PowerAction.Start);
        Assert.Equal(PowerState.Running, (await _world.Machine(node)).PowerState);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_second_page_that_fails_leaves_no_shorter_list(string list, int pages)
    {
        Assert.True(pages > 1);
        await _world.Add(SandboxFaultKind.SmallPages, count: null);
        AnswerSecond(static () => Refuse(HttpStatusCode.InternalServerError, "InternalServerError"));

        var error = await MachineWorld.Fails(() => ReadAsync(list));

        Assert.Equal(("AzureServiceFailed", ErrorKind.OperationFailed), (error.ErrorId, error.Kind));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_second_page_that_is_too_much_is_waited_for(string list, int pages)
    {
        Assert.True(pages > 1);
        var whole = await ReadAsync(list);
        await _world.Add(SandboxFaultKind.SmallPages, count: null);
        var left = 2;
        AnswerSecond(() => left-- > 0 ? Refuse(HttpStatusCode.TooManyRequests, "TooManyRequests") : null);
        var began = _world.Connection.Time.GetUtcNow();

        Assert.Equal(whole, await ReadAsync(list));
        Assert.Equal(TimeSpan.FromSeconds(34), _world.Connection.Time.GetUtcNow() - began);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_next_page_on_another_host_is_not_asked_for(string list, int pages)
    {
        Assert.True(pages > 1);
        if (list.Contains("Graph", StringComparison.Ordinal)) return; // its next page has no address, but a token
        await _world.Add(SandboxFaultKind.SmallPages, count: null);
        _world.Requests.Instead = static request => request.Method == HttpMethod.Get ? Json($$"""{"value":[],"nextLink":"{{Elsewhere}}"}""") : null;

        var error = await MachineWorld.Fails(() => ReadAsync(list));

        Assert.Equal("AzureAddressForeign", error.ErrorId);
        Assert.Contains("it goes on at https://elsewhere.example.com, which is not https://management.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere.example.com", _world.Requests.OtherHosts);
    }

    [Theory]
    [InlineData("Azure-AsyncOperation")]
    [InlineData("Location")]
    public async Task An_operation_on_another_host_is_not_asked_for(string header)
    {
        var machine = await _world.Machine("uniform-a");
        _world.Requests.Instead = request =>
        {
            if (request.Method != HttpMethod.Post) return null;
            var accepted = new HttpResponseMessage(HttpStatusCode.Accepted) { RequestMessage = request, Content = new StringContent("") };
            accepted.Headers.Add(header, Elsewhere);
            return accepted;
        };

        var error = await MachineWorld.Fails(() => _world.Run(async () =>
            await (await _world.Connection.Power.BeginAsync(machine, PowerAction.Restart, false, default)).WaitAsync(default)));

        Assert.Equal("AzureAddressForeign", error.ErrorId);
        Assert.DoesNotContain("elsewhere.example.com", _world.Requests.OtherHosts);
    }

    [Fact]
    public async Task A_region_of_the_resource_manager_is_no_other_host()
    {
        var region = $"https://westeurope.{_world.Sandbox.AzureUri.Host}/next?api-version=1";
        var first = true;
        _world.Requests.Instead = request =>
        {
            if (request.RequestUri!.Host.StartsWith("westeurope.", StringComparison.Ordinal)) return Json("""{"value":[]}""");
            if (request.Method != HttpMethod.Get || !first) return null;
            first = false;
            return Json($$"""{"value":[],"nextLink":"{{region}}"}""");
        };

        Assert.Empty(await ReadAsync("permissions"));
        Assert.Contains(new Uri(region).Host, _world.Requests.OtherHosts);
    }

    private Task<string[]> ReadAsync(string list) => _world.Run<string[]>(async () =>
    {
        var (power, azure) = (_world.Connection.Power, _world.Connection.Azure!);
        var group = $"/subscriptions/{MachineWorld.Subscription}/resourceGroups/{MachineWorld.Group}";
        return list switch
        {
            "instances of a uniform scale set" => [.. (await power.GetInstancesAsync(_sets.Single(static set => set.Name == "uniform"), default)).Select(static machine => $"{machine.ResourceId} {machine.PowerState}")],
            "machines of a flexible scale set" => [.. (await power.GetInstancesAsync(_sets.Single(static set => set.Flexible), default)).Select(static machine => $"{machine.ResourceId} {machine.PowerState}")],
            "machines of a resource group" => [.. (await power.GetVirtualMachinesAsync(
                [$"{group}/providers/Microsoft.Compute/virtualMachines/aks-vmpool-00000001", $"{group}/providers/Microsoft.Compute/virtualMachines/flex_0a1b2c3e"], default))
                .Select(static machine => $"{machine.ResourceId} {machine.PowerState}")],
            "permissions" => [.. (await azure.GetPermissionsAsync(group, default)).SelectMany(static rights => rights.Actions)],
            "deny assignments" => [.. (await azure.GetDenyAssignmentsAsync(group, default)).Select(static assignment => assignment.Name)],
            "locks" => [.. (await azure.GetLocksAsync(MachineWorld.Subscription, MachineWorld.Group, default)).Select(static found => found.ResourceId)],
            "quotas" => [.. (await azure.GetQuotasAsync(MachineWorld.Subscription, "westeurope", default)).Select(static quota => $"{quota}")],
            _ => [.. (await power.FindScaleSetsAsync(null, default)).Select(static set => set.ResourceId)],
        };
    });

    private void AnswerSecond(Func<HttpResponseMessage?> answer) => _world.Requests.Instead = request =>
    {
        var second = request.RequestUri!.Query.Contains("skiptoken=1", StringComparison.OrdinalIgnoreCase)
            || (request.Method == HttpMethod.Post && JsonNode.Parse(_world.Requests.Bodies[^1])!["options"]?["$skipToken"] is not null);
        return second ? answer() : null;
    };

    private static HttpResponseMessage Refuse(HttpStatusCode status, string code)
    {
        var answer = Json($$$"""{"error":{"code":"{{{code}}}","message":"No."}}""", status);
        if (status == HttpStatusCode.TooManyRequests) answer.Headers.Add("Retry-After", "17");
        return answer;
    }

    private static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
