using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>Controls that nobody knows, that are wrong, or that stand in files.</summary>
public sealed class ControlReadingTests : IDisposable
{
    private readonly ControlWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("""{"name": "trace", "provider": {"type": "python", "module": "chaostracing.control"}}""", "'trace' (chaostracing.control)")]
    [InlineData("""{"name": "trace", "provider": {"type": "http", "url": "http://x/"}}""", "'trace' (of type 'http')")]
    public async Task An_unknown_control_is_a_warning_and_a_run_is_refused_unless_it_is_left_out(string control, string shown)
    {
        var refused = await _world.PlayAsync(control);
        var skipped = await _world.PlayAsync(control, new RunOptions { SkipUnknownControls = true });
        var there = await _world.PlayAsync(control, new RunOptions { Compatibility = RunCompatibility.ChaosToolkit });

        Assert.Equal((RunOutcome.NotStarted, "ControlUnknown"), (refused.Outcome, refused.ErrorId));
        Assert.Contains(shown, refused.Reason, StringComparison.Ordinal);
        Assert.Equal((RunOutcome.Passed, RunOutcome.Passed), (skipped.Outcome, there.Outcome));
        Assert.Equal(10, _world.Requests.Count);
        var entry = Assert.Single(there.Journal["controls"]!.AsArray())!;
        Assert.Equal(("trace", false), ((string?)entry["name"], (bool)entry["applied"]!));
        Assert.Contains(_world.Log.Messages, static message => message.Level == ChaosLogLevel.Warning
            && message.Message.StartsWith("The run goes without the control 'trace'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name": "c"}""", "MissingKey", FindingSeverity.Error)]
    [InlineData("""{"provider": {"type": "python", "module": "chaosaddons.controls.repeat"}}""", "MissingKey", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "provider": {"type": "python"}}""", "MissingKey", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "scope": "post", "provider": {"type": "python", "module": "chaosaddons.controls.repeat"}}""", "WrongType", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.repeats"}}""", "UnknownControl", FindingSeverity.Warning)]
    [InlineData("""{"name": "c", "scope": "after", "provider": {"type": "python", "module": "chaosaddons.controls.bypass", "arguments": {"target_type": "action"}}}""", "ControlNoEffect", FindingSeverity.Warning)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.bypass"}}""", "ControlNoEffect", FindingSeverity.Warning)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.repeat", "arguments": {"count": 3}}}""", "UnknownArgument", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.safeguards"}}""", "MissingArgument", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.safeguards", "arguments": {"probes": []}}}""", "MissingArgument", FindingSeverity.Error)]
    [InlineData("""{"name": "c", "provider": {"type": "python", "module": "chaosps.controls.wait_until", "arguments": {"timeout": -1}}}""", "WrongType", FindingSeverity.Error)]
    [InlineData("""[]""", "WrongType", FindingSeverity.Error)]
    public void What_is_wrong_with_a_control_is_said_with_its_place(string control, string code, FindingSeverity severity)
    {
        var validation = ControlledExperiment.Validate(ControlledExperiment.Text(control));

        var finding = Assert.Single(validation.Findings);
        Assert.Equal((code, severity), (finding.Code, finding.Severity));
        Assert.True(finding.Line > 1 && finding.Column > 0);
    }

    [Fact]
    public async Task Controls_of_files_apply_to_all_activities_and_settings_files_have_them_too()
    {
        var path = Path.Combine(_world.StateDirectory, "controls.json");
        Directory.CreateDirectory(_world.StateDirectory);
        await File.WriteAllTextAsync(path, """
            {"controls": {"only-look": {"provider": {"type": "python", "module": "chaosaddons.controls.bypass", "arguments": {"target_type": "action"}}},
                          "bad": {"provider": {"type": "python"}}}}
            """);

        var experiment = ControlFile.AddTo(ControlledExperiment.Read(ControlledExperiment.Text()), [path], JsonDocuments.Instance);

        var error = Assert.Single(ExperimentValidator.Validate(experiment, ControlledExperiment.Environment).Errors);
        Assert.Equal((path, 2), (error.Source, error.Line));
        experiment = ControlFile.AddTo(ControlledExperiment.Read(ControlledExperiment.Text()), [await WithoutBad(path)], JsonDocuments.Instance);
        var run = await ExperimentRunner.RunAsync(experiment, _world.Connection, new RunOptions { StatePath = _world.StateDirectory }, _world.Log, CancellationToken.None);
        Assert.Equal(["GET /", "GET /"], _world.Requests);
        Assert.Equal("only-look", (string?)run.Journal["controls"]![0]!["name"]);

        static async Task<string> WithoutBad(string path)
        {
            var file = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
            file["controls"]!.AsObject().Remove("bad");
            await File.WriteAllTextAsync(path, file["controls"]!.ToJsonString());
            return path;
        }
    }

    [Fact]
    public void A_file_of_controls_that_is_none_is_refused()
    {
        Directory.CreateDirectory(_world.StateDirectory);
        var path = Path.Combine(_world.StateDirectory, "controls.json");
        File.WriteAllText(path, "[]");

        var exception = Assert.Throws<ChaosException>(() => ControlFile.AddTo(ControlledExperiment.Read(ControlledExperiment.Text()), [path], JsonDocuments.Instance));

        Assert.Equal("ControlFileInvalid", exception.ErrorId);
    }
}
