using System.Reflection;

namespace ChaosPS.Tests.Experiments;

/// <summary>Everything that was recorded of the Chaos Toolkit is played in a test, or needs Python.</summary>
public class RecordedDataTests
{
    /// <summary>What is not played, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> NeedsPython = new Dictionary<string, string>
    {
        ["tol-128"] = "the tolerance is a function that was written for the recording: fixtures.probes.must_be_in_range",
        ["tol-129"] = "the same",
    };

    [Fact]
    public void Every_recorded_case_is_played_or_needs_Python()
    {
        string[] played = [.. Played(), .. RecordedElsewhere.Ids];

        Assert.Empty(RecordedCase.All.Except(played).Except(NeedsPython.Keys));
        Assert.Empty(played.Intersect(NeedsPython.Keys));
        Assert.Empty(NeedsPython.Keys.Concat(RecordedElsewhere.Ids).Except(RecordedCase.All));
    }

    [Fact]
    public void Every_recorded_run_is_played()
    {
        Assert.Empty(GoldenRun.All.Except(Played()));
        Assert.Empty(Directory.GetFiles(GoldenRun.Folder, "*.journal.json").Select(Path.GetFileName).Except(GoldenRun.Journals));
    }

    [Fact]
    public void Every_recorded_path_is_followed()
    {
        Assert.Empty(JsonPathTests.Recorded.Except(Played()));
        Assert.Distinct(JsonPathTests.Recorded);
    }

    /// <summary>What the theories of this project are given, the parts of a row with spaces between.</summary>
    private static string[] Played() =>
    [
        .. from type in typeof(RecordedDataTests).Assembly.GetTypes()
           where type.Namespace == typeof(RecordedDataTests).Namespace
           from method in type.GetMethods()
           where method.GetCustomAttribute<TheoryAttribute>() is { Skip: null }
           from data in method.GetCustomAttributes<MemberDataAttribute>()
           from row in (IEnumerable<object[]>)type.GetProperty(data.MemberName)!.GetValue(null)!
           select string.Join(' ', row),
    ];
}
