using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

public class ConfigurationTests
{
    public static TheoryData<string> Configurations => RecordedCase.Ids("config");

    public static TheoryData<string> Secrets => RecordedCase.Ids("secret");

    public static TheoryData<string> Variables => RecordedCase.Ids("vars");

    public static TheoryData<string> Conversions => RecordedCase.Ids("convert");

    [Theory]
    [MemberData(nameof(Configurations))]
    public void The_configuration_has_the_values_that_the_Chaos_Toolkit_gives_it(string id)
    {
        var recorded = RecordedCase.Get(id);

        var (values, findings) = Read(recorded, "configuration");

        Assert.Equal(recorded.IsError, findings.Any(static finding => finding.Severity == FindingSeverity.Error));
        if (!recorded.IsError) Assert.Equal(PythonValue.Repr(recorded.Value), PythonValue.Repr(values.Configuration));
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void The_secrets_have_the_values_that_the_Chaos_Toolkit_gives_them(string id)
    {
        var recorded = RecordedCase.Get(id);

        var (values, findings) = Read(recorded, "secrets");

        Assert.Equal(recorded.IsError, findings.Any(static finding => finding.Severity == FindingSeverity.Error));
        if (!recorded.IsError) Assert.Equal(PythonValue.Repr(recorded.Value), PythonValue.Repr(values.Secrets));
    }

    [Theory]
    [MemberData(nameof(Variables))]
    public void Variables_are_read_as_the_Chaos_Toolkit_reads_them(string id)
    {
        var recorded = RecordedCase.Get(id);
        var texts = ((IReadOnlyList<object?>)recorded.Part("var")!).Cast<string>();
        if (recorded.IsError)
        {
            Assert.Equal("VariableTextInvalid", Assert.Throws<ChaosException>(() => texts.Select(RunVariables.Parse).ToArray()).ErrorId);
            return;
        }

        Assert.Equal(PythonValue.Repr(recorded.Value), PythonValue.Repr(WithoutBytes(PythonValue.Map(texts.Select(RunVariables.Parse)))));
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Texts_are_converted_as_the_Chaos_Toolkit_converts_them(string id)
    {
        var recorded = RecordedCase.Get(id);

        var value = TypedText.Convert((string)recorded.Part("type")!, recorded.Part("value"));

        Assert.Equal(PythonValue.Repr(recorded.Value), PythonValue.Repr(WithoutBytes(value)));
    }

    [Fact]
    public void A_missing_variable_is_an_error_that_names_key_variable_and_line()
    {
        const string Text = """
            {"title": "t ${scale_set}", "description": "d", "method": [],
             "configuration": {
              "scale_set": {"type": "env", "key": "AZURE_VMSS_NAME"}}}
            """;
        var environment = new EnvironmentVariables(new Dictionary<string, string> { ["AZURE_VMSS_NAMES"] = "x" }, "test", new Dictionary<string, string>());

        var validation = ExperimentValidator.Validate(ExperimentReader.Read(Text, "e.json", JsonDocuments.Instance), environment);

        var finding = Assert.Single(validation.Findings);
        Assert.Equal(("VariableMissing", 3), (finding.Code, finding.Line));
        Assert.Contains("'scale_set' reads the environment variable AZURE_VMSS_NAME", finding.Message, StringComparison.Ordinal);
        Assert.Contains("AZURE_VMSS_NAMES", finding.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void The_connections_variables_come_before_the_process_and_say_where_they_come_from()
    {
        var environment = new EnvironmentVariables(
            new Dictionary<string, string> { ["A"] = "sandbox" }, "sandbox contactsapp", new Dictionary<string, string> { ["A"] = "real", ["B"] = "real" });

        Assert.Equal(("sandbox", "sandbox contactsapp"), (environment.Get("A"), environment.SourceOf("A")));
        Assert.Equal(("real", "environment"), (environment.Get("B"), environment.SourceOf("B")));
        Assert.Null(environment.SourceOf("C"));
    }

    private static (ConfigurationReading Values, IReadOnlyList<ExperimentFinding> Findings) Read(RecordedCase recorded, string block)
    {
        var document = new DocumentMapping([new DocumentEntry(new DocumentScalar(block, 1, 1), recorded.Document(block))], 1, 1);
        var findings = new FindingList("test");
        var values = ConfigurationReading.Read(
            new Experiment { Source = "test", Document = document }, recorded.Variables, recorded.Map("vars"), findings);
        return (values, findings.InOrder);
    }

    /// <summary>The recording's form of bytes.</summary>
    private static object? WithoutBytes(object? value) => value switch
    {
        byte[] bytes => PythonValue.Map([KeyValuePair.Create("$bytes", (object?)System.Text.Encoding.UTF8.GetString(bytes))]),
        IReadOnlyDictionary<string, object?> map => PythonValue.Map(map.Select(static e => KeyValuePair.Create(e.Key, WithoutBytes(e.Value)))),
        _ => value,
    };
}
