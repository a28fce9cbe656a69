using System.Text.Json.Nodes;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Get-ResilienceRisk and Get-ResilienceFix as they are typed.</summary>
public sealed class ResilienceTests : IDisposable
{
    private const string Manifests = """
        # The shop.
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}
              containers: [{name: web, image: "web:1"}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: alone, namespace: shop}
        spec:
          selector: {matchLabels: {app: alone}}
          template:
            metadata: {labels: {app: alone}}
            spec: {containers: [{name: alone, image: "alone:1"}]}
        """;

    private readonly Engine _engine = Engine.WithSandbox();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    private string[] Texts(string script) => [.. _engine.Invoke(script).Select(static it => it.ToString())];

    private string WriteManifests() => _folder.Write("shop.yaml", Manifests);

    [Fact]
    public void Every_workload_of_the_workshop_is_a_single_point_and_the_clock_stands_still()
    {
        var before = Texts("(Get-ChaosSandbox).Now.Ticks");
        Assert.Equal("9", Assert.Single(Texts("@(Get-ResilienceRisk -Namespace contactsapp | Where-Object Code -eq SinglePoint).Count")));
        Assert.Equal(["search-deploy"], Texts("Get-PodDistribution search-deploy | Get-ResilienceRisk | ForEach-Object Name"));
        Assert.Empty(Texts("Get-PodDistribution | Where-Object Name -eq none | Get-ResilienceRisk "));
        Assert.Equal(["High"], Texts("Get-ResilienceRisk ca-deploy -MinimumSeverity High | ForEach-Object Severity"));
        Assert.Equal(before, Texts("(Get-ChaosSandbox).Now.Ticks"));
    }

    [Fact]
    public void From_distributions_to_fixes()
    {
        Assert.Equal(
            ["replicas 1 -> 2 for 1 pod, 100m CPU, 128Mi memory"],
            Texts("Get-PodDistribution ca-deploy | Where-Object { -not $_.SurvivesNodeLoss } | Get-ResilienceFix | ForEach-Object { \"$($_.Description) for $($_.Cost)\" }"));
        Assert.Equal(["spread over nodes, where it can be for none"], Texts("Get-ResilienceFix search-deploy | ForEach-Object { \"$($_.Description) for $($_.Cost)\" }"));
        Assert.Equal(["no change"], Texts("(Get-ResilienceFix search-deploy).Rejected.Description"));
    }

    [Fact]
    public void Risks_say_what_a_fix_must_survive()
    {
        Assert.Equal(["NodeLoss Rollout"], Texts("Get-ResilienceRisk ca-deploy | Get-ResilienceFix | ForEach-Object { $_.Survives -join ' ' }"));
        Assert.Equal(["Drain"], Texts("Get-ResilienceRisk search-deploy | Get-ResilienceFix -Survive Drain | ForEach-Object { $_.Survives -join ' ' }"));
    }

    [Fact]
    public void Where_an_outage_is_borne_pods_need_only_leave_sooner() =>
        Assert.Equal(["tolerationSeconds 30"], Texts("Get-ResilienceFix ca-deploy -MaxOutage 2m | ForEach-Object Description"));

    [Fact]
    public void What_survives_as_it_is_has_no_fix_and_what_is_not_there_is_an_error()
    {
        _engine.Invoke("Get-ResilienceFix search-deploy | ForEach-Object { }; Set-WorkloadReplica frontend-deploy -Replicas 2");
        Assert.Empty(Texts("Get-ResilienceFix frontend-deploy"));
        Assert.StartsWith("WorkloadNotFound,", Assert.Single(_engine.Run("Get-ResilienceRisk nothing").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("WorkloadNotFound,", Assert.Single(_engine.Run("Get-ResilienceFix nothing").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-ResilienceFix")]
    [InlineData("Get-ResilienceRisk")]
    public void A_pod_is_no_workload_and_nothing_else_is_looked_at_instead(string command)
    {
        var result = _engine.Run($"Get-ClusterPod ca-deploy* -Namespace contactsapp | {command}");
        Assert.Contains("is a pod, and no workload: Get-PodDistribution lists the workloads", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Where_nothing_small_helps_the_error_says_what_it_takes()
    {
        var error = Assert.Single(_engine.Run($"Get-ResilienceFix alone -Path '{WriteManifests()}' -Nodes 1").Errors);
        Assert.StartsWith("FixNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("It takes 1 node more in pool nodepool1; then this is enough: replicas 1 -> 2", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Risks_of_manifests_know_their_lines()
    {
        var file = WriteManifests();
        Assert.Equal(
            ["SinglePoint alone 20", "RolloutDeadlock web 5", "AntiAffinityUnmet web 12"],
            Texts($"Get-ResilienceRisk -Path '{_folder.FullName}' -Nodes 3 | ForEach-Object {{ \"$($_.Code) $($_.Name) $($_.Line)\" }}"));
        Assert.Equal([file], Texts($"Get-ResilienceRisk -Path '{_folder.FullName}' | ForEach-Object Path").Distinct());
        Assert.Equal([file], Texts($"Get-ResilienceFix alone -Path '{_folder.FullName}' | ForEach-Object Path"));
        Assert.Equal(["SinglePoint"], Texts($"Get-ResilienceRisk -Path '{_folder.FullName}' -Nodes 5 | ForEach-Object Code"));
    }

    [Fact]
    public void Risks_of_manifests_are_written_for_code_scanning()
    {
        WriteManifests();
        _engine.Invoke($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); Get-ResilienceRisk -Path . -SarifPath risks.sarif | Out-Null");
        var run = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "risks.sarif")))!["runs"]![0]!;
        Assert.Equal(["SinglePoint", "RolloutDeadlock", "AntiAffinityUnmet"], run["results"]!.AsArray().Select(static it => (string?)it!["ruleId"]));
        Assert.All(run["results"]!.AsArray(), static it => Assert.Equal("shop.yaml", (string?)it!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]));

        Assert.StartsWith("SarifWithoutManifests,", Assert.Single(_engine.Run("Get-ResilienceRisk -SarifPath risks.sarif").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_cannot_end_is_warned_of_before_anybody_is_asked()
    {
        _engine.Invoke("Set-WorkloadReplica frontend-deploy -Replicas 3");
        Assert.Empty(_engine.Run("Add-PodAntiAffinity frontend-deploy -WhatIf").Warnings);
        _engine.Invoke("Set-WorkloadReplica frontend-deploy -Replicas 5");
        var warning = Assert.Single(_engine.Run("Add-PodAntiAffinity frontend-deploy -WhatIf").Warnings);
        Assert.Contains("would not end as the cluster is: 0/3 nodes are available", warning, StringComparison.Ordinal);
        Assert.Contains("anti-affinity rules", warning, StringComparison.Ordinal);

        _engine.Invoke("Set-WorkloadReplica frontend-deploy -Replicas 2; Add-PodAntiAffinity frontend-deploy");
        Assert.Empty(_engine.Run("Set-WorkloadReplica frontend-deploy -Replicas 3 -WhatIf").Warnings);
        Assert.Single(_engine.Run("Set-WorkloadReplica frontend-deploy -Replicas 4 -WhatIf").Warnings);
    }

    [Fact]
    public void A_snapshot_file_gives_the_same_risks_as_its_cluster()
    {
        var file = Path.Combine(_folder.FullName, "cluster.json");
        _engine.Invoke($"Export-ClusterSnapshot -Path '{file}'");
        Assert.Equal(
            Texts("Get-ResilienceRisk -Namespace contactsapp | Where-Object Code -eq SinglePoint | ForEach-Object Object").Order(),
            Texts($"Get-ResilienceRisk -Namespace contactsapp -Path '{file}' | Where-Object Code -eq SinglePoint | ForEach-Object Object").Order());
    }

    [Fact]
    public void A_fix_that_is_asked_for_by_name_of_what_has_none_is_an_error()
    {
        var error = Assert.Single(_engine.Run("Get-ResilienceFix ingress-nginx-controller").Errors);
        Assert.StartsWith("WorkloadKindNotSupported,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_engine.Run("Get-ResilienceFix ingress*").Errors);
    }
}
