namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>Compares what was recorded with what was simulated: the same changes, at the same times, in the same order.</summary>
/// <remarks>
/// Changes within 100 ms of each other are free: their order among themselves, and values that come and go within that time.
/// </remarks>
internal static class Comparison
{
    private static readonly TimeSpan s_free = TimeSpan.FromMilliseconds(100);

    public static List<string> Compare(List<Transition> recorded, List<Transition> simulated, TimeSpan tolerance)
    {
        List<string> differences = [];
        List<(Transition Recorded, Transition Simulated)> pairs = [];
        var found = Settle(simulated).GroupBy(it => it.What).ToDictionary(group => group.Key, group => new Queue<Transition>(group));
        foreach (var expected in Settle(recorded))
        {
            if (found.TryGetValue(expected.What, out var candidates) && candidates.TryDequeue(out var actual)) pairs.Add((expected, actual));
            else differences.Add($"missing: {expected}");
        }

        differences.AddRange(found.Values.SelectMany(rest => rest).OrderBy(it => it.At).Select(it => $"extra: {it}"));
        foreach (var (expected, actual) in pairs)
        {
            if ((expected.At - actual.At).Duration() > tolerance) differences.Add($"time: {expected} came at {actual.At:HH:mm:ss.fff}");
            if (expected.Detail is not null && actual.Detail is not null && expected.Detail != actual.Detail) differences.Add($"detail: {expected} is {expected.Detail}, and here {actual.Detail}");
            if (expected.Times is not null && actual.Times is not null && !AreNear(expected.Times, actual.Times, tolerance))
                differences.Add($"detail: {expected} has {string.Join(' ', expected.Times)}, and here {string.Join(' ', actual.Times)}");
        }

        foreach (var (first, firstActual) in pairs)
        {
            foreach (var (second, secondActual) in pairs)
            {
                if (second.At - first.At > s_free && firstActual.At - secondActual.At > s_free)
                    differences.Add($"order: {first} came at {firstActual.At:HH:mm:ss.fff}, after {second} at {secondActual.At:HH:mm:ss.fff}");
            }
        }

        return differences;
    }

    /// <summary>The differences that nobody explains, and the explanations that nothing needs.</summary>
    public static List<string> Unexplained(List<string> differences, IReadOnlyList<KnownDifference> known) =>
    [
        .. differences.Where(difference => !known.Any(it => difference.Contains(it.Text, StringComparison.Ordinal))),
        .. known.Where(it => !differences.Exists(difference => difference.Contains(it.Text, StringComparison.Ordinal)))
            .Select(it => $"does not differ any more: {it.Text}"),
    ];

    /// <summary>Objects have whole seconds only.</summary>
    private static bool AreNear(IReadOnlyList<DateTimeOffset> expected, IReadOnlyList<DateTimeOffset> actual, TimeSpan tolerance) =>
        expected.Count == actual.Count && expected.Zip(actual).All(pair => (pair.First - pair.Second).Duration() <= tolerance + TimeSpan.FromSeconds(1));

    /// <summary>Joins changes of one field that follow each other within the free time, and drops those that come to nothing.</summary>
    private static List<Transition> Settle(List<Transition> transitions)
    {
        List<Transition> settled = [];
        foreach (var group in transitions.GroupBy(it => (it.Object, it.Field)))
        {
            List<(Transition First, Transition Last)> runs = [];
            foreach (var transition in group.OrderBy(it => it.At))
            {
                var isField = !transition.IsEvent && transition.Field is not (Transition.Added or Transition.Deleted);
                if (isField && runs is [.., var run] && transition.At - run.Last.At <= s_free) runs[^1] = (run.First, transition);
                else runs.Add((transition, transition));
            }

            foreach (var (first, last) in runs)
            {
                if (first == last || first.Old != last.New) settled.Add(first with { New = last.New, Times = last.Times });
            }
        }

        settled.Sort((left, right) => left.At.CompareTo(right.At));
        return settled;
    }
}
