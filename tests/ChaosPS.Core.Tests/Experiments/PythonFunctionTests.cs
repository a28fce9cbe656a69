using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>Functions of Python's library that change nothing. The answers are those of Python 3.11.</summary>
public sealed class PythonFunctionTests : IDisposable
{
    private readonly ExperimentWorld _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-python-").FullName;

    public PythonFunctionTests() => File.WriteAllText(Path.Combine(_folder, "file"), "12345");

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("os.path", "exists", """{"path": "file"}""", "true")]
    [InlineData("os.path", "exists", """{"path": "none"}""", "false")]
    [InlineData("os.path", "isfile", """{"path": "."}""", "false")]
    [InlineData("os.path", "isdir", """{"s": "."}""", "true")]
    [InlineData("os.path", "getsize", """{"filename": "file"}""", "5")]
    [InlineData("os", "listdir", "{}", """["file"]""")]
    [InlineData("os", "getenv", """{"key": "AZURE_CLUSTER_VMSS_NAME"}""", "\"aks-nodepool1-vmss\"")]
    [InlineData("os", "getenv", """{"key": "NOT_SET_ANYWHERE", "default": "d"}""", "\"d\"")]
    [InlineData("os", "getenv", """{"key": "NOT_SET_ANYWHERE"}""", "null")]
    [InlineData("json", "loads", """{"s": "{\"a\": [1, 2.5, null, true]}"}""", """{"a":[1,2.5,null,true]}""")]
    [InlineData("json", "loads", """{"s": "42"}""", "42")]
    [InlineData("string", "capwords", """{"s": "  hello WORLD  o-k "}""", "\"Hello World O-k\"")]
    [InlineData("string", "capwords", """{"s": "a-b c", "sep": "-"}""", "\"A-B c\"")]
    [InlineData("textwrap", "shorten", """{"text": "Hello  World From Earth", "width": 12}""", "\"Hello [...]\"")]
    [InlineData("textwrap", "shorten", """{"text": "well-known words of all", "width": 14}""", "\"well- [...]\"")]
    [InlineData("textwrap", "shorten", """{"text": "supercalifragilistic", "width": 10}""", "\"[...]\"")]
    [InlineData("textwrap", "shorten", """{"text": "Hello World", "width": 11}""", "\"Hello World\"")]
    [InlineData("statistics", "mean", """{"data": [1, 2, 3]}""", "2")]
    [InlineData("statistics", "mean", """{"data": [1, 2]}""", "1.5")]
    [InlineData("statistics", "mean", """{"data": [1.0, 3]}""", "2.0")]
    [InlineData("random", "randint", """{"a": 7, "b": 7}""", "7")]
    [InlineData("random", "choice", """{"seq": ["x"]}""", "\"x\"")]
    [InlineData("time", "time", "{}", "1795424400.0")]
    public async Task A_function_answers_as_Pythons_does(string module, string function, string arguments, string answer)
    {
        var run = await PlayAsync(module, function, arguments);

        Assert.Equal((ActivityStatus.Succeeded, answer), (run.Status, run.Output?.ToJsonString() ?? "null"));
    }

    [Theory]
    [InlineData("os.path", "getsize", """{"filename": "none"}""", "FileNotFoundError: ")]
    [InlineData("os", "listdir", """{"path": "none"}""", "FileNotFoundError: [Errno 2] No such file or directory: 'none'")]
    [InlineData("json", "loads", """{"s": "{bad"}""", "JSONDecodeError: ")]
    [InlineData("random", "choice", """{"seq": []}""", "ValueError: Cannot choose")]
    [InlineData("random", "randint", """{"a": 2, "b": 1}""", "ValueError: empty range for randrange() (2, 2, 0)")]
    [InlineData("statistics", "mean", """{"data": []}""", "ValueError: mean requires at least one data point")]
    [InlineData("textwrap", "shorten", """{"text": "a b c d e f g", "width": 3}""", "ValueError: placeholder too large for max width")]
    public async Task What_is_an_exception_there_fails_the_activity_in_its_words(string module, string function, string arguments, string reason)
    {
        var run = await PlayAsync(module, function, arguments);

        Assert.Equal((ActivityStatus.Failed, "PythonFunctionFailed"), (run.Status, run.ErrorId));
        Assert.StartsWith(reason, run.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secs")]
    [InlineData("seconds")]
    public async Task Sleeping_takes_the_time_of_the_run(string argument)
    {
        Assert.Equal(TimeSpan.FromHours(1), (await PlayAsync("time", "sleep", $$"""{"{{argument}}": 3600}""")).Duration);
    }

    [Fact]
    public async Task Chance_is_of_the_runs_seed()
    {
        var first = await PlayAsync("random", "random", "{}", seed: 7);

        Assert.Equal(first.Output!.ToJsonString(), (await PlayAsync("random", "random", "{}", seed: 7)).Output!.ToJsonString());
        Assert.NotEqual(first.Output!.ToJsonString(), (await PlayAsync("random", "random", "{}", seed: 8)).Output!.ToJsonString());
    }

    [Theory]
    [InlineData("os.path", "exists", """{"file": "x"}""", "UnknownArgument", "MissingArgument")]
    [InlineData("os.path", "exists", """{"path": 5}""", "WrongType")]
    [InlineData("os.path", "exist", """{"path": "x"}""", "UnknownFunction")]
    [InlineData("time", "sleep", "{}", "MissingArgument")]
    [InlineData("ospath", "exists", "{}", "UnknownModule")]
    public async Task A_wrong_name_or_type_is_found_by_validation(string module, string function, string arguments, params string[] codes)
    {
        var refusal = await Assert.ThrowsAsync<ChaosException>(() => PlayAsync(module, function, arguments));

        Assert.Equal(codes, ((ExperimentValidation)refusal.Target!).Errors.Select(static finding => finding.Code).Order(StringComparer.Ordinal).Reverse());
    }

    private async Task<ActivityRun> PlayAsync(string module, string function, string arguments, int seed = 1)
    {
        var run = await _world.RunAsync(
            $$$"""
            {"title": "t", "description": "d", "method": [{"type": "probe", "name": "p", "provider": {"type": "python", "module": "{{{module}}}", "func": "{{{function}}}", "arguments": {{{arguments}}}}}]}
            """,
            new RunOptions { WorkingDirectory = _folder, Seed = seed });
        return run.Activities.Single();
    }
}
