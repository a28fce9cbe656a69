using System.Globalization;
using System.Text.Json;
using Azure.Identity;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Azure;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Azure;

public sealed class AzureNodePowerTests : IDisposable
{
    private const string Subscription = FakeArm.Subscription;
    private const string SetId = $"/subscriptions/{Subscription}/resourceGroups/MC_app/providers/Microsoft.Compute/virtualMachineScaleSets/pool";
    private const string StatusPath = $"/subscriptions/{Subscription}/providers/Microsoft.Compute/locations/westeurope/operations/op1?api-version=2023-07-01";
    private const string StatusUri = "https://arm.example.com" + StatusPath;

    private readonly FakeServer _server = new();
    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private readonly AzureNodePower _power;

    public AzureNodePowerTests() => _power = new AzureNodePower(
        () => FakeArm.Of(_server, _clock),
        _ => Task.FromResult<IReadOnlyList<string>>([Subscription]), _clock);

    public void Dispose() => _server.Dispose();

    private static ScaleSetInstance Instance { get; } = new()
    {
        ResourceId = SetId + "/virtualMachines/10",
        Name = "pool_10",
        InstanceId = "10",
        ComputerName = "pool00000a",
        ScaleSet = new ScaleSet(SetId, "pool", "MC_app", Subscription, "westeurope"),
    };

    /// <summary>The listing that says what became of the machine.</summary>
    private static string Listing(string powerState) => $$$"""{"value":[{{{Vm("10", powerState)}}}]}""";

    private static string Vm(string id, string state) => $$$"""
        {"id":"{{{SetId}}}/virtualMachines/{{{id}}}","name":"pool_{{{id}}}","instanceId":"{{{id}}}","location":"westeurope","zones":["1"],
         "properties":{"provisioningState":"Succeeded","osProfile":{"computerName":"pool00000{{{id}}}"},
          "instanceView":{"statuses":[{"code":"ProvisioningState/succeeded"},{"code":"PowerState/{{{state}}}"}]}  }  }
        """;

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20));

    private async Task<ChaosException> Fails(Func<Task> work) =>
        FakeArm.Located(await Assert.ThrowsAsync<ChaosException>(() => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(20))));

    private Task<IPowerOperation> Begin(PowerAction action = PowerAction.PowerOff, bool skipShutdown = false) =>
        Run(() => _power.BeginAsync(Instance, action, skipShutdown, default));

    private static string Error(string code, string message) => $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""";

    private FakeServer Accepted(params (string Name, string Value)[] more) => _server.Answer(202, "", [("Azure-AsyncOperation", StatusUri), .. more]);

    [Fact]
    public async Task Scale_sets_are_found_page_by_page()
    {
        _server
            .Answer(200, $$$"""{"totalRecords":2,"count":1,"data":[{"id":"{{{SetId}}}2","name":"pool2","location":"westeurope","properties":{}}],"$skipToken":"next"}""")
            .Answer(200, $$$"""{"totalRecords":2,"count":1,"data":[{"id":"{{{SetId}}}","name":"pool","location":"westeurope","properties":{"orchestrationMode":"Uniform"}}]}""");

        var sets = await Run(() => _power.FindScaleSetsAsync("where resourceGroup =~ 'MC_app'", default));

        Assert.Equal([new ScaleSet(SetId, "pool", "MC_app", Subscription, "westeurope"), new ScaleSet(SetId + "2", "pool2", "MC_app", Subscription, "westeurope")], sets);
        Assert.All(_server.Requests, request => Assert.Equal("POST /providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", request));
        var first = JsonElement.Parse(_server.Bodies[0]);
        Assert.Equal("Resources | where type =~ 'microsoft.compute/virtualmachinescalesets' | where resourceGroup =~ 'MC_app'", first.GetProperty("query").GetString());
        Assert.Equal(Subscription, first.GetProperty("subscriptions")[0].GetString());
        Assert.Equal("next", JsonElement.Parse(_server.Bodies[1]).GetProperty("options").GetProperty("$skipToken").GetString());
    }

    [Fact]
    public async Task A_filter_that_azure_cannot_read_is_told_in_azures_words()
    {
        _server.Answer(400, """{"error":{"code":"BadRequest","message":"Please provide below info when asking for support.","details":[{"code":"InvalidQuery","message":"Query is invalid."},{"code":"ParserFailure","message":"token=whree"}]}}""");

        var error = await Fails(() => _power.FindScaleSetsAsync("whree x", default));

        Assert.Equal("FilterInvalid", error.ErrorId);
        Assert.Contains("'whree x'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Query is invalid. token=whree", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"pool"}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{"id":"pool"}""")]
    [InlineData("""{"id":""}""")]
    [InlineData("""["pool"]""")]
    public async Task A_filter_that_drops_the_id_is_refused(string row)
    {
        _server.Answer(200, $$"""{"data":[{{row}}]}""");

        Assert.Contains("no column 'id'", (await Fails(() => _power.FindScaleSetsAsync("project name", default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Azure-AsyncOperation", "/subscriptions/s/operations/op1")]
    [InlineData("Location", "operations/op1")]
    [InlineData("Location", "https://")]
    [InlineData("Azure-AsyncOperation", "mailto:op1")]
    public async Task An_operation_whose_address_is_none_may_have_been_carried_out(string header, string address)
    {
        _server.Answer(202, "", (header, address));

        var error = await Fails(() => Begin());

        Assert.Equal("AzureAnswerInvalid", error.ErrorId);
        Assert.False(ChangeSet.IsRefusal(error));
    }

    [Fact]
    public async Task Instances_are_listed_with_their_power_states_in_one_listing()
    {
        _server
            .Answer(200, $$$"""{"value":[{{{Vm("10", "deallocated")}}}],"nextLink":"https://arm.example.com/next?page=2"}""")
            .Answer(200, $$$"""{"value":[{{{Vm("9", "running")}}},{{{Vm("0", "weird")}}}]}""");

        var instances = await Run(() => _power.GetInstancesAsync(SetId, default));

        Assert.Equal(
            [("0", PowerState.Unknown), ("9", PowerState.Running), ("10", PowerState.Deallocated)],
            instances.Select(instance => (instance.InstanceId, instance.PowerState)));
        Assert.Equal(("pool_0", "pool000000", "1", "Succeeded"), (instances[0].Name, instances[0].ComputerName, instances[0].Zone, instances[0].ProvisioningState));
        Assert.Equal(new ScaleSet(SetId, "pool", "MC_app", Subscription, "westeurope"), instances[0].ScaleSet);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Contains("$expand=instanceView", Uri.UnescapeDataString(_server.Requests[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PowerAction.PowerOff, false, "POST", "/poweroff?skipshutdown=false&api-version")]
    [InlineData(PowerAction.PowerOff, true, "POST", "/poweroff?skipshutdown=true&api-version")]
    [InlineData(PowerAction.Deallocate, false, "POST", "/deallocate?api-version")]
    [InlineData(PowerAction.Start, false, "POST", "/start?api-version")]
    [InlineData(PowerAction.Restart, false, "POST", "/restart?api-version")]
    [InlineData(PowerAction.Reimage, false, "POST", "/reimage?api-version")]
    [InlineData(PowerAction.Redeploy, false, "POST", "/redeploy?api-version")]
    [InlineData(PowerAction.SimulateEviction, false, "POST", "/simulateeviction?api-version")]
    [InlineData(PowerAction.Delete, false, "DELETE", "/virtualmachines/10?api-version")]
    public async Task Each_action_is_one_call(PowerAction action, bool skipShutdown, string method, string end)
    {
        _ = action == PowerAction.SimulateEviction ? _server.Answer(204, "") : Accepted();

        await Begin(action, skipShutdown);

        var request = Assert.Single(_server.Requests);
        Assert.StartsWith(method, request, StringComparison.Ordinal);
        Assert.Contains(end, request.ToLower(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_is_polled_on_the_clock_until_it_has_succeeded()
    {
        Accepted().Answer(200, """{"status":"InProgress"}""").Answer(200, """{"status":"InProgress"}""").Answer(200, """{"status":"Succeeded"}""").Answer(200, Listing("stopped"));
        var operation = await Begin();
        var start = _clock.GetUtcNow();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(TimeSpan.FromSeconds(15), _clock.GetUtcNow() - start);
        Assert.Equal(3, _server.Requests.Count(request => request == "GET " + StatusPath));
        Assert.Single(_server.Requests, request => request.StartsWith("GET ", StringComparison.Ordinal) && request.Contains("instanceView", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retry_after_sets_the_pause()
    {
        Accepted(("Retry-After", "30")).Answer(200, """{"status":"InProgress"}""", ("Retry-After", "7")).Answer(200, """{"status":"Succeeded"}""").Answer(200, Listing("stopped"));
        var operation = await Begin();
        var start = _clock.GetUtcNow();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(TimeSpan.FromSeconds(37), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task An_operation_known_by_location_only_is_polled_too()
    {
        _server.Answer(202, "", ("Location", StatusUri)).Answer(202, "").Answer(200, "").Answer(200, Listing("stopped"));
        var operation = await Begin();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task What_is_done_at_once_is_not_polled()
    {
        _server.Answer(200, "").Answer(200, Listing("stopped"));
        var operation = await Begin();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    [InlineData("Failed", """{"status":"Failed","error":{"code":"AllocationFailed","message":"No capacity in the zone."}}""", "No capacity in the zone (AllocationFailed)")]
    [InlineData("Canceled", """{"status":"Canceled","error":{"code":"OperationPreempted","message":"A newer operation took over."}}""", "A newer operation took over (OperationPreempted)")]
    public async Task An_operation_that_ends_badly_says_so_with_arms_code_and_words(string status, string body, string reason)
    {
        Accepted().Answer(200, body);
        var operation = await Begin(PowerAction.Start);

        var error = await Fails(() => operation.WaitAsync(default));

        Assert.Equal("PowerOperationFailed", error.ErrorId);
        Assert.Equal($"Azure accepted to start instance 'pool_10' (node 'pool00000a') in {FakeArm.Place}, but the operation ended as {status}: {reason}.", error.Message);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Of_an_operation_that_azure_has_forgotten_the_machine_tells(int status)
    {
        Accepted().Answer(status, Error("NotFound", "The operation was not found.")).Answer(200, Listing("stopping")).Answer(200, Listing("stopped"));
        var operation = await Begin();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(4, _server.Requests.Count);
    }

    [Theory]
    [InlineData(PowerAction.PowerOff, "running", 121)]
    [InlineData(PowerAction.Restart, "running", 1)]
    public async Task An_operation_is_lost_when_the_machine_does_not_tell_either(PowerAction action, string state, int looks)
    {
        Accepted().Answer(404, Error("NotFound", "The operation was not found."));
        for (var look = 0; look < looks; look++) _server.Answer(200, Listing(state));
        var operation = await Begin(action);

        var error = await Fails(() => operation.WaitAsync(default));

        Assert.Equal("PowerOperationLost", error.ErrorId);
        Assert.Contains("The machine is Running", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_not_as_its_operation_says_is_told()
    {
        Accepted().Answer(200, """{"status":"Succeeded" }""");
        for (var look = 0; look < 25; look++) _server.Answer(200, Listing("running"));
        var operation = await Begin();

        Assert.Equal("PowerStateOther", (await Fails(() => operation.WaitAsync(default))).ErrorId);
    }

    [Fact]
    public async Task That_arm_does_not_answer_for_a_while_does_not_end_the_waiting()
    {
        Accepted();
        for (var attempt = 0; attempt < 12; attempt++) _server.Answer(503, Error("ServiceUnavailable", "Later."));
        _server.Answer(200, """{"status":"Succeeded"}""").Answer(200, Listing("stopped"));
        var operation = await Begin();

        await _clock.RunAsync(() => operation.WaitAsync(default));
    }

    [Fact]
    public async Task Few_calls_left_slow_the_asking_down()
    {
        Accepted(("x-ms-ratelimit-remaining-resource", "Microsoft.Compute/GetOperation3Min;3,Microsoft.Compute/GetOperation30Min;900"))
            .Answer(200, """{"status":"Succeeded"}""").Answer(200, Listing("stopped"));
        var operation = await Begin();
        var start = _clock.GetUtcNow();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(TimeSpan.FromSeconds(30), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Another_operation_in_the_way_is_waited_for()
    {
        _server.Answer(409, Error("AnotherOperationInProgress", "Another operation is in progress."))
            .Answer(409, Error("OperationNotAllowed", "Another operation (Updating) is in progress."), ("Retry-After", "20"));
        Accepted();
        var start = _clock.GetUtcNow();

        await Begin();

        Assert.Equal(TimeSpan.FromSeconds(30), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task What_stays_in_the_way_is_told_after_five_minutes()
    {
        for (var attempt = 0; attempt <= 30; attempt++) _server.Answer(409, Error("AnotherOperationInProgress", "Another operation is in progress."));

        var error = await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default));

        Assert.Equal(("AzureBusy", ErrorKind.Conflict), (error.ErrorId, error.Kind));
        Assert.Contains("after 5 min 0 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("instance 'pool_10' (node 'pool00000a')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_marked_for_deletion_is_not_waited_for()
    {
        _server.Answer(409, Error("OperationNotAllowed", "Operation 'powerOff' is not allowed on VM since the VM is marked for deletion. An operation is in progress."));

        Assert.Equal("AzureConflict", (await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default))).ErrorId);
    }

    [Fact]
    public async Task Waiting_too_often_is_waited_out_on_the_clock()
    {
        Accepted().Answer(429, Error("OperationNotAllowed", "slow down"), ("Retry-After", "40")).Answer(200, """{"status":"Succeeded"}""").Answer(200, Listing("stopped"));
        var operation = await Begin();
        var start = _clock.GetUtcNow();

        await _clock.RunAsync(() => operation.WaitAsync(default));

        Assert.Equal(TimeSpan.FromSeconds(45), _clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting()
    {
        Accepted();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(3), _clock);
        var operation = await Begin();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.RunAsync(() => operation.WaitAsync(source.Token)));
    }

    [Theory]
    [InlineData(401, "ExpiredAuthenticationToken", "AzureAuthenticationFailed", ErrorKind.AuthenticationFailed)]
    [InlineData(403, "AuthorizationFailed", "AzureForbidden", ErrorKind.PermissionDenied)]
    [InlineData(404, "ResourceNotFound", "AzureResourceNotFound", ErrorKind.NotFound)]
    [InlineData(409, "OperationNotAllowed", "AzureConflict", ErrorKind.Conflict)]
    [InlineData(400, "InvalidParameter", "AzureRequestRefused", ErrorKind.InvalidArgument)]
    public async Task A_refusal_names_the_instance_the_code_and_the_reason(int status, string code, string id, ErrorKind kind)
    {
        _server.Answer(status, Error(code, "Because."));

        var error = await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default));

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains("power off instance 'pool_10' (node 'pool00000a')", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Because", error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_right_that_arm_does_not_name_is_that_of_the_call()
    {
        _server.Answer(403, Error("AuthorizationFailed", "No."));

        var missing = await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default));

        Assert.Contains("Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action", missing.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "AzureTooManyRequests")]
    [InlineData(500, "AzureServiceFailed")]
    [InlineData(503, "AzureServiceFailed")]
    public async Task What_may_pass_is_tried_five_times_on_the_clock(int status, string id)
    {
        for (var attempt = 0; attempt < 5; attempt++) _server.Answer(status, Error("Busy", "Later."));
        var start = _clock.GetUtcNow();

        var error = await Fails(() => _power.GetInstancesAsync(SetId, default));

        Assert.Equal(id, error.ErrorId);
        Assert.Equal(TimeSpan.FromSeconds(1 + 2 + 4 + 8), _clock.GetUtcNow() - start);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_after_a_lost_answer_does_not_say_that_nothing_was_changed(bool gateway)
    {
        _ = gateway ? _server.Answer(502, "Bad gateway") : _server.Throw(new HttpRequestException("outer", new IOException("Connection reset")));
        _server.Answer(409, Error("OperationNotAllowed", "Busy."));

        var error = await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default));

        Assert.Equal(("AzureUnreachable", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.Contains("may have carried out", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3600")] // longer than anybody waits
    [InlineData("1")]
    public async Task A_limit_after_a_lost_answer_does_not_say_that_nothing_was_changed(string pause)
    {
        _server.Answer(502, "Bad gateway");
        for (var attempt = 1; attempt < 5; attempt++) _server.Answer(429, Error("TooManyRequests", "Later."), ("Retry-After", pause));

        var error = await Fails(() => _power.BeginAsync(Instance, PowerAction.PowerOff, false, default));

        Assert.Equal(("AzureUnreachable", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.Contains("may have carried out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_lasts_too_long_is_told_at_once()
    {
        _server.Answer(429, Error("TooManyRequests", "Later."), ("Retry-After", "600"));

        Assert.Equal("AzureTooManyRequests", (await Fails(() => _power.GetInstancesAsync(SetId, default))).ErrorId);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_told_after_the_retries()
    {
        for (var attempt = 0; attempt < 5; attempt++) _server.Throw(new HttpRequestException("outer", new IOException("Connection refused")));

        var error = await Fails(() => _power.GetInstancesAsync(SetId, default));

        Assert.Equal("AzureUnreachable", error.ErrorId);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_logged_in_is_an_authentication_error() => Assert.Equal(
        "AzureAuthenticationFailed",
        AzureFailure.Translate(FakeArm.Of(_server, _clock).Call("list", "x", []), new CredentialUnavailableException("Please run az login.\nmore"))?.ErrorId);

    [Fact]
    public void A_defect_is_not_dressed_as_a_failure_of_azure() =>
        Assert.Null(AzureFailure.Translate(FakeArm.Of(_server, _clock).Call("list", "x", []), new InvalidCastException()));
}
