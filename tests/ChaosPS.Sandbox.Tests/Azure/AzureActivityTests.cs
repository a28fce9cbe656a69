using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Every function of chaosazure's machine, vmss and aks modules that is carried out: its effect on the sandbox, and its call beside the recorded one.</summary>
public sealed partial class AzureActivityTests : IDisposable
{
    private readonly MachineWorld _world = new();
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Theory]
    [InlineData("vmss.actions", "stop_vmss", "name =~ 'uniform'", "uniform", PowerState.Stopped, 1)]
    [InlineData("vmss.actions", "stop_vmss", "name =~ 'flex'", "flexible", PowerState.Stopped, 1)]
    [InlineData("vmss.actions", "deallocate_vmss", "name =~ 'uniform'", "uniform", PowerState.Deallocated, 1)]
    [InlineData("vmss.actions", "restart_vmss", "name =~ 'uniform'", "uniform", PowerState.Running, 2)]
    [InlineData("vmss.actions", "redeploy_vmss", "name =~ 'uniform'", "uniform", PowerState.Running, 2)]
    [InlineData("vmss.actions", "reimage_vmss", "name =~ 'uniform'", "uniform", PowerState.Running, 2)]
    [InlineData("vmss.actions", "delete_vmss", "name =~ 'uniform'", "uniform", PowerState.Running, 1)]
    [InlineData("vmss.actions", "evict_vmss", "name =~ 'spot'", "spot-a", PowerState.Running, 0)]
    [InlineData("machine.actions", "stop_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Stopped, 1)]
    [InlineData("machine.actions", "deallocate_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Deallocated, 1)]
    [InlineData("machine.actions", "restart_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Running, 1)]
    [InlineData("machine.actions", "redeploy_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Running, 1)]
    [InlineData("machine.actions", "reimage_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Running, 1)]
    [InlineData("machine.actions", "delete_machines", "name =~ 'aks-vmpool-00000001'", "vm-a", PowerState.Running, 0)]
    [InlineData("machine.actions", "evict_machines", "name =~ 'spotvm'", "spot-b", PowerState.Deallocated, 1)]
    [InlineData("aks.actions", "stop_node", "name =~ 'shop'", "", PowerState.Stopped, 1)]
    [InlineData("aks.actions", "restart_node", "name =~ 'shop'", "", PowerState.Running, 8)]
    [InlineData("aks.actions", "delete_node", "name =~ 'shop'", "", PowerState.Running, 7)]
    public async Task An_action_has_its_effect_and_no_other(string module, string function, string filter, string pool, PowerState state, int count)
    {
        var machines = await MachinesAsync();
        Dictionary<string, PowerState?>? seen = null;
        _world.Requests.Instead = request =>
        {
            // The undo begins here: what the action has done is to be seen before it.
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/start", StringComparison.Ordinal)) seen ??= States(machines);
            return null;
        };

        var run = await RunAsync(module, function, $"where {filter}");

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        var target = Assert.Single(run.Targets);
        var states = seen ?? States(machines);
        Assert.Equal(count, states.Count(machine => machine.Key.StartsWith(pool, StringComparison.Ordinal) && machine.Value == state));
        Assert.All(states.Where(machine => machine.Key != target.Name), static machine => Assert.Equal(PowerState.Running, machine.Value));
        Assert.Equal(machines.Count - (function.StartsWith("delete", StringComparison.Ordinal) || function == "evict_vmss" ? 1 : 0), states.Count(static machine => machine.Value is not null));
        Assert.Equal(seen is null ? 1 : 2, Changing().Count);
    }

    [Fact]
    public async Task A_whole_cluster_is_stopped_and_started_again_in_the_end()
    {
        var machines = await MachinesAsync();
        (Dictionary<string, PowerState?> States, string? Cluster, bool Answers)? seen = null;
        _world.Requests.Instead = request =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/shop/start", StringComparison.Ordinal)) seen = (States(machines), ClusterState(), Answers());
            return null;
        };

        var run = await RunAsync(Text("action", "chaosazure.aks.actions", "stop_managed_clusters", "where name =~ 'shop'"), true, everything: true);

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        Assert.Equal(("Stopped", false), (seen!.Value.Cluster, seen.Value.Answers));
        Assert.All(seen.Value.States, static machine => Assert.Equal(PowerState.Deallocated, machine.Value));
        Assert.All(States(machines), static machine => Assert.Equal(PowerState.Running, machine.Value));
        Assert.Equal(("Running", true), (ClusterState(), Answers()));
        Assert.Equal([$"Started AKS cluster shop in subscription {MachineWorld.Subscription}{MachineWorld.Place}.", "8 nodes are Ready."], run.UndoSteps);
    }

    [Fact]
    public async Task A_rollback_starts_a_whole_cluster()
    {
        var run = await RunAsync(
            Text("action", "chaosazure.aks.actions", "stop_managed_clusters", "where name =~ 'shop'") + "\n"
            + Text("action", "chaosazure.aks.actions", "start_managed_clusters", "where name =~ 'shop'")
                .Replace("title: t\ndescription: d\nmethod:", "rollbacks:", StringComparison.Ordinal),
            true, everything: true);

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        Assert.Equal(["stop", "start"], Changing().Select(static call => call[(call.LastIndexOf('/') + 1)..]));
        Assert.Equal("Running", ClusterState());
    }

    [Fact]
    public async Task A_whole_cluster_is_deleted()
    {
        var machines = await MachinesAsync();

        var run = await RunAsync(Text("action", "chaosazure.aks.actions", "delete_managed_clusters", "where name =~ 'shop'"), true, everything: true);

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        Assert.All(States(machines), static machine => Assert.Null(machine.Value));
        Assert.Equal((null, false), (ClusterState(), Answers()));
    }

    [Theory]
    [InlineData("stop_managed_clusters", true, "MaxNodesDown")]
    [InlineData("delete_managed_clusters", true, "MaxNodesDown")]
    [InlineData("stop_managed_clusters", false, "-AllowIrreversible")]
    public async Task A_whole_cluster_is_not_touched_unless_the_run_may_take_all_of_it_down(string function, bool allow, string why)
    {
        var run = await RunAsync(Text("action", "chaosazure.aks.actions", function, "where name =~ 'shop'"), allow, everything: !allow);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains(why, run.Reason, StringComparison.Ordinal);
        Assert.Empty(Changing());
    }

    [Theory]
    [InlineData("vmss.actions", "start_vmss", "name =~ 'uniform'", "uniform-a")]
    [InlineData("machine.actions", "start_machines", "name =~ 'aks-vmpool-00000001'", "vm-a")]
    public async Task A_start_starts_what_is_off_and_nothing_else(string module, string function, string filter, string node)
    {
        await _world.Change(node, PowerAction.PowerOff);
        _world.Requests.All.Clear();

        var run = await RunAsync(module, function, $"where {filter}", more: "instance_criteria: [{instance_id: '0'}]");

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(PowerState.Running, (await _world.Machine(node)).PowerState);
        Assert.EndsWith("/start", Assert.Single(Changing()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine.probes", "count_machines", "where name startswith 'aks-vmpool'", 2)]
    [InlineData("machine.probes", "count_machines", "", 5)]
    [InlineData("vmss.probes", "count_instances", "where name =~ 'uniform'", 2)]
    [InlineData("vmss.probes", "count_instances", "", 5)]
    [InlineData("aks.probes", "count_managed_clusters", "where name =~ 'shop'", 1)]
    [InlineData("aks.probes", "count_managed_clusters", "where name =~ 'other'", 0)]
    public async Task A_probe_counts(string module, string function, string filter, int count)
    {
        var run = await ProbeAsync(module, function, filter);

        Assert.Equal(count, (long)run.Activities.Single().Output!);
        Assert.Empty(Changing());
    }

    [Theory]
    [InlineData("machine.probes", "describe_machines", "where name =~ 'spotvm'", "spotvm")]
    [InlineData("aks.probes", "describe_managed_clusters", "where name =~ 'shop'", "shop")]
    public async Task A_probe_describes(string module, string function, string filter, string name)
    {
        var run = await ProbeAsync(module, function, filter);

        Assert.Equal(name, (string)Assert.Single(run.Activities.Single().Output!.AsArray())!["name"]!);
    }

    [Theory]
    [InlineData("machine.actions", "stop_machines", "virtual machines")]
    [InlineData("aks.actions", "stop_node", "managed clusters")]
    [InlineData("vmss.actions", "stop_vmss", "scale set")]
    public async Task An_empty_filter_is_refused_and_nothing_is_touched(string module, string function, string what)
    {
        var run = await RunAsync(module, function, "");

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains("has no filter", run.Reason, StringComparison.Ordinal);
        Assert.Contains(what, run.Reason, StringComparison.Ordinal);
        Assert.Empty(Changing());
    }

    [Theory]
    [InlineData("machine.actions", "stop_machines")]
    [InlineData("aks.actions", "stop_node")]
    public async Task A_filter_that_matches_nothing_names_what_there_is(string module, string function)
    {
        var run = await RunAsync(module, function, "where name =~ 'none'");

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Contains(module.StartsWith("aks", StringComparison.Ordinal) ? "shop (resource group" : "aks-vmpool-00000001 (resource group", run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vmss.actions", "delete_vmss", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "reimage_vmss", "where name =~ 'uniform'")]
    [InlineData("machine.actions", "evict_machines", "where name =~ 'spotvm'")]
    [InlineData("aks.actions", "delete_node", "where name =~ 'shop'")]
    public async Task What_cannot_be_undone_has_to_be_allowed(string module, string function, string filter)
    {
        var run = await RunAsync(module, function, filter, allow: false);

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        Assert.Empty(Changing());
    }

    [Theory]
    [InlineData("machine.actions", "stop_machines", "where name =~ 'aks-vmpool-00000001'", "stop_machines")]
    [InlineData("aks.actions", "stop_node", "where name =~ 'shop'", "stop_node")]
    public async Task What_was_stopped_is_started_again_in_the_end(string module, string function, string filter, string name)
    {
        var run = await RunAsync(module, function, filter);

        Assert.Equal((name, RunOutcome.Passed), (run.Activities.Single().Name, run.Outcome));
        Assert.All(States(await MachinesAsync()), static machine => Assert.Equal(PowerState.Running, machine.Value));
    }

    [Theory]
    [InlineData("vmss.actions", "stop_vmss", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "restart_vmss", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "deallocate_vmss", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "delete_vmss", "where name =~ 'uniform'")]
    [InlineData("machine.actions", "stop_machines", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("machine.actions", "restart_machines", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("machine.actions", "delete_machines", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("vmss.actions", "stress_cpu", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "stress_vmss_instance_cpu", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "burn_io", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "fill_disk", "where name =~ 'uniform'")]
    [InlineData("vmss.actions", "network_latency", "where name =~ 'uniform'")]
    [InlineData("machine.actions", "stress_cpu", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("machine.actions", "burn_io", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("machine.actions", "fill_disk", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("machine.actions", "network_latency", "where name =~ 'aks-vmpool-00000001'")]
    [InlineData("aks.actions", "stop_managed_clusters", "where name =~ 'shop'")]
    [InlineData("aks.actions", "delete_managed_clusters", "where name =~ 'shop'")]
    public async Task The_call_is_the_recorded_one(string module, string function, string filter)
    {
        var recorded = ArmCalls()[$"{module}:{function}"]!["calls"]!.AsArray()
            .Select(static call => ((string)call!).Split("  ")[0]).First(static call => !call.StartsWith("GET", StringComparison.Ordinal) && !call.Contains("ResourceGraph", StringComparison.Ordinal));

        await RunAsync(Text("action", "chaosazure." + module, function, filter), true, everything: true);

        Assert.Equal(Shape(recorded), Shape(Changing()[0]));
    }

    [Theory]
    [InlineData("vmss.actions", "stop_vmss", "name =~ 'uniform'", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action, Microsoft.Compute/virtualMachineScaleSets/virtualMachines/start/action")]
    [InlineData("vmss.actions", "stop_kubelet", "name =~ 'uniform'", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action")]
    [InlineData("machine.actions", "delete_machines", "name =~ 'aks-vmpool-00000001'", "Microsoft.Compute/virtualMachines/delete")]
    public async Task A_run_that_azure_would_refuse_changes_nothing(string module, string function, string filter, string actions)
    {
        await _world.Add(SandboxFaultKind.Refusal, count: null);

        var run = await RunAsync(module, function, $"where {filter}");

        Assert.Equal((RunOutcome.NotStarted, "AzureRightsMissing"), (run.Outcome, run.ErrorId));
        Assert.Contains($"no role allows {actions} on /subscriptions/{MachineWorld.Subscription}/resourceGroups/", run.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(MachineWorld.Place, run.Reason, StringComparison.Ordinal);
        Assert.Contains($"--role \"{(actions.EndsWith("delete", StringComparison.Ordinal) ? "Virtual Machine Contributor" : "ChaosPS Operator")}\" --scope /subscriptions/{MachineWorld.Subscription}/", run.Reason, StringComparison.Ordinal);
        Assert.Empty(Changing());
    }

    [Fact]
    public async Task A_run_that_a_deny_assignment_forbids_changes_nothing()
    {
        await _world.Add(SandboxFaultKind.Refusal, "DenyAssignmentAuthorizationFailed", count: null);

        var run = await RunAsync("vmss.actions", "stop_vmss", "where name =~ 'uniform'");

        Assert.Equal((RunOutcome.NotStarted, "AzureRightsMissing"), (run.Outcome, run.ErrorId));
        Assert.Contains("the deny assignment 'sandbox fault 1' forbids Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action, ", run.Reason, StringComparison.Ordinal);
        Assert.Empty(Changing());
    }

    [Theory]
    [InlineData("uniform-b", RunOutcome.Passed)]
    [InlineData("uniform-a", RunOutcome.NotStarted)]
    public async Task Rights_are_asked_for_on_exactly_the_machine_that_is_hit(string refused, RunOutcome outcome)
    {
        await _world.Sandbox.AddFaultAsync(new SandboxFault { Fault = SandboxFaultKind.Refusal, NodeName = refused }, null, default);
        Assert.Equal(outcome, (await RunAsync("vmss.actions", "stop_vmss", "where name =~ 'uniform'", "instance_criteria: [{computer_name: uniform-a}]")).Outcome);
    }

    [Fact]
    public async Task Where_azure_lets_nobody_ask_for_rights_the_run_goes_on()
    {
        _world.Requests.Instead = static request => !request.RequestUri!.AbsolutePath.EndsWith("/permissions", StringComparison.Ordinal) ? null
            : new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{"error":{"code":"AuthorizationFailed","message":"No."}}""") };
        Assert.Equal(RunOutcome.Passed, (await RunAsync("vmss.actions", "stop_vmss", "where name =~ 'uniform'")).Outcome);
    }

    [Theory]
    [InlineData("chaosazure.webapp.actions", "stop_webapp", "other services")]
    [InlineData("chaosazure.storage.probes", "count_storage_accounts", "other services")]
    [InlineData("chaosazure.application_gateway.actions", "delete_routes", "other services")]
    [InlineData("chaosazure.netapp.actions", "delete_netapp_volumes", "other services")]
    [InlineData("chaosazure.postgresql.actions", "restart_servers", "other services")]
    [InlineData("chaosazure.postgresql_flexible.actions", "stop_servers", "other services")]
    public void What_is_not_carried_out_is_said_at_validation(string module, string function, string why)
    {
        var finding = ExperimentReader.Read(Text("action", module, function, "where name =~ 'x'"), "e.yaml", new Composition().Documents)
            .Findings.First(static finding => finding.Severity == FindingSeverity.Error);

        Assert.Equal("NotSupported", finding.Code);
        Assert.Contains(why, finding.Message, StringComparison.Ordinal);
        Assert.Contains(function, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NotSupported", "chaosazure.webapp.actions", "stop_webapp", "")]
    [InlineData("FilterMissing", "chaosazure.vmss.actions", "stop_vmss", "")]
    [InlineData("SecretsMisplaced", "chaosazure.vmss.actions", "stop_vmss", "  secrets: [azure]\n")]
    [InlineData("SecretsUnknown", "chaosazure.vmss.actions", "stop_vmss", "")]
    [InlineData("AzureCloudUnknown", "chaosazure.vmss.actions", "stop_vmss", "secrets: {azure: {azure_cloud: planted-cloud}}\n")]
    public void What_validation_says_of_azure_names_what_is_known_of_subscription_tenant_and_cloud(string code, string module, string function, string rest)
    {
        var text = Text("action", module, function, "where name =~ 'x'").TrimEnd() + "\n" + rest;
        if (code is "SecretsUnknown" or "AzureCloudUnknown") text = text.Replace(", arguments:", ", secrets: [azure], arguments:", StringComparison.Ordinal);
        if (code == "FilterMissing") text = text.Replace("where name =~ 'x'", "", StringComparison.Ordinal);
        var experiment = ExperimentReader.Read(text, "e.yaml", new Composition().Documents);

        Assert.DoesNotContain("unknown tenant", Message([]), StringComparison.Ordinal);
        Assert.EndsWith(" (subscription sub-1, an unknown tenant, an unknown cloud).", Message(new() { ["AZURE_SUBSCRIPTION_ID"] = "sub-1" }), StringComparison.Ordinal);
        Assert.EndsWith(
            " (subscription sub-1, tenant tenant-1, AzureChinaCloud).",
            Message(new() { ["AZURE_SUBSCRIPTION_ID"] = "sub-1", ["AZURE_TENANT_ID"] = "tenant-1", ["AZURE_CLOUD"] = "AZURE_CHINA_CLOUD" }), StringComparison.Ordinal);

        string Message(Dictionary<string, string> environment)
        {
            var message = ExperimentValidator.Validate(experiment, new EnvironmentVariables(new Dictionary<string, string>(), "test", environment)).Findings.Single(finding => finding.Code == code).Message;
            Assert.DoesNotContain("planted-cloud", message, StringComparison.Ordinal);
            return message;
        }
    }

    [Fact]
    public void Secrets_that_stand_on_the_activity_are_named_at_validation()
    {
        var text = Text("action", "chaosazure.vmss.actions", "stop_vmss", "where name =~ 'x'").TrimEnd() + "\n  secrets: [azure]\n";

        var finding = Assert.Single(ExperimentReader.Read(text, "e.yaml", new Composition().Documents).Findings);

        Assert.Equal(("SecretsMisplaced", FindingSeverity.Warning, "Move secrets into the provider."), (finding.Code, finding.Severity, finding.Suggestion));
    }

    [Fact]
    public void Every_recorded_function_is_carried_out_or_named_at_validation()
    {
        foreach (var key in ArmCalls().AsObject().Select(static entry => entry.Key))
        {
            var (module, function) = ("chaosazure." + key.Split(':')[0], key.Split(':')[1]);
            var kind = module.EndsWith("probes", StringComparison.Ordinal) ? "probe" : "action";
            var findings = ExperimentReader.Read(Text(kind, module, function, "where name =~ 'x'"), "e.yaml", new Composition().Documents).Findings;
            if (module.Split('.')[1] is "machine" or "vmss" or "aks") Assert.DoesNotContain(findings, static finding => finding.Code is "NotSupported" or "UnknownFunction" or "UnknownModule");
            else Assert.Contains(findings, finding => finding.Code == "NotSupported" && finding.Message.Contains($"{module}.{function} is not carried out", StringComparison.Ordinal));
        }
    }

    /// <summary>A call without what is particular to a machine: its names, the version of the API, the case.</summary>
    private static string Shape(string call) => Names().Replace(
        Version().Replace(call, ""), static match => match.Groups[1].Value.ToUpperInvariant() + "X").TrimEnd('?', '&').ToUpperInvariant();

    private static JsonNode ArmCalls()
    {
        using var stream = typeof(AzureActivityTests).Assembly.GetManifestResourceStream("chaos-toolkit-arm-calls")!;
        return JsonNode.Parse(stream)!;
    }

    private static string Text(string type, string module, string function, string filter, string more = "") => $$"""
        title: t
        description: d
        method:
        - type: {{type}}
          name: {{function}}
          provider: {type: python, module: {{module}}, func: {{function}}, arguments: {filter: "{{filter}}"{{(more.Length > 0 ? ", " + more : "")}} } }
        """;

    private Task<ChaosRun> RunAsync(string module, string function, string filter, string more = "", bool allow = true)
    {
        if (module != "vmss.actions") more = "";
        return RunAsync(Text("action", "chaosazure." + module, function, filter, more), allow);
    }

    private Task<ChaosRun> ProbeAsync(string module, string function, string filter) => RunAsync(Text("probe", "chaosazure." + module, function, filter), false);

    private Task<ChaosRun> RunAsync(string text, bool allow, bool everything = false) => ExperimentRunner.RunAsync(
        ExperimentReader.Read(text, "e.yaml", new Composition().Documents), _world.Connection,
        new RunOptions
        {
            StatePath = _state,
            AllowIrreversible = allow,
            Policies = everything ? [new BlastPolicy { Source = "the test", MaxNodesDown = 8 }] : [],
        },
        NullLog.Instance, default);

    /// <summary>What Azure says of the cluster; null when it is gone.</summary>
    private string? ClusterState()
    {
        var answer = Ask(new Uri(_world.Sandbox.AzureUri, $"subscriptions/{MachineWorld.Subscription}/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/shop?api-version=2024-09-01"));
        return answer is null ? null : (string?)answer["properties"]!["powerState"]!["code"];
    }

    /// <summary>Whether anybody answers for the API server.</summary>
    private bool Answers()
    {
        try
        {
            return Ask(new Uri(_world.Sandbox.KubernetesUri, "version")) is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private JsonNode? Ask(Uri address)
    {
        using var http = new HttpMessageInvoker(_world.Sandbox.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = http.SendAsync(request, default).GetAwaiter().GetResult();
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }

    /// <summary>The machines behind the nodes: node and resource id.</summary>
    private async Task<IReadOnlyDictionary<string, string>> MachinesAsync() =>
        (await _world.Run(() => _world.Connection.Cluster.GetNodesAsync(default))).ToDictionary(static node => node.Name, static node => node.ResourceId!);

    /// <summary>What the emulated Azure says of them at this instant; null for those that are gone.</summary>
    private Dictionary<string, PowerState?> States(IReadOnlyDictionary<string, string> machines)
    {
        return machines.ToDictionary(static machine => machine.Key, machine =>
        {
            if (Ask(new Uri(_world.Sandbox.AzureUri, $"{machine.Value}/instanceView?api-version=2023-07-01")) is not { } view) return (PowerState?)null;
            return Enum.Parse<PowerState>(((string)view["statuses"]![1]!["code"]!).Split('/')[1], ignoreCase: true);
        });
    }

    private List<string> Changing() => _world.Requests.All.FindAll(
        static request => !request.StartsWith("GET", StringComparison.Ordinal) && !request.Contains("ResourceGraph", StringComparison.Ordinal));

    [GeneratedRegex(@"(/(?:subscriptions|resourceGroups|virtualMachineScaleSets|virtualMachines|managedClusters)/)[^/?]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex(@"api-version=[^&]*&?", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
