using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What <c>-WhatIf</c> says of the workloads.</summary>
public sealed class ForecastTests : IDisposable
{
    private const string Node9 = "aks-nodepool1-36421985-vmss000009";

    /// <summary>A Deployment whose budget spares none of its pods.</summary>
    private const string Kept = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 1
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "web:1"}]}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: keep-web, namespace: shop}
        spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    /// <summary>The lines that a script makes the host show.</summary>
    private string[] Shown(string script)
    {
        var before = _engine.Host.Text.Length;
        Assert.Empty(_engine.Invoke(script));
        return _engine.Host.Text[before..].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData("Stop-ClusterNode *000009", "stopped and left off", "down 3[456]", false)]
    [InlineData("Stop-ClusterNode *000009 -Deallocate", "deallocated and left off", "down 3[456]", false)]
    [InlineData("Restart-ClusterNode *000009", "restarted", "down [34][0-9]/", false)]
    [InlineData("Clear-ClusterNode *000009 -IgnoreDaemonSet", "drained", "down (<1|[1-9])", true)]
    [InlineData("Start-NodeFault *000009 Kubelet -Duration 10m", "with the fault Kubelet for 10 min 0 s", "down 30[0-9]", false)]
    public void After_the_targets_WhatIf_predicts_what_becomes_of_their_workloads_and_the_pipeline_stays_empty(string command, string state, string down, bool drains)
    {
        var clock = _engine.Invoke("$sandbox.Now.Ticks").Single().ToString();

        var lines = Shown($"{command} -WhatIf");

        var heading = Array.FindIndex(lines, line => line == $"Prediction, {Node9} {state} (best/likely/worst):");
        Assert.True(heading > 0, string.Join('\n', lines));
        Assert.StartsWith("What if: ", lines[heading - 1], StringComparison.Ordinal);
        var rest = lines[(heading + 1)..];
        Assert.Equal(drains, rest[0].StartsWith("the drain takes ", StringComparison.Ordinal));
        Assert.Matches($"^contactsapp/frontend-deploy +{down}", rest.Single(static line => line.StartsWith("contactsapp/frontend-deploy ", StringComparison.Ordinal)));
        Assert.Contains(rest, static line => line.StartsWith("http://contactsapp.sandbox/ ", StringComparison.Ordinal));
        Assert.Equal(clock, _engine.Invoke("$sandbox.Now.Ticks").Single().ToString());
    }

    [Fact]
    public void All_nodes_of_the_pipeline_are_predicted_together_and_once()
    {
        _engine.Invoke("Set-WorkloadReplica ca-deploy -Replicas 2 -Namespace contactsapp");
        var nodes = _engine.Invoke("(Get-PodDistribution ca-deploy).PodsByNode.Keys").Select(static node => node.ToString()).Order().ToArray();

        var each = nodes.Select(node => Shown($"Stop-ClusterNode {node} -WhatIf")).ToArray();
        var both = Shown($"'{nodes[0]}', '{nodes[1]}' | Stop-ClusterNode -MaxNodesDown 2 -WhatIf");

        Assert.All(each, static lines => Assert.Contains(lines, static line => line.StartsWith("contactsapp/ca-deploy ", StringComparison.Ordinal) && line.Contains(" degraded ", StringComparison.Ordinal)));
        Assert.Single(both, line => line.StartsWith($"Prediction, {nodes[0]}, {nodes[1]} stopped and left off", StringComparison.Ordinal));
        Assert.Contains(both, static line => line.StartsWith("contactsapp/ca-deploy ", StringComparison.Ordinal) && line.Contains(" down ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_drain_that_a_budget_keeps_from_ending_is_told_before_it_is_begun()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "shop.yaml"), Kept);
        _engine.Invoke($"$null = New-ChaosSandbox -Path '{_folder.FullName}' -Nodes 3 | Connect-ChaosCluster");

        var lines = Shown("Clear-ClusterNode (Get-ClusterPod web-*).NodeName -IgnoreDaemonSet -Timeout 30s -WhatIf 3> $null");

        Assert.Contains(lines, static line => line.StartsWith("the drain is given up, or still goes on, after 30 s. ", StringComparison.Ordinal)
            && line.EndsWith("The disruption budget keep-web needs 1 healthy pods and has 1 currently", StringComparison.Ordinal));
        Assert.Contains("No workload loses pods.", lines);
    }

    [Fact]
    public void A_node_that_nothing_runs_on_and_a_cordon_have_nothing_to_tell()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "empty.yaml"), "{ apiVersion: v1, kind: Namespace, metadata: { name: empty } }");
        _engine.Invoke($"$null = New-ChaosSandbox -Path '{_folder.FullName}' -Nodes 3 | Connect-ChaosCluster");

        Assert.Contains("No workload has pods there.", Shown("Stop-ClusterNode *0 -WhatIf"));
        Assert.DoesNotContain(Shown("Suspend-ClusterNode *0 -WhatIf"), static line => line.StartsWith("Prediction", StringComparison.Ordinal));
        Assert.DoesNotContain(Shown("Start-NodeFault *0 Cpu -Duration 1m -WhatIf"), static line => line.StartsWith("Prediction", StringComparison.Ordinal));
    }

    [Fact]
    public void What_may_not_be_read_is_left_out_and_where_nothing_may_be_WhatIf_goes_on_with_a_warning()
    {
        var access = SandboxAccess.PutBeforeSandbox(_engine);
        access.Allowed = new HashSet<string> { "get  namespaces", "list  nodes", "list  pods", "list apps deployments", "list apps replicasets", "list apps statefulsets", "list apps daemonsets" };
        _engine.Invoke("$null = $sandbox | Connect-ChaosCluster");

        Assert.Contains(Shown("Stop-ClusterNode *000009 -WhatIf"), static line => line.StartsWith("not known, and so left out: ", StringComparison.Ordinal) && line.Contains("poddisruptionbudgets.policy", StringComparison.Ordinal));

        // What is asked for before the pods of all namespaces, and by nothing else.
        access.Allowed = new Withdrawn("list  pods", "list storage.k8s.io csinodes", access.Allowed);
        var result = _engine.Run("Stop-ClusterNode *000009 -WhatIf");
        Assert.Empty(result.Errors);
        Assert.StartsWith("What would become of the workloads cannot be predicted. Not allowed to list pods", result.Warnings[^1], StringComparison.Ordinal);
    }

    /// <summary>Rights, one of which is withdrawn when another one is asked for.</summary>
    private sealed class Withdrawn(string right, string after, IEnumerable<string> rights) : HashSet<string>(rights), IReadOnlySet<string>
    {
        bool IReadOnlySet<string>.Contains(string item)
        {
            if (item == after) Remove(right);
            return Contains(item);
        }
    }
}
