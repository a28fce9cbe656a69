using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Providers.Kubernetes;
using k8s;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>The ways to read all pods that are compared, each in a process of its own.</summary>
internal static class Contestants
{
    /// <summary>
    /// Reads a cluster for each line that comes in, and writes the seconds that it took, those of the processor, the most memory that the process has had in
    /// kilobytes, and how much it found.
    /// </summary>
    public static async Task RunAsync(string name, Uri server)
    {
        Func<Uri, Task<long>> run = name switch
        {
            "drop" => DropAsync,
            "distribution" => DistributionAsync,
            "pods" => PodsAsync,
            "typed" => TypedAsync,
            _ => throw new ArgumentException($"There is no '{name}'.", nameof(name)),
        };
        while (Console.ReadLine() is { Length: > 0 } line)
        {
            GC.Collect(); // what the one before has left is not of this one
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var found = await run(new Uri(server, $"{line}/"));
            var (seconds, processor) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:F4} {processor:F4} {PeakMemory(Environment.ProcessId)} {found}"));
        }
    }

    /// <summary>The most memory that a process had, in kilobytes; 0 where nobody tells.</summary>
    public static long PeakMemory(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it is over, or this is no Linux
        }
    }

    /// <summary>A kubeconfig that leads to a cluster of the server.</summary>
    public static string WriteKubeConfig(Uri cluster)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            current-context: bench
            clusters: [{name: bench, cluster: {server: "{{{cluster.ToString().TrimEnd('/')}}}"}}]
            contexts: [{name: bench, context: {cluster: bench, user: bench}}]
            users: [{name: bench, user: {token: t}}]
            """);
        return path;
    }

    private static async Task<long> DistributionAsync(Uri cluster) =>
        (await WithConnectionAsync(cluster, connection => PodDistribution.ReadAsync(connection.Cluster, null, default))).Sum(distribution => distribution.Ready);

    private static async Task<long> PodsAsync(Uri cluster) =>
        (await WithConnectionAsync(cluster, connection => connection.Cluster.GetPodsAsync(null, null, default))).Count;

    private static async Task<T> WithConnectionAsync<T>(Uri cluster, Func<ChaosConnection, Task<T>> work)
    {
        var path = WriteKubeConfig(cluster);
        try
        {
            return await work(new Composition().Connect(new KubeConfigOptions(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Reads the bytes that a distribution is made of, in the same pages, lists at the same time, and drops them.</summary>
    private static async Task<long> DropAsync(Uri cluster)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(Forms.Protobuf));
        var served = ServedCluster.Parse(cluster.AbsolutePath.Trim('/'));
        var page = served.Page ?? KubernetesCluster.PageSize;
        string[] lists = ["api/v1/namespaces/kube-system", "apis/apps/v1/deployments", "apis/apps/v1/statefulsets", "apis/apps/v1/daemonsets", "api/v1/pods", "api/v1/nodes"];
        var first = await DropListAsync(lists[0], 1);
        return first + (await Task.WhenAll(lists.Skip(1).Select(list => DropListAsync(list, new GeneratedCluster(served.Pods).Count(list.Split('/')[^1]))))).Sum();

        async Task<long> DropListAsync(string list, int count)
        {
            var buffer = new byte[128 * 1024];
            var total = 0L;
            for (var start = 0; start == 0 || start < count; start += page)
            {
                var query = start == 0 ? "" : $"&continue={start}";
                using var answer = await http.GetAsync(new Uri(cluster, $"{list}?limit={page}{query}"), HttpCompletionOption.ResponseHeadersRead);
                await using var stream = await answer.Content.ReadAsStreamAsync();
                while (await stream.ReadAsync(buffer) is var read and > 0) total += read;
            }

            return total;
        }
    }

    private static async Task<long> TypedAsync(Uri cluster)
    {
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = cluster.ToString(), AccessToken = "t" });
        var pods = new List<k8s.Models.V1Pod>();
        string? next = null;
        do
        {
            var page = await client.CoreV1.ListPodForAllNamespacesAsync(limit: KubernetesCluster.PageSize, continueParameter: next);
            pods.AddRange(page.Items);
            next = page.Metadata.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(next));

        return pods.Count;
    }
}
