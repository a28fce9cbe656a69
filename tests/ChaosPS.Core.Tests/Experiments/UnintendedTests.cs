using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>What the Chaos Toolkit takes and nobody means: warnings, which are errors when they are asked to be.</summary>
public class UnintendedTests
{
    private const string Http = """{"type": "http", "url": "http://x/"}""";
    private const string Process = """{"type": "process", "path": "true"}""";
    private const string Exists = """{"type": "python", "module": "chaosk8s.namespace.probes", "func": "namespace_exists", "arguments": {"name": "x"}}""";
    private const string Count = """{"type": "python", "module": "chaosk8s.pod.probes", "func": "count_pods", "arguments": {"label_selector": "a=b"}}""";

    [Theory]
    [InlineData(Http, "\"200\"", true)]
    [InlineData(Http, "true", true)]
    [InlineData(Http, "99", true)]
    [InlineData(Http, "404", false)]
    [InlineData(Http, "[]", true)]
    [InlineData(Http, "[\"200\"]", true)]
    [InlineData(Http, "[200, \"x\"]", false)]
    [InlineData(Http, "[1, 2]", true)]
    [InlineData(Http, """{"type": "regex", "pattern": "x"}""", true)]
    [InlineData(Http, """{"type": "regex", "pattern": "x", "target": "status"}""", true)]
    [InlineData(Http, """{"type": "regex", "pattern": "x", "target": "bodi"}""", true)]
    [InlineData(Http, """{"type": "regex", "pattern": "x", "target": "body"}""", false)]
    [InlineData(Http, """{"type": "range", "range": [299, 200], "target": "status"}""", true)]
    [InlineData(Http, """{"type": "range", "range": [200, 299], "target": "status"}""", false)]
    [InlineData(Http, """{"type": "range", "range": [200, 299], "target": "headers"}""", true)]
    [InlineData(Http, """{"type": "jsonpath", "path": "$.items"}""", true)]
    [InlineData(Http, """{"type": "jsonpath", "path": "$.body.items"}""", false)]
    [InlineData(Http, """{"type": "jsonpath", "path": "$.items", "target": "body", "count": -1}""", true)]
    [InlineData(Http, """{"type": "jsonpath", "path": "$.items", "target": "body", "count": 0}""", false)]
    [InlineData(Process, "-9", false)]
    [InlineData(Process, """{"type": "range", "range": [1, 2], "target": "stdot"}""", true)]
    [InlineData(Exists, "true", false)]
    [InlineData(Exists, "1", false)]
    [InlineData(Exists, "2", true)]
    [InlineData(Exists, "\"True\"", true)]
    [InlineData(Exists, """{"type": "regex", "pattern": "True"}""", true)]
    [InlineData(Exists, """{"type": "range", "range": [0, 1]}""", false)]
    [InlineData(Count, "3", false)]
    [InlineData(Count, "[3, 5]", false)]
    [InlineData(Count, "[5, 3]", true)]
    [InlineData(Count, "\"3\"", true)]
    [InlineData(Count, """{"type": "range", "range": [1, 3], "target": "body"}""", true)]
    public void A_tolerance_that_is_never_met_is_told(string provider, string tolerance, bool impossible)
    {
        var validation = Validate($$"""{"title": "h", "probes": [{"type": "probe", "name": "p", "provider": {{provider}}, "tolerance": {{tolerance}}}]}""");

        Assert.Equal(impossible ? ["ToleranceImpossible"] : [], validation.Findings.Select(static finding => finding.Code));
        Assert.True(validation.IsValid);
        Assert.Equal(!impossible, validation.AsStrict().IsValid);
    }

    [Theory]
    [InlineData("$.items[?(@.ready=true)]", "$.items[*][?(@.ready=true)]")]
    [InlineData("$[?(@.ready=true)]", "$[*][?(@.ready=true)]")]
    [InlineData("$[\"items\"][?(@.ready=true)].id", "$[\"items\"][*][?(@.ready=true)].id")]
    [InlineData("$.a[*][?(@.b=1 and @.c=2 or @.d=3)]", "parentheses")]
    [InlineData("$.a[*][?((@.b=1 and @.c=2) or @.d=3)]", null)]
    [InlineData("$.a[::-1]", "[2:0:-1]")]
    [InlineData("$.a[3:0:-1]", null)]
    [InlineData("$.a.length", ".length()")]
    [InlineData("$.a.length()", null)]
    [InlineData("$.items[*][?(@.ready=true)]", null)]
    [InlineData("$.items[?(@)]", null)]
    [InlineData("$..items[*][?(@.n>1)].x", null)]
    public void A_path_that_other_dialects_read_differently_is_told(string path, string? better)
    {
        var remarks = JsonPathDialect.Remarks(JsonPath.Parse(path), path).ToArray();

        if (better is null) Assert.Empty(remarks);
        else Assert.Contains(better, Assert.Single(remarks).Better, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.items[?(@.state == 'up')].id", "$.items[*][?(@.state = \"up\")].id ?")]
    [InlineData("items[0]", "$.items[0] ?")]
    [InlineData("$.a[*][?(@.b==1 && @.c==2)]", "$.a[*][?(@.b=1 and @.c=2)] ?")]
    [InlineData("$['a']", "$[\"a\"] ?")]
    public void A_path_of_another_dialect_is_written_in_this_one(string path, string better) =>
        Assert.StartsWith("Did you mean " + better, JsonPathDialect.Suggest(path), StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "configuration": {"a": 1} """, "VariableUnused")]
    [InlineData(""" "configuration": {"azure_subscription_id": 1} """, null)]
    [InlineData(""" "configuration": {"a": 1}, "tags": ["${a}"] """, null)]
    [InlineData(""" "secrets": {"s": {"t": 1}} """, "VariableUnused")]
    [InlineData(""" "secrets": {"s": {"t": 1}}, "tags": ["${t}"] """, null)]
    [InlineData(""" "method": [{"type": "probe", "name": "p", "provider": {"type": "process", "path": "true", "secrets": ["s"]}}] """, "SecretsUnknown")]
    [InlineData(""" "secrets": {"s": {"t": 1}}, "method": [{"type": "probe", "name": "p", "provider": {"type": "process", "path": "true", "secrets": ["s"]}}] """, null)]
    [InlineData(""" "method": [{"type": "probe", "name": "p", "dry": true, "provider": {"type": "process", "path": "true"}}] """, "KeyIgnored")]
    public void What_is_declared_or_named_for_nothing_is_told(string part, string? code)
    {
        var method = part.Contains("\"method\"", StringComparison.Ordinal) ? "" : "\"method\": [],";

        var findings = Read($$"""{"title": "t", "description": "d", {{method}} {{part}}}""").Findings;

        Assert.Equal(code is null ? [] : [code], findings.Select(static finding => finding.Code));
    }

    [Fact]
    public void The_results_that_are_listed_are_those_of_probes_in_the_catalogue_in_order()
    {
        var probes = ActivityCatalogue.All.Where(static activity => activity.Kind == ActivityKind.Probe).Select(static activity => activity.Function).ToHashSet();

        Assert.Empty(ProbeResults.Functions.Except(probes));
        Assert.Equal(ProbeResults.Functions.Order(StringComparer.Ordinal).Except(["count_instances", "count_pods"]), ProbeResults.Functions.Skip(2));
    }

    private static ExperimentValidation Validate(string hypothesis) => Read($$"""{"title": "t", "description": "d", "method": [], "steady-state-hypothesis": {{hypothesis}}}""");

    private static ExperimentValidation Read(string json) => ExperimentValidator.Validate(
        ExperimentReader.Read(json, "e.json", JsonDocuments.Instance),
        new EnvironmentVariables(new Dictionary<string, string>(), "test", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }));
}
