using ChaosPS.Experiments;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>What each activity of chaosk8s does to a cluster, and that its run leaves the cluster as it was.</summary>
public sealed class ActivityTests : IDisposable
{
    private readonly ActivityWorld _world = new();

    public static TheoryData<string> Names { get; } = [.. ActivityCases.All.Keys.Order(StringComparer.Ordinal)];

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_activity_has_its_effect(string name)
    {
        var activityCase = ActivityCases.All[name];
        Assert.Contains(activityCase.Method, act => act.Function == name);
        foreach (var (file, content) in activityCase.Files) _world.File(file, content);

        var run = await _world.RunAsync(activityCase.Method, allowIrreversible: activityCase.Irreversible);

        var failed = run.Activities.Where(static activity => activity.Status == ActivityStatus.Failed).Select(static activity => activity.Reason).ToArray();
        if (activityCase.Failure is { } failure) Assert.Contains(failure, $"{run.Reason} {string.Join(' ', failed)}", StringComparison.Ordinal);
        else Assert.True(run.Outcome == RunOutcome.Passed, $"{run.Outcome}: {run.Reason}");
        activityCase.Check([.. run.Activities.Select(static activity => activity.Output)]);
        if (activityCase.After is { } after) await after(_world, run);
    }

    [Fact]
    public void Every_activity_of_chaosk8s_has_such_a_test() => Assert.Equal(
        ActivityCatalogue.All.Where(static activity => activity.Module.StartsWith("chaosk8s.", StringComparison.Ordinal))
            .Select(static activity => activity.ToString()["chaosk8s.".Length..]).Order(StringComparer.Ordinal),
        ActivityCases.All.Keys.Order(StringComparer.Ordinal));
}
