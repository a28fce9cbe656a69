using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public class ExperimentValidatorTests
{
    public static TheoryData<string> Activities => RecordedCase.Ids("activity");

    public static TheoryData<string> Definitions => RecordedCase.Ids("experiment");

    [Theory]
    [MemberData(nameof(Activities))]
    public void An_activity_is_refused_when_the_Chaos_Toolkit_refuses_it(string id)
    {
        var recorded = RecordedCase.Get(id);
        var activity = recorded.Input.GetProperty("activity").GetRawText();

        var validation = Validate($$"""{"title": "t", "description": "d", "configuration": {"pause_before": 1, "pause_after": 1}, "method": [{{activity}}]}""");

        Assert.True(recorded.IsError != validation.AsVerdict().IsValid, string.Join("\n", validation.Findings));
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_definition_is_refused_when_the_Chaos_Toolkit_refuses_it(string id)
    {
        var recorded = RecordedCase.Get(id);
        var validation = Validate(recorded.Input.GetProperty("experiment").GetRawText(), recorded.Environment);

        Assert.True(recorded.IsError != validation.AsVerdict().IsValid, string.Join("\n", validation.Findings));
    }

    [Fact]
    public void All_problems_are_reported_at_once_each_with_its_place_and_a_suggestion()
    {
        var validation = Validate("""
            {
              "title": "t",
              "rollback": [],
              "steady-state-hypothesis": {"title": "h", "probes": [
                {"type": "probe", "name": "p", "provider": {"type": "htpp", "url": "http://x"}, "tolerance": 200},
                {"type": "probe", "name": "q", "provider": {"type": "http", "url": "http://x"}, "tolerance": {"type": "rgex", "pattern": "x"}}]},
              "method": [
                {"type": "action", "name": "a", "provider": {"type": "python", "module": "chaosazure.vmss.action", "func": "stop_vmss"}},
                {"type": "action", "name": "b", "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "stop_vmsss"}},
                {"type": "action", "name": "c", "provider": {"type": "python", "module": "chaosazure.vmss.actions", "func": "stop_vmss",
                  "arguments": {"filters": "where name=~'x'", "instance_criteria": [{"instance": "0"}]}}},
                {"type": "action", "name": "d", "provider": {"type": "process", "path": "no-such-program"}, "pauses": {"after": -1}}]
            }
            """);

        Assert.False(validation.IsValid);
        Assert.Equal(
            [
                (1, "MissingKey", null),
                (3, "UnknownKey", "Did you mean 'rollbacks'?"),
                (5, "UnknownProvider", "Did you mean 'http'?"),
                (6, "ToleranceInvalid", "Did you mean 'regex'?"),
                (8, "UnknownModule", "Did you mean 'chaosazure.vmss.actions' or 'chaosazure.aks.actions' or 'chaosazure.vmss.probes'?"),
                (9, "UnknownFunction", "Did you mean 'stop_vmss'?"),
                (11, "FilterMissing", null),
                (11, "UnknownArgument", "Did you mean 'filter'?"),
                (11, "UnknownCriterion", "Did you mean 'instanceId'?"),
                (12, "ProgramNotFound", null),
                (12, "PauseInvalid", null),
            ],
            validation.Findings.Select(static finding => (
                finding.Line, finding.Code, finding.Suggestion?.StartsWith("Did you mean", StringComparison.Ordinal) == true ? finding.Suggestion : null)));
        Assert.All(validation.Findings, static finding => Assert.True(finding.Column > 0 && finding.Source == "e.json"));
    }

    [Fact]
    public void Two_keys_that_read_one_variable_are_warned_of_where_the_right_one_is_set_and_unused()
    {
        var validation = Validate(Workshop.AsPrinted, Workshop.Environment);

        Assert.True(validation.IsValid);
        var finding = Assert.Single(validation.Findings);
        Assert.Equal(("VariableShared", FindingSeverity.Warning, Workshop.LineOfMistake), (finding.Code, finding.Severity, finding.Line));
        Assert.Contains("AZURE_CLUSTER_VMSS_NAME", finding.Message, StringComparison.Ordinal);
        Assert.Equal("Did you mean AZURE_CLUSTER_VMSS_NAME?", finding.Suggestion);
    }

    [Fact]
    public void Two_keys_may_read_one_variable_on_purpose()
    {
        var environment = Workshop.Environment.Where(static e => e.Key != "AZURE_CLUSTER_VMSS_NAME").ToDictionary();

        Assert.Empty(Validate(Workshop.AsPrinted, environment).Findings);
    }

    [Fact]
    public void The_corrected_workshop_has_nothing_to_complain_of()
    {
        Assert.Empty(Validate(Workshop.Corrected, Workshop.Environment).Findings);
    }

    [Theory]
    [InlineData("""{"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://${host}/"}, "tolerance": 200}""", "PlaceholderUnknown")]
    [InlineData("""{"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://x/"}, "tolerance": "200"}""", "ToleranceImpossible")]
    [InlineData("""{"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://x/"}, "tolerance": {"type": "regex", "pattern": "x"}}""", "ToleranceImpossible")]
    [InlineData("""{"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://x/", "expected_status": 200}, "tolerance": 200}""", "KeyIgnored")]
    [InlineData("""{"type": "probe", "name": "p", "tolerence": 2, "provider": {"type": "http", "url": "http://x/"}, "tolerance": 200}""", "UnknownKey")]
    public void What_looks_unintended_is_a_warning(string probe, string code)
    {
        var validation = Validate(WithProbe(probe));

        var finding = Assert.Single(validation.Findings);
        Assert.Equal((code, FindingSeverity.Warning), (finding.Code, finding.Severity));
    }

    [Theory]
    [InlineData(""" "timeout": 0 """)]
    [InlineData(""" "timeout": "2" """)]
    [InlineData(""" "timeout": [1, 2, 3] """)]
    [InlineData(""" "max_retries": -1 """)]
    [InlineData(""" "max_retries": 1.5 """)]
    [InlineData(""" "verify_tls": "no" """)]
    public void An_http_provider_that_cannot_be_carried_out_is_an_error(string key)
    {
        var validation = Validate(WithProbe(
            """{"type": "probe", "name": "p", "tolerance": 200, "provider": {"type": "http", "url": "http://x/", """ + key + "}}"));

        Assert.Single(validation.Errors);
    }

    [Theory]
    [InlineData("""{"type": "regex"}""")]
    [InlineData("""{"type": "jsonpath", "path": "items[0]"}""")]
    [InlineData("""{"type": "probe", "name": "x", "provider": {"type": "http"}}""")]
    [InlineData("""{"type": "probe", "name": "x"}""")]
    [InlineData("null")]
    public void A_tolerance_that_cannot_be_evaluated_is_an_error(string tolerance)
    {
        var validation = Validate(WithProbe(
            """{"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://x/"}, "tolerance": """ + tolerance + "}"));

        Assert.False(validation.IsValid);
    }

    [Theory]
    [InlineData("rollback", "rollbacks")]
    [InlineData("stop_vmsss", "stop_vmss")]
    [InlineData("steady_state_hypothesis", "steady-state-hypothesis")]
    [InlineData("tilte", "title")]
    public void The_nearest_name_is_found(string mistyped, string meant)
    {
        Assert.Equal(meant, NearestNames.Find(mistyped, ["title", "method", "rollbacks", "stop_vmss", "steady-state-hypothesis"])[0]);
    }

    [Fact]
    public void Nothing_near_is_no_suggestion()
    {
        Assert.Null(NearestNames.Suggest("pizza", ["http", "process", "python"]));
    }

    private static string WithProbe(string probe) =>
        """{"title": "t", "description": "d", "method": [], "steady-state-hypothesis": {"title": "h", "probes": [""" + probe + "]}}";

    private static ExperimentValidation Validate(string json, IReadOnlyDictionary<string, string>? environment = null) => ExperimentValidator.Validate(
        ExperimentReader.Read(json, "e.json", JsonDocuments.Instance),
        new EnvironmentVariables(environment ?? new Dictionary<string, string>(), "test", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }));
}
