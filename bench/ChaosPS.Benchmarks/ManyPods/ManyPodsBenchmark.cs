using System.Diagnostics;
using System.Globalization;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>Compares ways to read all pods of clusters up to 5,000 nodes. What is compared runs in turns, in one run, against one server.</summary>
internal static class ManyPodsBenchmark
{
    private const int Rounds = 7;

    /// <summary>Pairs of turns where one ratio is what counts: enough that what else runs on the machine for some seconds does not move the median.</summary>
    private const int Pairs = 31;

    /// <summary>How often the middle cluster is read before anything counts: from then on the code is compiled as far as it ever is.</summary>
    private const int WarmUps = 25;

    private static readonly ServedCluster s_middle = new(15_000);
    private static readonly ServedCluster s_largest = new(150_000);
    private static readonly int[] s_pages = [500, 1000, 2000, 5000, 150_000];
    private static readonly int[] s_delays = [0, 20];

    /// <summary>Runs the comparison, or the part of it that a process of its own is for.</summary>
    /// <param name="args">What is compared, or the part and what it needs.</param>
    public static async Task RunAsync(string[] args)
    {
        if (args is ["serve"])
        {
            using var server = new ClusterServer();
            Console.WriteLine(server.Uri);
            await server.RunAsync();
        }
        else if (args is ["run", var name, var address])
        {
            await Contestants.RunAsync(name, new Uri(address));
        }
        else
        {
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["many-pods", "serve"]) { RedirectStandardOutput = true })!;
            try
            {
                var uri = new Uri((await child.StandardOutput.ReadLineAsync())!);
                if (args is ["ratio"] or []) await CompareAsync(uri, Pairs, [s_largest], [("drop", WarmUps), ("distribution", WarmUps)]);
                if (args is ["sizes"] or []) await CompareSizesAsync(uri);
                if (args is ["first"] or []) await CompareFirstAsync(uri);
                if (args is ["others"] or []) await CompareOthersAsync(uri);
                if (args is ["pages"] or []) await ComparePagesAsync(uri);
            }
            finally
            {
                child.Kill();
            }
        }
    }

    /// <summary>Reading and dropping against what is done, at sizes that show what grows with the pods.</summary>
    private static async Task CompareSizesAsync(Uri server)
    {
        await CompareAsync(
            server, Rounds, [new(1_500), s_middle, new(50_000), s_largest],
            [("drop", WarmUps), ("distribution", WarmUps), ("pods", WarmUps)]);
    }

    /// <summary>What comes before the code is compiled.</summary>
    private static async Task CompareFirstAsync(Uri server)
    {
        Console.WriteLine("\n| pods | the first of a process | milliseconds |\n|---|---|---|");
        foreach (var name in new[] { "drop", "distribution" })
        {
            var seconds = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                using var fresh = await Contestant.StartAsync(server, name, 0, s_middle);
                seconds.Add((await fresh.RunAsync(s_largest)).Seconds);
            }

            Console.WriteLine($"| {s_largest.Pods:N0} | {name} | {Measurement.Spread(seconds.Select(one => one * 1000), "F0")} |");
        }
    }

    /// <summary>What others do, which takes minutes.</summary>
    private static Task CompareOthersAsync(Uri server) =>
        CompareAsync(server, rounds: 1, [s_largest], [("distribution", WarmUps), ("typed", 3), (Kubectl.Program, 0)]);

    /// <summary>Sizes of pages, with a server that answers at once and with one that takes its time for each page.</summary>
    private static Task ComparePagesAsync(Uri server) => CompareAsync(
        server, Rounds,
        [
            .. from delay in s_delays
               from page in s_pages
               select s_largest with { Page = page, Delay = TimeSpan.FromMilliseconds(delay) },
        ],
        [("drop", WarmUps), ("distribution", WarmUps)]);

    /// <summary>Lets contestants read clusters in turns, and writes what came of it: the first one is what the others are compared with.</summary>
    private static async Task CompareAsync(Uri server, int rounds, ServedCluster[] clusters, (string Name, int WarmUps)[] names)
    {
        var contestants = new List<Contestant>();
        try
        {
            foreach (var (name, warmUps) in names) contestants.Add(await Contestant.StartAsync(server, name, warmUps, s_middle));
            Console.WriteLine($"\n| cluster | | ÷ {names[0].Name} | milliseconds | of a processor | microseconds a pod | peak memory, MB | found |\n|---|---|---|---|---|---|---|---|");
            foreach (var cluster in clusters)
            {
                var turns = new List<Measurement[]>();
                for (var round = 0; round < rounds; round++)
                {
                    var turn = new Measurement[contestants.Count];
                    foreach (var (index, contestant) in contestants.Index()) turn[index] = await contestant.RunAsync(cluster);
                    turns.Add(turn);
                }

                foreach (var (index, contestant) in contestants.Index())
                {
                    var ratios = Measurement.Spread(turns.Select(turn => turn[index].Seconds / turn[0].Seconds), "F2");
                    var wall = Measurement.Spread(turns.Select(turn => turn[index].Seconds * 1000), "F0");
                    var processor = Measurement.Spread(turns.Select(turn => turn[index].Processor * 1000), "F0");
                    var pod = turns.Min(turn => turn[index].Seconds) * 1e6 / cluster.Pods;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {cluster} | {contestant.Name} | {ratios} | {wall} | {processor} | {pod:F1} | {turns.Max(turn => turn[index].Memory) / 1024} | {turns[0][index].Found} |"));
                }
            }
        }
        finally
        {
            foreach (var contestant in contestants) contestant.Dispose();
        }
    }
}
