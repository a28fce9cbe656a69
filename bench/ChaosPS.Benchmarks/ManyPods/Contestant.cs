using System.Diagnostics;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>One of the ways that are compared, which reads a cluster whenever it is its turn.</summary>
internal abstract class Contestant(string name) : IDisposable
{
    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Starts one in a process of its own, and lets it read a cluster some times before anything counts.</summary>
    public static async Task<Contestant> StartAsync(Uri server, string name, int warmUps, ServedCluster warmUp)
    {
        if (name == Kubectl.Program) return new Kubectl(server);
        var contestant = new Child(server, name);
        for (var run = 0; run < warmUps; run++) await contestant.RunAsync(warmUp);
        return contestant;
    }

    /// <summary>Reads a cluster.</summary>
    public abstract Task<Measurement> RunAsync(ServedCluster cluster);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>A process that reads a cluster for each line that it gets.</summary>
    private sealed class Child(Uri server, string name) : Contestant(name)
    {
        private readonly Process _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["many-pods", "run", name, server.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        public override async Task<Measurement> RunAsync(ServedCluster cluster)
        {
            await _process.StandardInput.WriteLineAsync(cluster.ToString());
            return Measurement.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{Name} has ended."));
        }

        public override void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
            base.Dispose();
        }
    }
}
