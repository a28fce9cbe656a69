using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Killing pods.</summary>
public sealed class RemoveClusterPodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Remove-ClusterPod search-deploy-* -PassThru", 2)]
    [InlineData("Remove-ClusterPod -LabelSelector service=searchapi -PassThru", 2)]
    [InlineData("Remove-ClusterPod -Namespace contactsapp -NodeName *000000 -PassThru", 2)]
    [InlineData("Get-ClusterPod search-deploy-* | Remove-ClusterPod -PassThru", 2)]
    [InlineData("Get-ClusterPod -Namespace contactsapp | Remove-ClusterPod -Count 3 -PassThru", 3)]
    [InlineData("Get-ClusterPod -Namespace contactsapp | Remove-ClusterPod -Mode FixedPercent -Percent 45 -PassThru", 4)]
    [InlineData("Remove-ClusterPod search-deploy-* -Mode One -PassThru", 1)]
    public void Pods_are_killed_by_name_selector_node_or_record(string command, int killed)
    {
        var removed = _engine.Invoke(command);

        Assert.Equal(killed, removed.Count);
        Assert.Equal(killed, _engine.Invoke("Get-ClusterPod | Where-Object Terminating").Count);
        Assert.All(removed, static pod => Assert.StartsWith("ReplicaSet/", (string)pod.Properties["Controller"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void One_seed_kills_the_same_and_the_seed_is_in_the_records_and_said()
    {
        var first = _engine.Run("Remove-ClusterPod -Namespace contactsapp -Name * -Mode One -Seed 42 -PassThru -Verbose");
        using var other = Engine.WithSandbox();

        var again = other.Invoke("$pods = @(Get-ClusterPod -Namespace contactsapp); [array]::Reverse($pods); $pods | Remove-ClusterPod -Mode One -Seed 42 -PassThru").Single();

        Assert.Equal(again.ToString(), Assert.Single(first.Output).ToString());
        Assert.Equal(42, again.Properties["Seed"].Value);
        Assert.Contains(first.Verbose, static line => line.StartsWith("One of 10 pods with seed 42: contactsapp/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_grace_is_that_of_the_parameter()
    {
        _engine.Invoke("Remove-ClusterPod search-deploy-* -GracePeriodSeconds 0");

        Assert.Empty(_engine.Invoke("Get-ClusterPod | Where-Object Terminating"));
    }

    [Theory]
    [InlineData("Remove-ClusterPod", "PodSelectionMissing")]
    [InlineData("Remove-ClusterPod -Namespace contactsapp", "PodSelectionMissing")]
    [InlineData("Remove-ClusterPod nonesuch", "PodsNotFound")]
    [InlineData("Remove-ClusterPod -LabelSelector service=nonesuch", "PodsNotFound")]
    [InlineData("Get-ClusterPod | Where-Object Name -eq nonesuch | Remove-ClusterPod", "PodsNotFound")]
    [InlineData("Remove-ClusterPod search-* -Mode Fixed", "PodChoiceInvalid")]
    [InlineData("Remove-ClusterPod search-* -Count 1 -Percent 5", "PodChoiceInvalid")]
    public void What_names_no_pod_never_means_all_and_is_an_error(string command, string id)
    {
        Assert.Equal($"{id},ChaosPS.Commands.RemoveClusterPodCommand", Assert.Single(_engine.Run(command).Errors).FullyQualifiedErrorId);
        Assert.Empty(_engine.Invoke("Get-ClusterPod | Where-Object Terminating"));
    }

    [Fact]
    public void Nothing_can_be_allowed_to_match() => Assert.Empty(_engine.Invoke("Remove-ClusterPod nonesuch -AllowEmpty"));

    [Fact]
    public void A_missing_name_keeps_the_others_from_nothing()
    {
        var result = _engine.Run("Remove-ClusterPod nonesuch, search-* -PassThru");

        Assert.StartsWith("PodsNotFound,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public void What_is_on_its_way_out_does_not_count_again()
    {
        _engine.Invoke("Remove-ClusterPod search-deploy-*");

        Assert.Empty(_engine.Invoke("Get-ClusterPod search-deploy-* | Where-Object Terminating | Remove-ClusterPod -AllowEmpty -PassThru"));
    }

    [Fact]
    public void The_run_ends_with_what_cannot_be_undone_in_its_log()
    {
        _engine.Invoke($"Remove-ClusterPod search-deploy-* -Mode One -StatePath '{_folder.FullName}'");

        Assert.Equal(["Ended", "Delete", "Done", "False"], _engine.Invoke(
            $"Get-ChaosRun -StatePath '{_folder.FullName}' | ForEach-Object {{ $_.State; $_.Changes.Change; $_.Changes.State; $_.Changes.NeedsUndo }}").Select(static item => item.ToString()));
    }

    [Fact]
    public void Pods_that_nothing_makes_again_need_a_word()
    {
        _folder.Write("bare.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: bare, namespace: shop}
            spec: {containers: [{name: bare, image: "bare:1"}]}
            """);
        _engine.Invoke($"$sandbox = New-ChaosSandbox '{_folder.FullName}'");

        Assert.StartsWith("PodsUnmanaged,", Assert.Single(_engine.Run("Remove-ClusterPod bare").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        _engine.Invoke("Remove-ClusterPod bare -IncludeUnmanaged");
    }

    [Fact]
    public void Protected_pods_and_last_replicas_are_as_the_policy_says()
    {
        var warnings = _engine.Run("Remove-ClusterPod -LabelSelector service=searchapi -WhatIf").Warnings;
        Assert.Contains("has the last ready replica of Deployment/contactsapp/search-deploy.", Assert.Single(warnings), StringComparison.Ordinal);

        _folder.Write("chaosps.policy.yaml", "lastReadyReplica: refuse");
        Assert.StartsWith("LastReadyReplica,", Error($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); Remove-ClusterPod -LabelSelector service=searchapi"), StringComparison.Ordinal);
        _folder.Write("chaosps.policy.yaml", "protectedNamespaces: [contactsapp]");
        Assert.StartsWith("NamespaceProtected,", Error("Remove-ClusterPod -LabelSelector service=searchapi -Mode One"), StringComparison.Ordinal);

        string Error(string command) => Assert.Single(_engine.Run(command).Errors).FullyQualifiedErrorId;
    }
}
