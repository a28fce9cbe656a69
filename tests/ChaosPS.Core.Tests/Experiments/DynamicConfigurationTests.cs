using System.Net;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>Values of the configuration that come from probes, and values that come from files.</summary>
public sealed class DynamicConfigurationTests : IDisposable
{
    private readonly ExperimentWorld _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-variables-").FullName;

    public static TheoryData<string> Cases => RecordedCase.Ids("dynconf");

    public static TheoryData<string> Files => RecordedCase.Ids("varfile");

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_probe_gives_the_value_that_the_Chaos_Toolkit_gives(string id)
    {
        var recorded = RecordedCase.Get(id);
        _world.Answer = static request => request.RequestUri!.AbsolutePath switch
        {
            "/json" => new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""{"foo": [{"baz": 1}, {"baz": 2}], "ok": true}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
            },
            "/404" => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("OK") },
            _ => throw new HttpRequestException("Connection refused"),
        };
        var expected = (IReadOnlyDictionary<string, object?>)recorded.Value!;
        var text = string.Join('\n', recorded.Map("configuration")!.Keys.Select(static key => $"{key}=${{{key}}}"));

        var run = await _world.RunAsync(
            $$$"""
            {"title": "t", "description": "d", "configuration": {{{recorded.Input.GetProperty("configuration").GetRawText()}}},
             "method": [{"type": "action", "name": "say", "provider": {"type": "process", "path": "printf", "arguments": ["%s", {{{System.Text.Json.JsonSerializer.Serialize(text)}}}]}}]}
            """,
            new RunOptions { AllowExternal = true, Compatibility = RunCompatibility.ChaosToolkit, SkipValidation = true });

        Assert.Equal(
            new Substitution(expected, null).Apply(text),
            (string)run.Activities.Single().Output!["stdout"]!);
    }

    [Fact]
    public async Task A_value_that_cannot_be_found_out_keeps_the_run_from_starting()
    {
        var run = await _world.RunAsync("""
            {"title": "t", "description": "d",
             "configuration": {"a": {"type": "probe", "provider": {"type": "process", "path": "false"}}},
             "method": [{"type": "action", "name": "x", "provider": {"type": "http", "url": "http://app.invalid/${a}"}}]}
            """, new RunOptions { AllowExternal = true });

        Assert.Equal((RunOutcome.NotStarted, "ConfigurationNotFound"), (run.Outcome, run.ErrorId));
        Assert.Contains("'a': its program ended with status 1", run.Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Requests);
    }

    [Fact]
    public async Task A_variable_of_the_run_comes_before_the_probe()
    {
        var run = await _world.RunAsync("""
            {"title": "to ${a}", "description": "d",
             "configuration": {"a": {"type": "probe", "provider": {"type": "http", "url": "http://app.invalid/none"}}},
             "method": [{"type": "action", "name": "x", "provider": {"type": "http", "url": "http://app.invalid/${a}"}}]}
            """, new RunOptions { Variables = new Dictionary<string, object?> { ["a"] = "given" } });

        Assert.Equal(["GET /given"], _world.Requests);
        Assert.Equal("to given", run.Title);
    }

    [Fact]
    public void A_probe_of_the_configuration_is_validated_with_its_place()
    {
        var experiment = ExperimentReader.Read(
            """
            {"title": "t", "description": "d", "method": [],
             "configuration": {"a": {"type": "probe", "provider": {"type": "http"}}}}
            """,
            "e.json", JsonDocuments.Instance);

        var finding = Assert.Single(ExperimentValidator.Validate(experiment, EnvironmentVariables.For(null)).Errors);

        Assert.Equal(2, finding.Line);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_of_variables_are_read_as_the_Chaos_Toolkit_reads_them(string id)
    {
        var recorded = RecordedCase.Get(id);
        var paths = new List<string>();
        foreach (var file in ((IReadOnlyList<object?>)recorded.Part("files")!).Cast<IReadOnlyList<object?>>())
        {
            paths.Add(Path.Combine(_folder, (string)file[0]!));
            File.WriteAllText(paths[^1], (string)file[1]!);
        }

        if (recorded.IsError)
        {
            Assert.Equal("VariableFileInvalid", Assert.Throws<ChaosException>(() => VariableFile.Read(paths, JsonDocuments.Instance)).ErrorId);
            return;
        }

        var read = VariableFile.Read(paths, JsonDocuments.Instance);

        var expected = (IReadOnlyList<object?>)recorded.Value!;
        var configuration = read.Configuration.Concat(recorded.Map("var") ?? new Dictionary<string, object?>());
        Assert.Equal(PythonValue.Repr(expected[0]), PythonValue.Repr(PythonValue.Map(configuration)));
        Assert.Equal(PythonValue.Repr(expected[1]), PythonValue.Repr(PythonValue.Map(read.Secrets)));
        Assert.Equal(
            PythonValue.Repr(((IReadOnlyDictionary<string, object?>)expected[2]!)["env_added"]),
            PythonValue.Repr(PythonValue.Map(read.Environment.Select(static entry => KeyValuePair.Create(entry.Key, (object?)entry.Value)))));
    }
}
