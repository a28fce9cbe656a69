using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>Which calls fail when, in each run: what measurements are held against.</summary>
internal sealed class LossCourse
{
    /// <summary>How much later or earlier than predicted a call may meet what happens: calls take time, and so does what begins the loss.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IReadOnlyList<FailingSpan>[]> _runs = new(StringComparer.OrdinalIgnoreCase);

    private LossCourse()
    {
    }

    public static LossCourse Empty { get; } = new();

    /// <summary>All ways to the cluster's workloads, also those that nothing happens to.</summary>
    public static LossCourse Of(IReadOnlyList<LossRun> runs, IReadOnlyList<Family> families, IReadOnlyList<IngressPath> paths, IngressPath? other, ClusterSnapshot snapshot)
    {
        var course = new LossCourse();
        foreach (var (index, path) in paths.Index()) course._runs.TryAdd(KeyOf(path.Uri), [.. runs.Select(run => run.Paths[index].Course)]);
        foreach (var (index, family) in families.Index())
        {
            // Where two families are behind one Service, what fails of its calls is the same for both.
            foreach (var service in family.Services) course._runs.TryAdd(KeyOf(service), [.. runs.Select(run => run.Families[index].Course)]);
        }

        IReadOnlyList<FailingSpan>[] well = [.. runs.Select(static _ => Array.Empty<FailingSpan>())];
        var others = other is null ? well : course._runs[KeyOf(other.Uri)];
        foreach (var path in snapshot.IngressPaths) course._runs.TryAdd(KeyOf(path.Uri), others);
        foreach (var service in snapshot.Services) course._runs.TryAdd(KeyOf(service), well);
        return course;
    }

    /// <summary>The way that a call to an address takes; null when it is none that is known.</summary>
    public string? Find(Uri address)
    {
        var called = KeyOf(address);
        if (_runs.Keys.Where(key => key.StartsWith('/') is false && IsBelow(called, key)).MaxBy(static key => key.Length) is { } path) return path;

        // service.namespace, service.namespace.svc, service.namespace.svc.cluster.local
        return address.Host.Split('.') is [var name, var space, .. var rest] && rest is [] or ["svc", ..] && _runs.ContainsKey($"/{space}/{name}") ? $"/{space}/{name}" : null;
    }

    /// <summary>How many of some calls fail: the fewest and the most that any run makes likely, three standard deviations included, and the mean of all.</summary>
    /// <param name="way">The way that they take.</param>
    /// <param name="times">When they are made, after the beginning of the loss.</param>
    public (double Fewest, double Likely, double Most) Count(string way, IReadOnlyList<TimeSpan> times)
    {
        var (fewest, most, sum) = (double.MaxValue, 0.0, 0.0);
        var runs = _runs[way];
        foreach (var course in runs)
        {
            var low = times.Select(time => Extreme(course, time, static (one, other) => Math.Min(one, other))).ToArray();
            var high = times.Select(time => Extreme(course, time, static (one, other) => Math.Max(one, other))).ToArray();
            fewest = Math.Min(fewest, low.Sum() - (3 * Deviation(low)));
            most = Math.Max(most, high.Sum() + (3 * Deviation(high)));
            sum += times.Sum(time => At(course, time));
        }

        return (Math.Max(0, fewest), sum / runs.Length, Math.Min(times.Count, most));
    }

    private static double Deviation(double[] shares) => Math.Sqrt(shares.Sum(static share => share * (1 - share)));

    private static double At(IReadOnlyList<FailingSpan> course, TimeSpan time) => course.FirstOrDefault(span => span.From <= time && time < span.To).Share;

    private static double Extreme(IReadOnlyList<FailingSpan> course, TimeSpan time, Func<double, double, double> choose)
    {
        var (from, to) = (time - s_slack, time + s_slack);
        var found = choose(At(course, from), At(course, to));
        foreach (var span in course)
        {
            if (span.From > to || span.To <= from) continue;
            found = choose(found, span.Share);

            // Between two spans all goes well.
            if (span.From > from) found = choose(found, At(course, span.From - TimeSpan.FromTicks(1)));
            if (span.To <= to) found = choose(found, At(course, span.To));
        }

        return found;
    }

    private static bool IsBelow(string called, string path) =>
        called.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (path.EndsWith('/') || called.Length == path.Length || called[path.Length] == '/');

    private static string KeyOf(Uri uri) => $"{uri.Authority}{uri.AbsolutePath}";

    private static string KeyOf(ServiceSpec service) => $"/{service.Namespace}/{service.Name}";
}
