using System.Diagnostics;
using System.Globalization;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>Compares ways to read all pods of clusters up to 5,000 nodes. What is compared runs in turns, in one run, against one server.</summary>
internal static class ManyPodsBenchmark
{
    private const int Rounds = 3;
    private const string Kubectl = "kubectl";

    /// <summary>Runs the comparison, or the part of it that a process of its own is for.</summary>
    /// <param name="args">Nothing, or the part and what it needs.</param>
    public static async Task RunAsync(string[] args)
    {
        switch (args)
        {
            case ["serve"]:
                using (var server = new ClusterServer())
                {
                    Console.WriteLine(server.Uri);
                    await server.RunAsync();
                }

                break;
            case ["run", var name, var server, var pods]:
                await Contestants.RunAsync(name, new Uri(server), int.Parse(pods, CultureInfo.InvariantCulture));
                break;
            case ["quick"]:
                await CompareAsync([150_000], ["drop", "distribution", "pods"]);
                break;
            default:
                await CompareAsync([1_500, 15_000, 150_000], ["drop", "distribution", "pods", "typed", Kubectl]);
                break;
        }
    }

    private static async Task CompareAsync(int[] sizes, string[] names)
    {
        using var server = Start("many-pods", "serve");
        try
        {
            var uri = new Uri((await server.StandardOutput.ReadLineAsync())!);
            Console.WriteLine("| pods | | seconds | ÷ reading and dropping | peak memory, MB | found |\n|---|---|---|---|---|---|");
            foreach (var pods in sizes)
            {
                var results = names.ToDictionary(name => name, _ => new List<(double Seconds, long Memory, long Found)>());
                for (var round = 0; round < Rounds; round++)
                {
                    foreach (var name in names)
                    {
                        // The slow ones need no second look.
                        if (round > 0 && pods > 15_000 && name is "typed" or Kubectl) continue;
                        results[name].Add(name == Kubectl ? await KubectlAsync(uri, pods) : await ChildAsync(name, uri, pods));
                    }
                }

                var reference = Median(results["drop"]);
                foreach (var name in names)
                {
                    var seconds = Median(results[name]);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {pods:N0} | {name} | {seconds:F2} | {seconds / reference:F2} | {results[name].Max(result => result.Memory) / 1024} | {results[name][0].Found} |"));
                }
            }
        }
        finally
        {
            server.Kill();
        }
    }

    private static double Median(List<(double Seconds, long Memory, long Found)> results) =>
        results.Select(result => result.Seconds).Order().ElementAt(results.Count / 2);

    private static async Task<(double, long, long)> ChildAsync(string name, Uri server, int pods)
    {
        using var child = Start("many-pods", "run", name, server.ToString(), pods.ToString(CultureInfo.InvariantCulture));
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0) throw new InvalidOperationException($"{name} ended with {child.ExitCode}.");
        var parts = output.Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private static async Task<(double, long, long)> KubectlAsync(Uri server, int pods)
    {
        var config = Contestants.WriteKubeConfig(new Uri(server, $"{pods}/"));
        try
        {
            var clock = Stopwatch.StartNew();
            using var child = Process.Start(new ProcessStartInfo(Kubectl, ["--kubeconfig", config, "get", "pods", "-A", "--no-headers"]) { RedirectStandardOutput = true })!;
            var lines = CountLinesAsync(child.StandardOutput);
            var memory = 0L;
            while (!child.HasExited)
            {
                memory = Math.Max(memory, Contestants.PeakMemory(child.Id));
                await Task.WhenAny(child.WaitForExitAsync(), lines, Pause());
            }

            var seconds = clock.Elapsed.TotalSeconds;
            return (seconds, memory, await lines);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static async Task Pause()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        await timer.WaitForNextTickAsync();
    }

    private static async Task<long> CountLinesAsync(StreamReader reader)
    {
        var lines = 0L;
        while (await reader.ReadLineAsync() is not null) lines++;
        return lines;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
}
