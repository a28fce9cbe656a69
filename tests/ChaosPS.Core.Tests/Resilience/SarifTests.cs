using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Resilience;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>The report has what SARIF 2.1.0 demands, and what code scanning needs to show a risk at its line.</summary>
public sealed class SarifTests
{
    private static readonly string s_root = Path.Combine(Path.GetTempPath(), "a folder");

    private static ResilienceRisk Risk(RiskSeverity severity = RiskSeverity.High) => new()
    {
        Code = "SinglePoint",
        Severity = severity,
        Kind = "Deployment",
        Namespace = "shop",
        Name = "web",
        Cluster = new ClusterIdentity("c", "", ""),
        Message = "Its only pod is on one node.",
        Scenario = "loss of node0",
        Evidence = "down for 350/356/363 s",
        Fix = "Have two replicas.",
        Path = Path.Combine(s_root, "apps", "web app.yaml"),
        Line = 7,
        Column = 3,
    };

    private static JsonNode Run(params ResilienceRisk[] risks)
    {
        var report = SarifReport.Write(risks, s_root);
        Assert.Equal(("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json"), ((string?)report["version"], (string?)report["$schema"]));
        return Assert.Single(report["runs"]!.AsArray())!;
    }

    [Fact]
    public void A_result_names_its_rule_its_level_its_line_and_what_was_simulated()
    {
        var run = Run(Risk());
        var result = Assert.Single(run["results"]!.AsArray())!;
        Assert.Equal(("SinglePoint", "error"), ((string?)result["ruleId"], (string?)result["level"]));
        Assert.Equal("SinglePoint", (string?)run["tool"]!["driver"]!["rules"]![(int)result["ruleIndex"]!]!["id"]);
        Assert.Equal("Its only pod is on one node. Simulated loss of node0: down for 350/356/363 s. Have two replicas.", (string?)result["message"]!["text"]);
        var place = Assert.Single(result["locations"]!.AsArray())!["physicalLocation"]!;
        Assert.Equal(("apps/web%20app.yaml", "%SRCROOT%"), ((string?)place["artifactLocation"]!["uri"], (string?)place["artifactLocation"]!["uriBaseId"]));
        Assert.Equal((7, 3), ((int)place["region"]!["startLine"]!, (int)place["region"]!["startColumn"]!));
        var root = (string)run["originalUriBaseIds"]!["%SRCROOT%"]!["uri"]!;
        Assert.StartsWith("file:///", root, StringComparison.Ordinal);
        Assert.EndsWith("/a%20folder/", root, StringComparison.Ordinal);
    }

    [Fact]
    public void Severities_are_levels_and_a_fingerprint_stays_when_lines_and_seconds_change()
    {
        Assert.Equal(["note", "warning", "error"], Run(Risk(RiskSeverity.Low), Risk(RiskSeverity.Medium), Risk())["results"]!.AsArray().Select(static it => (string?)it!["level"]));
        string[] prints = [.. Run(Risk(), Risk() with { Line = 70, Evidence = "down for 1 s" }, Risk() with { Name = "other" })["results"]!.AsArray().Select(static it => (string)it!["partialFingerprints"]!["chaosps/v1"]!)];
        Assert.Equal(prints[0], prints[1]);
        Assert.NotEqual(prints[0], prints[2]);
    }

    [Fact]
    public void A_file_elsewhere_has_an_absolute_address_and_a_risk_without_one_its_object_only()
    {
        var results = Run(Risk() with { Path = Path.Combine(Path.GetTempPath(), "web.yaml") }, Risk() with { Path = null, Line = 0, Column = 0 })["results"]!.AsArray();
        Assert.StartsWith("file:///", (string?)results[0]!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"], StringComparison.Ordinal);
        Assert.Null(results[1]!["locations"]![0]!["physicalLocation"]);
        Assert.Equal("Deployment/shop/web", (string?)results[1]!["locations"]![0]!["logicalLocations"]![0]!["fullyQualifiedName"]);
    }

    [Fact]
    public void Every_rule_is_described()
    {
        var rules = Run()["tool"]!["driver"]!["rules"]!.AsArray();
        Assert.All(rules, static rule => Assert.False(string.IsNullOrEmpty((string?)rule!["shortDescription"]!["text"])));
        Assert.Equal(rules.Count, rules.Select(static rule => (string?)rule!["id"]).Distinct().Count());
    }
}
