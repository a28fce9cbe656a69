using ChaosPS.Experiments;
using ChaosPS.Experiments.Runs;

namespace ChaosPS.Tests.Experiments;

/// <summary>The table of docs/experiments.md, and the Chaos Toolkit's.</summary>
public class RollbackTableTests
{
    [Theory]
    [InlineData(RollbackStrategy.Default, false, true, true)]
    [InlineData(RollbackStrategy.Always, true, true, true)]
    [InlineData(RollbackStrategy.Deviated, false, false, true)]
    [InlineData(RollbackStrategy.Never, false, false, false)]
    public void Ours(RollbackStrategy strategy, bool notMetBefore, bool entered, bool deviated)
    {
        Assert.Equal(notMetBefore, RollbackTable.Plays(strategy, methodEntered: false, deviated: false));
        Assert.Equal(entered, RollbackTable.Plays(strategy, methodEntered: true, deviated: false));
        Assert.Equal(deviated, RollbackTable.Plays(strategy, methodEntered: true, deviated: true));
    }

    [Theory]
    [InlineData(RollbackStrategy.Default, true, true, false, false)]
    [InlineData(RollbackStrategy.Always, true, true, true, true)]
    [InlineData(RollbackStrategy.Deviated, false, false, false, false)]
    [InlineData(RollbackStrategy.Never, false, false, false, false)]
    public void Theirs(RollbackStrategy strategy, bool completed, bool aborted, bool failed, bool interrupted)
    {
        Assert.Equal(completed, Plays("completed"));
        Assert.Equal(aborted, Plays("aborted"));
        Assert.Equal(failed, Plays("failed"));
        Assert.Equal(interrupted, Plays("interrupted"));
        Assert.Equal(strategy == RollbackStrategy.Deviated || completed, RollbackTable.PlaysThere(strategy, "completed", deviated: true, crashed: false));
        Assert.False(RollbackTable.PlaysThere(strategy, "completed", deviated: true, crashed: true));

        bool Plays(string status) => RollbackTable.PlaysThere(strategy, status, deviated: false, crashed: false);
    }
}
