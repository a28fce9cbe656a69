using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Fixes, applied to the cluster and put back.</summary>
public sealed class UpdateWorkloadTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("chaosps-state-");

    public void Dispose()
    {
        _engine.Dispose();
        _state.Delete(recursive: true);
    }

    private object? Survives() => _engine.Invoke("Get-PodDistribution search-deploy").Single().Properties["SurvivesNodeLoss"].Value;

    [Fact]
    public void A_fix_is_applied_and_its_run_takes_it_away_again()
    {
        var run = Assert.Single(_engine.Invoke($"$run = Get-ResilienceFix search-deploy -Namespace contactsapp | Update-Workload -StatePath '{_state.FullName}'; $run"));

        Assert.Equal("Held", $"{run.Properties["State"].Value}");
        Assert.Equal(true, Survives());
        var restored = Assert.Single(_engine.Invoke("$run | Restore-ChaosRun -Confirm:$false"));
        Assert.Equal(true, restored.Properties["Complete"].Value);
        Assert.Contains("is put back: spec.template.spec.topologySpreadConstraints", string.Join(' ', (IEnumerable<string>)restored.Properties["Steps"].Value), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fix_for_what_was_changed_since_is_refused_unless_forced()
    {
        _engine.Invoke($"$fix = Get-ResilienceFix search-deploy -Namespace contactsapp; $null = Set-WorkloadReplica search-deploy -Replicas 3 -StatePath '{_state.FullName}'");

        var error = Assert.Single(_engine.Run($"$fix | Update-Workload -StatePath '{_state.FullName}'").Errors);

        Assert.Equal("FixOutdated,ChaosPS.Commands.UpdateWorkloadCommand", error.FullyQualifiedErrorId);
        Assert.Single(_engine.Invoke($"$fix | Update-Workload -Force -StatePath '{_state.FullName}'"));
        Assert.Equal(true, Survives());
    }

    [Fact]
    public void A_fix_that_was_found_in_a_snapshot_is_for_its_own_cluster_only()
    {
        var file = Path.Combine(_state.FullName, "snapshot.json.gz");
        _engine.Invoke($"Export-ClusterSnapshot '{file}'; $fix = Get-ResilienceFix search-deploy -Path '{file}'");

        _engine.UseSandbox(seed: 5);
        var error = Assert.Single(_engine.Run($"$fix | Update-Workload -Force -StatePath '{_state.FullName}'").Errors);

        Assert.Equal("OtherCluster,ChaosPS.Commands.UpdateWorkloadCommand", error.FullyQualifiedErrorId);
        Assert.Equal(false, Survives());
    }

    [Fact]
    public void A_manifest_is_changed_and_put_back_without_a_cluster()
    {
        var file = Path.Combine(_state.FullName, "search.yaml");
        const string Text = "apiVersion: apps/v1\r\nkind: Deployment\r\nmetadata: {name: search}\r\nspec:\r\n  replicas: 1 # one\r\n  selector: {matchLabels: {a: b}}\r\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";
        File.WriteAllText(file, Text);

        using var engine = new Engine();
        engine.Invoke($"$run = Set-WorkloadReplica search -Replicas 2 -Path '{file}' -StatePath '{_state.FullName}'");

        Assert.Equal(Text.Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal), File.ReadAllText(file));
        engine.Invoke("$run | Restore-ChaosRun -Confirm:$false");
        Assert.Equal(Text, File.ReadAllText(file));
    }

    [Fact]
    public void A_fix_goes_to_the_very_file_that_it_was_found_in()
    {
        const string Text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: search}\nspec:\n  replicas: 1\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}\n";
        var (file, other) = (Path.Combine(_state.FullName, "s[e]arch.yaml"), Path.Combine(_state.FullName, "search.yaml"));
        File.WriteAllText(file, Text);
        File.WriteAllText(other, Text);

        using var engine = new Engine();
        engine.Invoke($"Get-ResilienceFix -Path '{file}' | Update-Workload -StatePath '{_state.FullName}'");

        Assert.Equal(Text, File.ReadAllText(other));
        Assert.Contains("replicas: 2", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none*.yaml")]
    [InlineData("none.yaml")]
    public void Paths_that_lead_to_no_file_are_an_error(string path)
    {
        using var engine = new Engine();
        var error = Assert.Single(engine.Run($"Set-WorkloadReplica search -Replicas 2 -Path '{Path.Combine(_state.FullName, path)}'").Errors);

        Assert.Equal("FileNotFound,ChaosPS.Commands.SetWorkloadReplicaCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Names_in_files_take_the_same_wildcards_as_names_in_clusters()
    {
        var file = Path.Combine(_state.FullName, "search.yaml");
        File.WriteAllText(file, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: search}\nspec:\n  replicas: 1\n");

        using var engine = new Engine();
        engine.Invoke($"Set-WorkloadReplica '[rs]EARCH' -Replicas 2 -Path '{file}' -StatePath '{_state.FullName}'");

        Assert.Contains("replicas: 2", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_else_writes_what_is_changed_is_named_before()
    {
        var file = Path.Combine(_state.FullName, "web.yaml");
        File.WriteAllText(file, """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {argocd.argoproj.io/instance: shop}}
            spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: most}
            spec: {minReplicas: 2, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
            """);
        _engine.Invoke($"New-ChaosSandbox '{file}'");

        var warnings = _engine.Run($"Set-WorkloadReplica web, w* -Replicas 9 -WhatIf -StatePath '{_state.FullName}'").Warnings;

        Assert.Equal(2, warnings.Count);
        Assert.StartsWith("Argo CD (shop) applies Deployment/default/web,", warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("HorizontalPodAutoscaler most sets the replicas of Deployment/default/web, 2 to 5:", warnings[1], StringComparison.Ordinal);
        Assert.Single(_engine.Run($"Add-PodAntiAffinity web -WhatIf -StatePath '{_state.FullName}'").Warnings, static it => it.StartsWith("Argo CD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("StatefulSet", "serviceName: web, updateStrategy: {type: OnDelete}", "its updateStrategy is OnDelete")]
    [InlineData("Deployment", "paused: true", "it is paused, until 'kubectl rollout resume deployment/web -n default'.")]
    public void Pods_that_do_not_follow_their_template_are_told_of(string kind, string field, string reason)
    {
        var file = Path.Combine(_state.FullName, "web.yaml");
        File.WriteAllText(file, $$$$"""
            apiVersion: apps/v1
            kind: {{{{kind}}}}
            metadata: {name: web}
            spec: {replicas: 1, {{{{field}}}}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}}
            """);
        _engine.Invoke($"New-ChaosSandbox '{file}'; Step-ChaosSandbox -Duration 1m");

        var result = _engine.Run($"Add-PodAntiAffinity web -Timeout 20s -StatePath '{_state.FullName}'");

        Assert.Contains(reason, string.Join(' ', result.Warnings.Concat(result.Errors.Select(static error => error.ToString()))), StringComparison.Ordinal);
        Assert.Single(result.Output);
    }
}
