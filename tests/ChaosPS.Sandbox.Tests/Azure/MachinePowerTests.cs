using System.Net;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>The power of machines of every kind, through the Azure SDK's own pipeline, in front of the emulated Azure.</summary>
public sealed class MachinePowerTests : IDisposable
{
    private const string Providers = $"/subscriptions/{MachineWorld.Subscription}/resourceGroups/mc_shop-rg_shop_westeurope/providers/Microsoft.Compute";

    private readonly MachineWorld _world = new();

    public static TheoryData<string, PowerAction, PowerState> Changes
    {
        get
        {
            var data = new TheoryData<string, PowerAction, PowerState>();
            foreach (var node in new[] { "uniform-a", "flexible-a", "vm-a" })
            {
                data.Add(node, PowerAction.PowerOff, PowerState.Stopped);
                data.Add(node, PowerAction.Deallocate, PowerState.Deallocated);
                data.Add(node, PowerAction.Restart, PowerState.Running);
                data.Add(node, PowerAction.Reimage, PowerState.Running);
                data.Add(node, PowerAction.Redeploy, PowerState.Running);
            }

            return data;
        }
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Every_change_comes_to_its_end_on_every_kind_of_machine(string node, PowerAction action, PowerState state)
    {
        await _world.Change(node, action);

        Assert.Equal(state, (await _world.Machine(node)).PowerState);
        Assert.Equal(PowerState.Running, (await _world.Machine(node.Replace("-a", "-b", StringComparison.Ordinal))).PowerState);
        if (!state.IsOff()) return;
        await _world.Change(node, PowerAction.Start);
        Assert.Equal(PowerState.Running, (await _world.Machine(node)).PowerState);
    }

    [Theory]
    [MemberData(nameof(MachineWorld.Kinds), MemberType = typeof(MachineWorld))]
    public async Task A_deleted_machine_is_gone(string node)
    {
        var machine = await _world.Machine(node);

        await _world.Run(async () => await (await _world.Connection.Power.BeginAsync(machine, PowerAction.Delete, false, default)).WaitAsync(default));

        Assert.Equal("InstanceNotFound", (await MachineWorld.Fails(() => _world.Run(() => _world.Connection.Power.GetInstanceAsync(machine.ResourceId, default)))).ErrorId);
    }

    [Theory]
    [InlineData("spot-a", null)]
    [InlineData("spot-b", PowerState.Deallocated)]
    public async Task A_simulated_eviction_takes_a_spot_machine_away(string node, PowerState? left)
    {
        var machine = await _world.Machine(node);

        await _world.Run(async () => await (await _world.Connection.Power.BeginAsync(machine, PowerAction.SimulateEviction, false, default)).WaitAsync(default));

        var now = await _world.Run(() => _world.Connection.Power.GetMachinesAsync([machine.ResourceId], default));
        Assert.Equal(left, now.FirstOrDefault(other => other.ResourceId == machine.ResourceId)?.PowerState);
    }

    [Fact]
    public async Task Other_machines_are_not_evicted() =>
        Assert.Equal("AzureConflict", (await MachineWorld.Fails(() => _world.Change("vm-a", PowerAction.SimulateEviction))).ErrorId);

    [Theory]
    [InlineData("uniform-a", "POST", "/virtualMachineScaleSets/uniform/virtualmachines/0/poweroff?skipShutdown=true")]
    [InlineData("flexible-a", "POST", "/virtualMachines/flex_0a1b2c3d/powerOff?skipShutdown=true")]
    [InlineData("vm-a", "POST", "/virtualMachines/aks-vmpool-00000001/powerOff?skipShutdown=true")]
    public async Task The_call_is_that_of_the_machines_kind(string node, string method, string path)
    {
        await _world.Change(node, PowerAction.PowerOff, skipShutdown: true);

        Assert.Contains($"{method} {Providers}{path}", _world.Requests.All);
    }

    [Fact]
    public async Task Machines_are_read_in_one_listing_a_scale_set()
    {
        var nodes = await _world.Run(() => _world.Connection.Cluster.GetNodesAsync(default));

        var read = await _world.Run(() => _world.Connection.Power.WithPowerStatesAsync(nodes, default));

        Assert.All(read, static node => Assert.Equal(PowerState.Running, node.PowerState));
        Assert.Equal(
            [
                $"GET {Providers}/virtualMachineScaleSets/spot/virtualMachines?$expand=instanceView",
                $"GET {Providers}/virtualMachineScaleSets/uniform/virtualMachines?$expand=instanceView",
                $"GET {Providers}/virtualMachines", // which of them are in which scale set
                $"GET {Providers}/virtualMachines/aks-vmpool-00000001?$expand=instanceView",
                $"GET {Providers}/virtualMachines/aks-vmpool-00000002?$expand=instanceView",
                $"GET {Providers}/virtualMachines/spotvm?$expand=instanceView",
                $"GET {Providers}/virtualMachines?$filter='virtualMachineScaleSet/id' eq '{Providers}/virtualMachineScaleSets/flex'&$expand=instanceView",
            ],
            _world.Requests.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_waits_for_several_machines_of_a_scale_set_looks_once_for_all()
    {
        var power = _world.Connection.Power;
        ScaleSetInstance[] machines = [await _world.Machine("uniform-a"), await _world.Machine("uniform-b")];
        _world.Requests.All.Clear();

        await _world.Run(async () =>
        {
            var operations = new List<IPowerOperation>();
            foreach (var machine in machines) operations.Add(await power.BeginAsync(machine, PowerAction.PowerOff, false, default));
            await _world.Connection.Time.WhenAllAsync([.. operations.Select(operation => _world.Connection.Time.RunAsync(() => operation.WaitAsync(default)))]);
        });

        Assert.InRange(_world.Requests.All.Count(static request => request.Contains("instanceView", StringComparison.Ordinal)), 1, 2);
        Assert.All(machines, machine => Assert.DoesNotContain(_world.Requests.All, request => request.StartsWith($"GET {machine.ResourceId}", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(SandboxFaultKind.LocationOnly)]
    [InlineData(SandboxFaultKind.StatusOnly)]
    [InlineData(null)]
    public async Task An_operation_is_followed_in_each_form(SandboxFaultKind? form)
    {
        if (form is { } kind) await _world.Add(kind);

        await _world.Change("uniform-a", PowerAction.PowerOff);

        Assert.Equal(PowerState.Stopped, (await _world.Machine("uniform-a")).PowerState);
        var questions = _world.Requests.All.FindAll(static request => request.Contains("/operations/", StringComparison.Ordinal));
        Assert.NotEmpty(questions);
        Assert.All(questions, question => Assert.Equal(form == SandboxFaultKind.LocationOnly, question.Contains("monitor=true", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_operation_that_fails_is_told_in_each_form(bool byLocation)
    {
        if (byLocation) await _world.Add(SandboxFaultKind.LocationOnly);
        await _world.Change("uniform-a", PowerAction.Deallocate);
        if (byLocation) await _world.Add(SandboxFaultKind.LocationOnly);
        await _world.Add(SandboxFaultKind.FailedOperation, "ZonalAllocationFailed");

        var error = await MachineWorld.Fails(() => _world.Change("uniform-a", PowerAction.Start));

        Assert.Equal("PowerOperationFailed", error.ErrorId);
        Assert.Contains("start instance 'uniform_0' (node 'uniform-a')", error.Message, StringComparison.Ordinal);
        Assert.Contains("sufficient capacity for the requested VM size in this zone", error.Message, StringComparison.Ordinal);
        Assert.Contains("no room for this size now", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(PowerState.Deallocated, (await _world.Machine("uniform-a")).PowerState);
    }

    [Fact]
    public async Task An_operation_that_is_cancelled_says_who_may_have_done_it()
    {
        await _world.Add(SandboxFaultKind.CanceledOperation);

        var error = await MachineWorld.Fails(() => _world.Change("vm-a", PowerAction.PowerOff));

        Assert.Equal("PowerOperationFailed", error.ErrorId);
        Assert.Contains("ended as Canceled", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer operation", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uniform-a")]
    [InlineData("vm-a")]
    public async Task A_lost_operation_is_found_by_the_machines_state(string node)
    {
        await _world.Add(SandboxFaultKind.LostOperation);

        await _world.Change(node, PowerAction.PowerOff);

        Assert.Equal(PowerState.Stopped, (await _world.Machine(node)).PowerState);
    }

    [Fact]
    public async Task Asking_too_often_is_waited_out()
    {
        var machine = await _world.Machine("uniform-a");
        var operation = await _world.Run(() => _world.Connection.Power.BeginAsync(machine, PowerAction.PowerOff, false, default));
        await _world.Sandbox.AddFaultAsync(new SandboxFault { Fault = SandboxFaultKind.Throttling, Target = SandboxFaultTarget.Azure, Count = 8 }, null, default);
        var start = _world.Sandbox.Now;

        await _world.Run(() => operation.WaitAsync(default));

        Assert.InRange(_world.Sandbox.Now - start, TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task A_token_that_ends_while_it_is_waited_says_that_nobody_is_logged_in()
    {
        var machine = await _world.Machine("uniform-a");
        var operation = await _world.Run(() => _world.Connection.Power.BeginAsync(machine, PowerAction.PowerOff, false, default));
        _world.Requests.Instead = static request => request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.Unauthorized)
            {
                Content = new StringContent("""{"error":{"code":"ExpiredAuthenticationToken","message":"The access token expiry UTC time is earlier than current UTC time."}}"""),
            }
            : null;

        var error = await MachineWorld.Fails(() => _world.Run(() => operation.WaitAsync(default)));

        Assert.Equal(("AzureAuthenticationFailed", ErrorKind.AuthenticationFailed), (error.ErrorId, error.Kind));
        Assert.Contains("power off instance 'uniform_0'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_in_the_way_is_waited_for()
    {
        await _world.Sandbox.AddFaultAsync(
            new SandboxFault { Fault = SandboxFaultKind.Conflict, Target = SandboxFaultTarget.Azure }, TimeSpan.FromMinutes(2), default);
        var start = _world.Sandbox.Now;

        await _world.Change("vm-a", PowerAction.PowerOff);

        Assert.InRange(_world.Sandbox.Now - start, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(160));
    }

    [Fact]
    public async Task What_is_left_of_the_limits_stands_in_every_answer()
    {
        using var client = new SandboxClient();
        var path = $"subscriptions/{client.Sandbox.SubscriptionId}?api-version=2022-12-01";
        Assert.Equal("249", (await client.Azure("GET", path)).Headers["x-ms-ratelimit-remaining-subscription-reads"]);
        for (var call = 0; call < 249; call++) await client.Azure("GET", path);

        var refused = await client.Azure("GET", path);

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.Status, refused.Headers["Retry-After"]));
        client.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("24", (await client.Azure("GET", path)).Headers["x-ms-ratelimit-remaining-subscription-reads"]);
    }
}
