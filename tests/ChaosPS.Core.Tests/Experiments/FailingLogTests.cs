using ChaosPS.Experiments;

namespace ChaosPS.Tests.Experiments;

/// <summary>Whatever becomes of what a run says and writes down, what it changed is put back.</summary>
public sealed class FailingLogTests : IDisposable
{
    private readonly ExperimentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("Playing the rollbacks.", false)]
    [InlineData("Playing the rollbacks.", true)]
    [InlineData("Undo: ", false)]
    [InlineData("Action: ", false)]
    [InlineData("Waiting until", true)]
    public async Task A_host_that_takes_no_message_any_more_keeps_nothing_from_being_put_back(string from, bool withRollbacks)
    {
        var broken = false;
        _world.Log.OnMessage = message =>
        {
            broken |= message.StartsWith(from, StringComparison.Ordinal);
            if (broken) throw new InvalidOperationException("The host takes no message.");
        };
        var options = new RunOptions { RollbackStrategy = withRollbacks ? RollbackStrategy.Always : RollbackStrategy.Never };

        var run = await _world.RunAsync(Workshop.Corrected, options);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.True(_world.IsUp);
        Assert.NotEmpty(run.UndoSteps);
        Assert.Equal("Passed", (string?)run.Journal["outcome"]);
    }
}
