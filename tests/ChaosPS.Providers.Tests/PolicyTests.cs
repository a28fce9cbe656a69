using ChaosPS.Errors;
using ChaosPS.Providers.Yaml;
using ChaosPS.Safety;

namespace ChaosPS.Providers.Tests;

/// <summary>Policy files, read through the real YAML reader.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_rule_is_read()
    {
        var policy = BlastPolicyReader.Read("""
            maxNodesDown: 2
            maxPoolPercent: 34
            maxZonePercent: 50
            lastReadyReplica: refuse
            protectedNodes:
              - app=db
              - kubernetes.azure.com/mode in (system)
            protectedNamespaces: [payments, kube-system]
            maintenanceWindows:
              - days: [Mon, tuesday]
                from: 09:30
                to: "16:00"
                timeZone: Europe/Amsterdam
            stopFile: /var/run/chaosps.stop
            stopConfigMap: ops/chaosps-stop
            """, "p.yaml", new YamlDocumentReader());

        Assert.Equal((2, 34, 50, RuleLevel.Refuse), (policy.MaxNodesDown, policy.MaxPoolPercent, policy.MaxZonePercent, policy.LastReadyReplica));
        Assert.Equal(["app=db", "kubernetes.azure.com/mode=system"], policy.ProtectedNodes.Select(static selector => selector.ToString()));
        Assert.Equal(["payments", "kube-system"], policy.ProtectedNamespaces);
        Assert.Equal("Mon,Tue 09:30-16:00 Europe/Amsterdam", Assert.Single(policy.MaintenanceWindows).ToString());
        Assert.Equal(("/var/run/chaosps.stop", "ops/chaosps-stop"), (policy.StopFile, policy.StopConfigMap));
    }

    [Theory]
    [InlineData("maxNodeDown: 1", "line 1, column 1: there is no rule 'maxNodeDown'. Did you mean 'maxNodesDown'?")]
    [InlineData("maxNodesDown: 0", "line 1, column 15: maxNodesDown must be a whole number of at least 1.")]
    [InlineData("maxPoolPercent: 101", "maxPoolPercent must be a whole number from 1 to 100.")]
    [InlineData("lastReadyReplica: maybe", "lastReadyReplica must be warn or refuse.")]
    [InlineData("protectedNodes: ['']", "an empty selector would protect every node.")]
    [InlineData("protectedNamespaces: [1]", "protectedNamespaces must be a list of texts.")]
    [InlineData("maintenanceWindows: []", "maintenanceWindows must be a list of at least one window")]
    [InlineData("maintenanceWindows: [{from: '9', to: '10:00', timeZone: UTC}]", "a window needs from, a time such as")]
    [InlineData("maintenanceWindows: [{from: '09:00', to: '10:00', timeZone: Atlantis}]", "a window needs a timeZone that this machine knows")]
    [InlineData("maintenanceWindows: [{from: '09:00', to: '10:00', timeZone: UTC, days: [Mo]}]", "'Mo' is no day of the week")]
    [InlineData("maintenanceWindows: [{from: 9, to: 16, timeZone: UTC}]", "a window needs from, a time such as")]
    [InlineData("maintenanceWindows: [{from: '09:00', to: '10:00', timeZone: UTC, days: []}]", "leave days out for every day")]
    [InlineData("stopFile: STOP", "stopFile must be a whole path here")]
    [InlineData("stopConfigMap: x", "stopConfigMap must be namespace/name")]
    [InlineData("- 1", "It must be a mapping")]
    public void A_rule_that_cannot_be_read_is_an_error_and_never_a_missing_rule(string text, string problem)
    {
        var error = Assert.Throws<ChaosException>(() => BlastPolicyReader.Read(text, "p.yaml", new YamlDocumentReader()));

        Assert.Equal("PolicyInvalid", error.ErrorId);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var error = Assert.Throws<ChaosException>(() => BlastPolicyReader.Read("maxNodesDown: x\nmaxZonePercent: y\n", "p.yaml", new YamlDocumentReader()));

        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_file_lies_where_the_policy_lies()
    {
        File.WriteAllText(Path.Combine(_folder, BlastPolicyReader.FileName), "stopFile: ops/STOP");

        var policy = Assert.Single(BlastPolicyReader.ReadUpwardFrom(_folder, new YamlDocumentReader()));

        Assert.Equal(Path.Combine(_folder, "ops", "STOP"), policy.StopFile);
    }

    [Fact]
    public void The_nearest_file_upward_counts()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName;
        File.WriteAllText(Path.Combine(_folder, BlastPolicyReader.FileName), "maxNodesDown: 5");
        File.WriteAllText(Path.Combine(_folder, "a", BlastPolicyReader.FileName), "maxNodesDown: 3");

        var policy = Assert.Single(BlastPolicyReader.ReadUpwardFrom(inner, new YamlDocumentReader()));

        Assert.Equal(3, policy.MaxNodesDown);
        Assert.Equal(Path.Combine(_folder, "a", BlastPolicyReader.FileName), policy.Source);
    }
}
