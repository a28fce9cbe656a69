using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>A run that is not validated: what is wrong fails in its turn, and what is unsafe is refused.</summary>
public sealed class UnvalidatedRunTests : IDisposable
{
    private const string Fine = """{"type": "action", "name": "fine", "provider": {"type": "http", "url": "http://app.invalid/"}}""";

    private static readonly RunOptions s_unvalidated = new() { SkipValidation = true };

    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("5", "WrongType")]
    [InlineData("""{"name": "a"}""", "MissingKey")]
    [InlineData("""{"type": "action", "name": "a", "provider": {"type": "python", "module": "my.own", "func": "f"}}""", "UnknownModule")]
    [InlineData("""{"type": "action", "name": "a", "provider": {"type": "htpp", "url": "http://app.invalid/wrong"}}""", "UnknownProvider")]
    [InlineData("""{"type": "action", "name": "a", "provider": {"type": "http", "url": "http://app.invalid/wrong", "timeout": "soon"}}""", "WrongType")]
    [InlineData("""{"ref": "b"}""", "ReferenceUnknown")]
    [InlineData("""{"type": "action", "name": "a", "provider": {"type": "python", "module": "chaosk8s.pod.actions", "func": "delete_pods", "arguments": {"nmae": "x"}}}""", "UnknownArgument")]
    public async Task An_activity_with_an_error_fails_for_it_and_the_others_are_played(string activity, string code)
    {
        var json = $$$"""{"title": "t", "description": "d", "method": [{{{activity}}}, {{{Fine}}}]}""";

        await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync(json));
        var run = await _world.RunAsync(json, s_unvalidated);

        Assert.Equal((RunOutcome.ActivityFailed, 5), (run.Outcome, run.ExitCode));
        Assert.Equal([ActivityStatus.Failed, ActivityStatus.Succeeded], run.Activities.Select(static played => played.Status));
        Assert.Contains(code, run.Activities[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["GET /"], _world.Requests);
        Assert.Empty(_world.Machines.Calls);
    }

    [Fact]
    public async Task What_is_for_readers_only_may_be_missing()
    {
        var run = await _world.RunAsync($$"""{"tags": [5], "method": [{{Fine}}]}""", s_unvalidated);

        Assert.Equal((RunOutcome.Passed, ""), (run.Outcome, run.Title));
    }

    [Theory]
    [InlineData("""{"title": "t", "description": "d"}""", "MissingKey")]
    [InlineData("""[1]""", "WrongType")]
    [InlineData("""{"title": "t", "description": "d", "method": [], "configuration": {"a": {"type": "env", "key": "NOT_SET_ANYWHERE"}}}""", "VariableMissing")]
    [InlineData("""{"title": "t", "description": "d", "method": [], "runtime": {"hypothesis": {"strategy": "sometimes"}}}""", "UnknownStrategy")]
    [InlineData("""{"title": "t", "description": "d", "method": [], "controls": [{"name": "c", "provider": {"type": "python", "module": "chaosaddons.controls.safeguards", "arguments": {"probes": [{"type": "probe", "name": "p"}]}}}]}""", "MissingKey")]
    public async Task What_is_no_experiment_or_unsafe_is_refused_all_the_same(string json, string code)
    {
        var refusal = await Assert.ThrowsAsync<ChaosException>(() => _world.RunAsync(json, s_unvalidated));

        Assert.Equal("ExperimentInvalid", refusal.ErrorId);
        Assert.Contains(code, refusal.Message, StringComparison.Ordinal);
    }
}
