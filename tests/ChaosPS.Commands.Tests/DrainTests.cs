using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Cordoning and draining nodes.</summary>
public sealed class DrainTests : IDisposable
{
    private const string FirstNode = "aks-nodepool1-36421985-vmss000000";

    /// <summary>One pod that a budget keeps where it is, and one that nothing makes again and that keeps data on its node.</summary>
    private const string Manifests = """
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
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: bare, namespace: shop}
        spec: {containers: [{name: bare, image: "bare:1"}], volumes: [{name: cache, emptyDir: {}}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    private string State => $"-StatePath '{_folder.FullName}'";

    [Theory]
    [InlineData("Suspend-ClusterNode *000000 -PassThru")]
    [InlineData("Get-ClusterNode *000000 | Suspend-ClusterNode -PassThru")]
    public void A_cordon_is_held_until_it_is_ended(string command)
    {
        _engine.UseSandbox(seed: 1);

        Assert.Equal("Ready,SchedulingDisabled", Text($"({command} {State}).Status"));
        Assert.Equal(["Held", "Cordon", $"Resume-ClusterNode {FirstNode}"], Texts($"Get-ChaosRun {State} | ForEach-Object {{ $_.State; $_.Changes.Change; $_.Changes.Undo }}"));

        Assert.Equal("Ready", Text($"(Resume-ClusterNode *000000 -PassThru {State}).Status"));
        Assert.Equal(["Ended", "Ended"], Texts($"(Get-ChaosRun {State}).State"));
    }

    [Fact]
    public void Restoring_the_run_ends_the_cordon_too()
    {
        _engine.UseSandbox(seed: 1);
        _engine.Invoke($"Clear-ClusterNode *000000 -IgnoreDaemonSet {State}");

        Assert.Equal(
            ["True", $"Uncordoned {FirstNode}."],
            Texts($"Get-ChaosRun {State} | Restore-ChaosRun | ForEach-Object {{ $_.Complete; $_.Steps | Where-Object {{ $_ -notlike '*cannot be undone.' }} }}"));
        Assert.Equal("Ready", Text("(Get-ClusterNode *000000).Status"));
    }

    [Fact]
    public void A_node_that_was_cordoned_before_stays_so()
    {
        _engine.UseSandbox(seed: 1);
        _engine.Invoke("Suspend-ClusterNode *000000");

        _engine.Invoke($"Clear-ClusterNode *000000 -IgnoreDaemonSet {State}; Get-ChaosRun {State} | Restore-ChaosRun");

        Assert.Equal("Ready,SchedulingDisabled", Text("(Get-ClusterNode *000000).Status"));
    }

    [Fact]
    public void The_pods_of_a_drained_node_come_back_elsewhere()
    {
        _engine.UseSandbox(seed: 1);

        var drain = _engine.Invoke("(Clear-ClusterNode *000000 -IgnoreDaemonSet -PassThru).Drain").Single();

        Assert.Equal(2, Pods(drain).Count(static pod => pod.StartsWith("contactsapp/search-deploy-", StringComparison.Ordinal)));
        Assert.InRange((TimeSpan)drain.Properties["Elapsed"].Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(35));
        Assert.Equal(["DaemonSet"], Texts("(Get-ClusterNode *000000 | Get-ClusterPod).OwnerKind").Distinct());
        Assert.Equal("2", Text("Step-ChaosSandbox -Duration 20s | Out-Null; (Get-PodDistribution search-deploy).Ready"));
    }

    [Fact]
    public void What_is_in_the_way_is_said_before_anything_is_touched()
    {
        _engine.UseSandbox(seed: 1);

        var error = Assert.Single(_engine.Run("Clear-ClusterNode *000000").Errors);

        Assert.Equal("DrainRefused,ChaosPS.Commands.ClearClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Contains("cannot delete DaemonSet-managed Pods (use -IgnoreDaemonSet to ignore): ingress", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Ready", Text("(Get-ClusterNode *000000).Status"));
    }

    [Fact]
    public void A_drained_node_counts_as_down()
    {
        _engine.UseSandbox(seed: 1);
        _engine.Invoke("Clear-ClusterNode *000000 -IgnoreDaemonSet");

        Assert.StartsWith("TooManyNodesDown,", Assert.Single(_engine.Run("Clear-ClusterNode *000009 -IgnoreDaemonSet").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("TooManyNodesDown,", Assert.Single(_engine.Run("Stop-ClusterNode *000009").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_engine.Run("Clear-ClusterNode *000009 -IgnoreDaemonSet -MaxNodesDown 2").Errors);
    }

    [Fact]
    public void Under_WhatIf_the_rules_are_asked_about_all_targets_together_and_the_pods_are_named()
    {
        _engine.UseSandbox(seed: 1);

        var error = Assert.Single(_engine.Run("Get-ClusterNode *000000, *000009 | Clear-ClusterNode -IgnoreDaemonSet -WhatIf").Errors);

        Assert.StartsWith("TooManyNodesDown,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Cordon, then evict contactsapp/search-deploy", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal("Ready", Text("(Get-ClusterNode *000000).Status"));
    }

    [Fact]
    public void A_budget_is_named_under_WhatIf_in_the_progress_and_in_the_error()
    {
        UseShop();

        Assert.Contains("The disruption budget keep-web needs 1 healthy pods and has 1 currently", Assert.Single(
            _engine.Run("Clear-ClusterNode $web -PodSelector app=web -WhatIf").Warnings, static warning => warning.Contains("budget", StringComparison.Ordinal)), StringComparison.Ordinal);

        using var shell = _engine.Create($"Clear-ClusterNode $web -PodSelector app=web -Timeout 30s {State}");
        shell.Invoke();

        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("DrainTimeout,ChaosPS.Commands.ClearClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Contains("keep-web needs 1 healthy pods and has 1 currently", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(shell.Streams.Progress, static record =>
            record.PercentComplete == 0 && record.StatusDescription.StartsWith("0 of 1 pods are gone; Pod shop/web-", StringComparison.Ordinal)
            && record.StatusDescription.Contains("keep-web", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
        Assert.Equal("Held", Text($"(Get-ChaosRun {State}).State"));
    }

    [Fact]
    public void Without_eviction_no_budget_is_asked()
    {
        UseShop();

        Assert.Equal("Delete", Text("(Clear-ClusterNode $web -PodSelector app=web -DisableEviction -PassThru).Drain.Pods.Removal"));
    }

    [Fact]
    public void What_would_be_lost_needs_a_word_for_each_sort_of_loss()
    {
        UseShop();

        Assert.Contains("local storage (use -DeleteEmptyDirData to override): shop/bare", Error("Clear-ClusterNode $bare -PodSelector '!app' -IgnoreDaemonSet"), StringComparison.Ordinal);
        Assert.Contains("no controller (use -IncludeUnmanaged to override): shop/bare", Error("Clear-ClusterNode $bare -PodSelector '!app' -IgnoreDaemonSet -DeleteEmptyDirData"), StringComparison.Ordinal);
        Assert.Contains(
            _engine.Run("Clear-ClusterNode $bare -PodSelector '!app' -IgnoreDaemonSet -DeleteEmptyDirData -IncludeUnmanaged").Warnings,
            static warning => warning.EndsWith("deleting Pods that declare no controller: shop/bare", StringComparison.Ordinal));

        string Error(string command) => Assert.Single(_engine.Run(command).Errors).ToString();
    }

    [Fact]
    public void Ctrl_C_ends_the_waiting_and_says_what_is_left()
    {
        UseShop();

        Interruption.StopAt(_engine, TimeSpan.FromSeconds(12), $"Clear-ClusterNode $web -PodSelector app=web {State}");

        Assert.Contains("ended early: 0 of 1 pods are gone, left are shop/web-", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Contains("This lets pods come to the node again: Resume-ClusterNode ", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal("Ready,SchedulingDisabled", Text("(Get-ClusterNode $web).Status"));
        Assert.Equal("Held", Text($"(Get-ChaosRun {State}).State"));
    }

    private static IEnumerable<string> Pods(PSObject drain) =>
        ((IEnumerable<object>)drain.Properties["Pods"].Value).Select(static pod => pod.ToString()!);

    private void UseShop()
    {
        _engine.Invoke($"$sandbox = New-ChaosSandbox '{_folder.Write("shop.yaml", Manifests)}'");
        _engine.Invoke("$web = (Get-ClusterPod web-*).NodeName; $bare = (Get-ClusterPod bare).NodeName");
    }

    private string Text(string script) => Assert.Single(Texts(script));

    private IReadOnlyList<string> Texts(string script) => [.. _engine.Invoke(script).Select(static item => item.ToString())];
}
