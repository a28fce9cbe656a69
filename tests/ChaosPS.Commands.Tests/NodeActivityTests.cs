using System.Text.RegularExpressions;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What is true of every activity that takes nodes away: it is refused beyond the budget, before anything is touched.</summary>
public sealed partial class NodeActivityTests : IDisposable
{
    private const string Machine = """{ "filter": "where name=~'${set}'", "instance_criteria": [{ "instance_id": "0" }] }""";

    private const string Node = """{ "name": "aks-nodepool1-36421985-vmss000000" }""";

    /// <summary>Arguments that would change one node, whether that takes it away, and what must be so before, for each of them.</summary>
    private static readonly Dictionary<string, (string Arguments, bool Takes, string Before)> s_lines = new()
    {
        ["chaosazure.vmss.actions.deallocate_vmss"] = (Machine, true, ""),
        ["chaosazure.vmss.actions.delete_vmss"] = (Machine, true, ""),
        ["chaosazure.vmss.actions.restart_vmss"] = (Machine, true, ""),
        ["chaosazure.vmss.actions.start_vmss"] = (Machine, false, "Stop-ClusterNode *000000"),
        ["chaosazure.vmss.actions.stop_vmss"] = (Machine, true, ""),
        ["chaosk8s.node.actions.cordon_node"] = (Node, false, ""),
        ["chaosk8s.node.actions.create_node"] = ("""{ "meta": { "name": "made" } }""", false, ""),
        ["chaosk8s.node.actions.delete_nodes"] = ("""{ "label_selector": "kubernetes.io/hostname=aks-nodepool1-36421985-vmss000000" }""", true, ""),
        ["chaosk8s.node.actions.drain_nodes"] = ("""{ "name": "aks-nodepool1-36421985-vmss000000", "delete_pods_with_local_storage": true }""", true, ""),
        ["chaosk8s.node.actions.uncordon_node"] = (Node, false, "Suspend-ClusterNode *000000"),
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
        using var engine = Engine.WithSandbox();
        engine.Invoke("Stop-ClusterNode *00000a -SkipShutdown");
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
            Assert.Equal(
                ["Running", "Running", "Stopped"],
                engine.Invoke("(Get-ClusterNode aks-* -PowerState).PowerState").Select(static state => state.ToString()));
        }
    }

    // Or else the refusal would be no proof.
    [Theory]
    [MemberData(nameof(Activities))]
    public void Within_the_budget_it_is_carried_out(string activity)
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke(s_lines[activity].Before);
        var recording = RecordingHandler.PutBeforeSandbox(engine);

        Assert.Empty(Run(engine, activity).Errors);

        Assert.NotEmpty(recording.Changes);
    }

    private EngineResult Run(Engine engine, string activity)
    {
        var dot = activity.LastIndexOf('.');
        var path = _folder.Write("one.json", $$"""
            { "title": "One", "description": "One action.", "configuration": { "set": { "type": "env", "key": "AZURE_CLUSTER_VMSS_NAME" } },
              "method": [{ "type": "action", "name": "act", "provider": {
                "type": "python", "module": "{{activity[..dot]}}", "func": "{{activity[(dot + 1)..]}}", "arguments": {{s_lines[activity].Arguments}} } }] }
            """);
        return engine.Run($"Invoke-ChaosExperiment '{path}' -AllowIrreversible -StatePath '{_folder.FullName}'");
    }

    /// <summary>The modules about nodes and what is behind them.</summary>
    [GeneratedRegex(@"^chaosazure\.(vmss|machine|aks)\.|^chaosk8s\.node\.")]
    private static partial Regex OnNodes();
}
