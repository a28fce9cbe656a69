using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Changing workloads.</summary>
public sealed class WorkloadTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Set-WorkloadReplica frontend-deploy -Replicas 2 -PassThru")]
    [InlineData("Set-WorkloadReplica -Name frontend-* -Namespace contactsapp -Replicas 2 -PassThru")]
    [InlineData("Get-PodDistribution frontend-deploy | Set-WorkloadReplica -Replicas 2 -PassThru")]
    [InlineData("(Get-PodDistribution frontend-deploy).Workload | Set-WorkloadReplica -Replicas 2 -PassThru")]
    public void Replicas_are_set_by_name_or_record_and_waited_for(string command)
    {
        var workload = _engine.Invoke(command).Single();

        Assert.Equal("frontend-deploy", workload.Properties["Name"].Value);
        Assert.Equal(2, workload.Properties["AvailableReplicas"].Value);
        Assert.Equal(2, _engine.Invoke("(Get-PodDistribution frontend-deploy).Ready").Single().BaseObject);
    }

    [Theory]
    [InlineData("warn", "Leaving Deployment/contactsapp/frontend-deploy without pods takes the last ready replica of Deployment/contactsapp/frontend-deploy.")]
    [InlineData("refuse", "LastReadyReplica,ChaosPS.Commands.SetWorkloadReplicaCommand")]
    public void Taking_a_workloads_last_ready_replica_is_judged_by_the_rule_for_that(string level, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("chaosps.policy.yaml", $"lastReadyReplica: {level}");

        var result = _engine.Run(
            $"$null = $ExecutionContext.SessionState.Path.SetLocation('{folder.FullName}'); Set-WorkloadReplica frontend-deploy -Replicas 0; $null = $ExecutionContext.SessionState.Path.SetLocation('/')");

        Assert.Equal(expected, level == "warn" ? Assert.Single(result.Warnings) : Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(level == "warn" ? 0 : 1, _engine.Invoke("(Get-PodDistribution frontend-deploy).Ready").Single().BaseObject);
    }

    [Fact]
    public void Anti_affinity_by_the_service_label_keeps_the_pods_on_different_nodes()
    {
        Assert.Equal("Add-PodAntiAffinity", Assert.Single(_engine.Invoke("Get-PodDistribution search-deploy | Add-PodAntiAffinity")).Properties["Command"].Value);

        var spread = _engine.Invoke("Get-PodDistribution search-deploy").Single();
        Assert.Equal([2, 2, 1, true], new[] { "Ready", "Nodes", "MostOnOneNode", "SurvivesNodeLoss" }.Select(name => spread.Properties[name].Value));
    }

    [Theory]
    [InlineData("Get-PodDistribution -Namespace contactsapp | Set-WorkloadReplica -Replicas 2 -WhatIf", "Set replicas 1 -> 2")]
    [InlineData("Add-PodAntiAffinity search-deploy -WhatIf", "Add required pod anti-affinity by label 'service' on kubernetes.io/hostname")]
    public void Under_WhatIf_each_workload_is_named_and_none_is_changed(string command, string action)
    {
        var before = Replicas();

        Assert.Empty(_engine.Invoke(command));

        Assert.Contains($"What if: Performing the operation \"{action}\" on target \"Deployment/contactsapp/", _engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(before, Replicas());

        string Replicas() => string.Join(' ', _engine.Invoke("Get-PodDistribution | ForEach-Object { $_.Workload.Generation, $_.Replicas }"));
    }

    [Theory]
    [InlineData("Set-WorkloadReplica search-deploy -Replicas 3 -WhatIf", "/deployments/search-deploy/scale?fieldManager=chaosps&dryRun=All")]
    [InlineData("Add-PodAntiAffinity search-deploy -WhatIf", "/deployments/search-deploy?fieldManager=chaosps&dryRun=All")]
    public void Under_WhatIf_the_server_is_asked_whether_it_would(string command, string request)
    {
        var recording = RecordingHandler.PutBeforeSandbox(_engine);

        _engine.Invoke(command);

        Assert.EndsWith(request, Assert.Single(recording.All, static sent => sent.StartsWith("PATCH ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_that_was_made_again_under_the_same_name_is_left_alone()
    {
        var error = Assert.Single(_engine.Run(
            "$old = (Get-PodDistribution search-deploy).Workload; $old.GetType().GetProperty('Uid').SetValue($old, 'the one before'); "
            + "$old | Set-WorkloadReplica -Replicas 3").Errors);

        Assert.Equal("ClusterConflict,ChaosPS.Commands.SetWorkloadReplicaCommand", error.FullyQualifiedErrorId);
        Assert.Contains("UID in precondition: the one before", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_undo_goes_back_to_what_there_was_when_it_was_changed()
    {
        using var folder = new TemporaryFolder();
        _engine.Invoke("$old = (Get-PodDistribution search-deploy).Workload; Set-WorkloadReplica search-deploy -Replicas 4");
        _engine.Invoke($"$null = $old | Set-WorkloadReplica -Replicas 1 -StatePath '{folder.FullName}'; Get-ChaosRun -StatePath '{folder.FullName}' | Restore-ChaosRun");

        Assert.Equal(4, _engine.Invoke("(Get-PodDistribution search-deploy).Workload.Replicas").Single().BaseObject);
    }

    [Fact]
    public void An_unknown_workload_is_an_error_that_lists_those_that_exist()
    {
        var error = Assert.Single(_engine.Run("Set-WorkloadReplica nonesuch -Replicas 2 -Namespace contactsapp").Errors);

        Assert.Equal("WorkloadNotFound,ChaosPS.Commands.SetWorkloadReplicaCommand", error.FullyQualifiedErrorId);
        Assert.Contains("search-deploy", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_the_pods_lack_is_an_error_that_lists_those_that_they_have()
    {
        var error = Assert.Single(_engine.Run("Add-PodAntiAffinity search-deploy -LabelKey nonesuch").Errors);

        Assert.Equal("LabelMissing,ChaosPS.Commands.AddPodAntiAffinityCommand", error.FullyQualifiedErrorId);
        Assert.Contains("service", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_cannot_finish_is_an_error_with_the_schedulers_reason()
    {
        var error = Assert.Single(_engine.Run(
            "Add-PodAntiAffinity frontend-deploy; Set-WorkloadReplica frontend-deploy -Replicas 4 -Timeout 2m").Errors);

        Assert.Equal("RolloutTimeout,ChaosPS.Commands.SetWorkloadReplicaCommand", error.FullyQualifiedErrorId);
        Assert.Contains("anti-affinity", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_cannot_finish_is_still_that_error_where_pods_may_not_be_listed()
    {
        _engine.Invoke("Add-PodAntiAffinity frontend-deploy");
        var access = SandboxAccess.PutBeforeSandbox(_engine);
        access.Allowed = new HashSet<string>
        {
            "get  namespaces", "list apps deployments", "list apps statefulsets", "list apps daemonsets", "get apps deployments", "patch apps deployments/scale",
        };
        _engine.Invoke("$null = $sandbox | Connect-ChaosCluster");

        var error = Assert.Single(_engine.Run("Set-WorkloadReplica frontend-deploy -Replicas 4 -Timeout 2m").Errors);

        Assert.Equal("RolloutTimeout,ChaosPS.Commands.SetWorkloadReplicaCommand", error.FullyQualifiedErrorId);
        Assert.Contains("which may not be listed", error.ToString(), StringComparison.Ordinal);
    }
}
