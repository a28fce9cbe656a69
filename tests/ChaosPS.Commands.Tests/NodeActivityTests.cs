using System.Text.RegularExpressions;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What is true of every activity that takes nodes away: it is refused beyond the budget, before anything is touched.</summary>
public sealed partial class NodeActivityTests : IDisposable
{
    private const string Set = """{ "filter": "where name=~'set'", "instance_criteria": [{ "instance_id": "0" }] }""";
    private const string SpotSet = """{ "filter": "where name=~'spotset'", "instance_criteria": [{ "instance_id": "0" }] }""";
    private const string Vm = """{ "filter": "where name=~'single'" }""";
    private const string SpotVm = """{ "filter": "where name=~'spotsingle'" }""";
    private const string Aks = """{ "filter": "where name=~'shop'" }""";
    private const string Node = """{ "name": "set-a" }""";

    /// <summary>Nodes of every kind of machine; <c>set-b</c> is the one that spends the budget.</summary>
    private static readonly (string Name, string Machine, bool Spot)[] s_nodes =
    [
        ("set-a", "virtualMachineScaleSets/set/virtualMachines/0", false),
        ("set-b", "virtualMachineScaleSets/set/virtualMachines/1", false),
        ("spotset-a", "virtualMachineScaleSets/spotset/virtualMachines/0", true),
        ("single-a", "virtualMachines/single", false),
        ("spotsingle-a", "virtualMachines/spotsingle", true),
    ];

    /// <summary>Arguments that would change one node, whether that takes it away, and what must be so before, for each of them.</summary>
    private static readonly Dictionary<string, (string Arguments, bool Takes, string Before)> s_lines = new()
    {
        ["chaosazure.aks.actions.delete_managed_clusters"] = (Aks, true, ""),
        ["chaosazure.aks.actions.delete_node"] = (Aks, true, ""),
        ["chaosazure.aks.actions.restart_node"] = (Aks, true, ""),
        ["chaosazure.aks.actions.stop_managed_clusters"] = (Aks, true, ""),
        ["chaosazure.aks.actions.stop_node"] = (Aks, true, ""),
        ["chaosazure.machine.actions.burn_io"] = (Vm, true, ""),
        ["chaosazure.machine.actions.fill_disk"] = (Vm, true, ""),
        ["chaosazure.machine.actions.network_latency"] = (Vm, true, ""),
        ["chaosazure.machine.actions.stop_kubelet"] = (Vm, true, ""),
        ["chaosazure.machine.actions.stress_cpu"] = (Vm, true, ""),
        ["chaosazure.machine.actions.stress_memory"] = (Vm, true, ""),
        ["chaosazure.machine.actions.deallocate_machines"] = (Vm, true, ""),
        ["chaosazure.machine.actions.delete_machines"] = (Vm, true, ""),
        ["chaosazure.machine.actions.evict_machines"] = (SpotVm, true, ""),
        ["chaosazure.machine.actions.redeploy_machines"] = (Vm, true, ""),
        ["chaosazure.machine.actions.reimage_machines"] = (Vm, true, ""),
        ["chaosazure.machine.actions.restart_machines"] = (Vm, true, ""),
        ["chaosazure.machine.actions.start_machines"] = (Vm, false, "Stop-ClusterNode single-a"),
        ["chaosazure.machine.actions.stop_machines"] = (Vm, true, ""),
        ["chaosazure.vmss.actions.burn_io"] = (Set, true, ""),
        ["chaosazure.vmss.actions.fill_disk"] = (Set, true, ""),
        ["chaosazure.vmss.actions.network_latency"] = (Set, true, ""),
        ["chaosazure.vmss.actions.stop_kubelet"] = (Set, true, ""),
        ["chaosazure.vmss.actions.stress_cpu"] = (Set, true, ""),
        ["chaosazure.vmss.actions.stress_memory"] = (Set, true, ""),
        ["chaosazure.vmss.actions.stress_vmss_instance_cpu"] = (Set, true, ""),
        ["chaosazure.vmss.actions.deallocate_vmss"] = (Set, true, ""),
        ["chaosazure.vmss.actions.delete_vmss"] = (Set, true, ""),
        ["chaosazure.vmss.actions.evict_vmss"] = (SpotSet, true, ""),
        ["chaosazure.vmss.actions.redeploy_vmss"] = (Set, true, ""),
        ["chaosazure.vmss.actions.reimage_vmss"] = (Set, true, ""),
        ["chaosazure.vmss.actions.restart_vmss"] = (Set, true, ""),
        ["chaosazure.vmss.actions.start_vmss"] = (Set, false, "Stop-ClusterNode set-a"),
        ["chaosazure.vmss.actions.stop_vmss"] = (Set, true, ""),
        ["chaosk8s.node.actions.cordon_node"] = (Node, false, ""),
        ["chaosk8s.node.actions.create_node"] = ("""{ "meta": { "name": "made" } }""", false, ""),
        ["chaosk8s.node.actions.delete_nodes"] = ("""{ "label_selector": "agentpool=single" }""", true, ""),
        ["chaosk8s.node.actions.drain_nodes"] = ("""{ "name": "set-a", "delete_pods_with_local_storage": true }""", true, ""),
        ["chaosk8s.node.actions.uncordon_node"] = (Node, false, "Suspend-ClusterNode set-a"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Activities => [.. s_lines.Keys];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_action_on_nodes_or_machines_is_tried_here()
    {
        using var engine = new Engine();

        var actions = engine.Invoke("[ChaosPS.Experiments.ActivityCatalogue]::All | Where-Object Kind -eq Action | ForEach-Object { [string] $_ }")
            .Select(static name => name.ToString()).Where(static name => OnNodes().IsMatch(name));

        Assert.Equal(s_lines.Keys.Order(), actions.Order());
    }

    [Theory]
    [MemberData(nameof(Activities))]
    public void With_the_budget_spent_it_takes_no_node_away(string activity)
    {
        using var engine = WithMachines();
        engine.Invoke("Stop-ClusterNode set-b -SkipShutdown");
        var recording = RecordingHandler.PutBeforeSandbox(engine);

        var result = Run(engine, activity);

        if (s_lines[activity].Takes)
        {
            Assert.StartsWith("TooManyNodesDown,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal("NotStarted", result.Output.Single().Properties["Outcome"].Value.ToString());
            Assert.Empty(recording.Changes);
        }
        else
        {
            Assert.Empty(result.Errors);
            Assert.Equal("set-b", engine.Invoke("(Get-ClusterNode *-? -PowerState | Where-Object PowerState -ne Running).Name").Single().ToString());
        }
    }

    // Or else the refusal would be no proof.
    [Theory]
    [MemberData(nameof(Activities))]
    public void Within_the_budget_it_is_carried_out(string activity)
    {
        using var engine = WithMachines();
        engine.Invoke(s_lines[activity].Before);
        var recording = RecordingHandler.PutBeforeSandbox(engine);

        Assert.Empty(Run(engine, activity, activity.EndsWith("_managed_clusters", StringComparison.Ordinal) ? s_nodes.Length : 1).Errors);

        Assert.NotEmpty(recording.Changes);
    }

    private Engine WithMachines()
    {
        const string Machines = "azure:///subscriptions/6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10/resourceGroups/mc_shop-rg_shop_westeurope/providers/Microsoft.Compute";
        var path = _folder.Write("nodes.yaml", string.Join("---\n", s_nodes.Select(static node => $"""
            apiVersion: v1
            kind: Node
            metadata:
              name: {node.Name}
              labels:
                agentpool: {node.Name.Split('-')[0]}
                kubernetes.azure.com/mode: system
                kubernetes.azure.com/scalesetpriority: {(node.Spot ? "spot" : "regular")}
                topology.kubernetes.io/region: westeurope
                topology.kubernetes.io/zone: westeurope-1
            spec:
              providerID: {Machines}/{node.Machine}

            """)));
        var engine = new Engine();
        engine.Invoke($"$sandbox = New-ChaosSandbox '{path}'");
        return engine;
    }

    private EngineResult Run(Engine engine, string activity, int budget = 1)
    {
        var dot = activity.LastIndexOf('.');
        var path = _folder.Write("one.json", $$"""
            { "title": "One", "description": "One action.", "method": [{ "type": "action", "name": "act", "provider": {
                "type": "python", "module": "{{activity[..dot]}}", "func": "{{activity[(dot + 1)..]}}", "arguments": {{s_lines[activity].Arguments}} } }] }
            """);
        return engine.Run($"Invoke-ChaosExperiment '{path}' -AllowIrreversible -MaxNodesDown {budget} -StatePath '{_folder.FullName}'");
    }

    /// <summary>
    /// The modules about nodes and what is behind them; but for the start of a whole cluster, which a run can only make that has stopped it.
    /// </summary>
    [GeneratedRegex(@"^chaosazure\.(vmss|machine|aks)\.(?!actions\.start_managed_clusters)|^chaosk8s\.node\.")]
    private static partial Regex OnNodes();
}
