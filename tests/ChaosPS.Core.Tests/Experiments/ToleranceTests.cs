using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

public class ToleranceTests
{
    public static TheoryData<string> Cases => RecordedCase.Ids("tol", static recorded => !IsProbe(recorded));

    public static TheoryData<string> Probes => RecordedCase.Ids("tol", IsProbe);

    public static TheoryData<string> Validations => RecordedCase.Ids("tolvalid");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_tolerance_is_met_when_the_Chaos_Toolkit_says_so(string id)
    {
        var recorded = RecordedCase.Get(id);
        var substitution = new Substitution(recorded.Map("configuration"), recorded.Map("secrets"));

        var verdict = Tolerances.Evaluate(recorded.Part("tolerance"), recorded.Part("value"), substitution);

        // Where the original raises an error, the tolerance is not met and says why.
        Assert.Equal(!recorded.IsError && PythonValue.IsTrue(recorded.Value), verdict.Met);
        Assert.Equal(recorded.IsError || recorded.Value is null, verdict.Problem is not null);
    }

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task A_tolerance_that_is_a_probe_is_met_when_the_Chaos_Toolkit_says_so(string id)
    {
        if (OperatingSystem.IsWindows()) return; // its programs are those of Linux
        var recorded = RecordedCase.Get(id);
        using var world = new ExperimentWorld();

        var run = await world.RunAsync(
            $$$"""
            {"title": "t", "description": "d", "method": [], "steady-state-hypothesis": {"title": "h", "probes": [
             {"type": "probe", "name": "p", "provider": {"type": "http", "url": "http://app.invalid/"}, "tolerance": {{{recorded.Input.GetProperty("tolerance").GetRawText()}}}}]}}
            """,
            new RunOptions { AllowExternal = true });

        Assert.Equal(PythonValue.IsTrue(recorded.Value), run.Activities[0].ToleranceMet);
    }

    [Theory]
    [MemberData(nameof(Validations))]
    public void A_tolerance_is_refused_when_the_Chaos_Toolkit_refuses_it(string id)
    {
        var recorded = RecordedCase.Get(id);
        var findings = new FindingList("test");

        Tolerances.Check(recorded.Document("tolerance"), null, findings);

        Assert.Equal(recorded.IsError, findings.InOrder.Any(static finding => finding.Severity == FindingSeverity.Error));
    }

    [Fact]
    public void What_was_expected_and_got_is_said_in_words()
    {
        var none = new Substitution(null, null);
        var response = PythonValue.Map([KeyValuePair.Create("status", (object?)503L), KeyValuePair.Create("body", (object?)"busy")]);
        var regex = PythonValue.Map([KeyValuePair.Create("type", (object?)"regex"), KeyValuePair.Create("pattern", (object?)"^ok"), KeyValuePair.Create("target", (object?)"body")]);

        Assert.Equal(new ToleranceVerdict(false, "status 200", "status 503"), Tolerances.Evaluate(200L, response, none));
        Assert.Equal(new ToleranceVerdict(false, "status one of 200, 204", "status 503"), Tolerances.Evaluate(new object?[] { 200L, 204L }, response, none));
        Assert.Equal(new ToleranceVerdict(false, "between 1 and 5", "7"), Tolerances.Evaluate(new object?[] { 1L, 5L }, 7L, none));
        Assert.Equal(new ToleranceVerdict(false, "body matching /^ok/", "body 'busy'"), Tolerances.Evaluate(regex, response, none));
    }

    [Theory]
    [InlineData("(?P<a>x)(?P=a)", "xx", true)]
    [InlineData(@"a\Z", "a\n", false)]
    [InlineData("a$", "a\n", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[^]]", "]", false)]
    [InlineData(@"\[(?P<n>\d+)\]", "[12]", true)]
    public void A_pattern_is_read_as_Python_reads_it(string pattern, string text, bool matches)
    {
        Assert.Equal(matches, PythonRegex.Compile(pattern).IsMatch(text));
    }

    [Fact]
    public void The_largest_exponent_that_a_text_can_have_costs_no_time()
    {
        var tolerance = PythonValue.Map([KeyValuePair.Create("type", (object?)"range"), KeyValuePair.Create("range", (object?)new object?[] { 0L, 1L })]);

        Assert.False(Tolerances.Evaluate(tolerance, "1e999999999", new Substitution(null, null)).Met);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData(" -nan\n")]
    [InlineData(double.NaN)]
    public void What_is_no_number_at_all_cannot_be_held_against_a_range(object value)
    {
        var tolerance = PythonValue.Map([KeyValuePair.Create("type", (object?)"range"), KeyValuePair.Create("range", (object?)new object?[] { 0L, 1L })]);

        var verdict = Tolerances.Evaluate(tolerance, value, new Substitution(null, null));

        Assert.False(verdict.Met);
        Assert.NotNull(verdict.Problem);
    }

    /// <summary>Those are activities, and played as such.</summary>
    private static bool IsProbe(RecordedCase recorded) =>
        recorded.Map("tolerance")?.GetValueOrDefault("type") is "probe";
}
