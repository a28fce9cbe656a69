using System.Diagnostics;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary><c>kubectl get pods -A</c>, a process each time.</summary>
internal sealed class Kubectl(Uri server) : Contestant(Program)
{
    public const string Program = "kubectl";

    public override async Task<Measurement> RunAsync(ServedCluster cluster)
    {
        var config = Contestants.WriteKubeConfig(new Uri(server, $"{cluster}/"));
        try
        {
            var clock = Stopwatch.StartNew();
            using var child = Process.Start(new ProcessStartInfo(Program, ["--kubeconfig", config, "get", "pods", "-A", "--no-headers"]) { RedirectStandardOutput = true })!;
            var lines = CountLinesAsync(child.StandardOutput);
            var memory = 0L;
            while (!child.HasExited)
            {
                memory = Math.Max(memory, Contestants.PeakMemory(child.Id));
                await Task.WhenAny(child.WaitForExitAsync(), PauseAsync());
            }

            // Of a process that is over, Linux does not tell what it took of the processor.
            return new Measurement(clock.Elapsed.TotalSeconds, double.NaN, memory, await lines);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static async Task PauseAsync()
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
}
