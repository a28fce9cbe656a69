using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Providers.Yaml;
using ChaosPS.Safety;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Kubectl;

/// <summary>
/// What a drain refuses, and what it leaves: the same whether the module drains or the kubectl of this machine. Where there is no kubectl, the module
/// alone is held against what is written here.
/// </summary>
public sealed partial class DrainTests : IDisposable
{
    private const string Node = "aks-nodepool1-32090874-vmss000001";
    private const string Module = "the module";

    /// <summary>One pod of each sort that a drain has to tell apart, all on one node; two of <c>web</c>, of which a budget lets one go.</summary>
    private const string Manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {nodeSelector: {kubernetes.io/hostname: NODE}, containers: [{name: web, image: "web:1"}]}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: shop}
        spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: cache, namespace: shop}
        spec:
          replicas: 1
          selector: {matchLabels: {app: cache}}
          template:
            metadata: {labels: {app: cache}}
            spec: {nodeSelector: {kubernetes.io/hostname: NODE}, containers: [{name: cache, image: "cache:1"}], volumes: [{name: data, emptyDir: {}}]}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: shop}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: agent, image: "agent:1"}], volumes: [{name: data, emptyDir: {}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: bare, namespace: shop, labels: {app: bare}}
        spec: {nodeName: NODE, containers: [{name: bare, image: "bare:1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: done, namespace: shop, labels: {app: done}, annotations: {chaosps/run-seconds: "1"}}
        spec: {nodeName: NODE, restartPolicy: Never, containers: [{name: done, image: "done:1"}], volumes: [{name: data, emptyDir: {}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: mirror, namespace: shop, labels: {app: mirror}, annotations: {kubernetes.io/config.mirror: "0123"}}
        spec: {nodeName: NODE, containers: [{name: mirror, image: "mirror:1"}]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-drain-");

    public static TheoryData<string, string, string, string> Cases
    {
        get
        {
            (string Switches, string Refused, string Left)[] cases =
            [
                ("", "DaemonSet-managed Pods: agent; Pods that declare no controller: bare; Pods with local storage: cache", "agent bare cache done mirror web web"),
                ("--ignore-daemonsets", "Pods that declare no controller: bare; Pods with local storage: cache", "agent bare cache done mirror web web"),
                ("--ignore-daemonsets --delete-emptydir-data", "Pods that declare no controller: bare", "agent bare cache done mirror web web"),
                ("--ignore-daemonsets --force", "Pods with local storage: cache", "agent bare cache done mirror web web"),
                ("--ignore-daemonsets --delete-emptydir-data --force", "the budget web", "agent mirror web"),
                ("--ignore-daemonsets --delete-emptydir-data --force --disable-eviction", "", "agent mirror"),
                ("--ignore-daemonsets --pod-selector=app!=web,app!=bare --delete-emptydir-data", "", "agent bare mirror web web"),
                ("--pod-selector=app=done", "", "agent bare cache mirror web web"),
            ];
            var data = new TheoryData<string, string, string, string>();
            foreach (var client in KubectlProgram.Location is null ? [Module] : (string[])[Module, "kubectl"])
            {
                foreach (var (switches, refused, left) in cases) data.Add(client, switches, refused, left);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_drain_refuses_and_leaves_the_same(string client, string switches, string refused, string left)
    {
        var path = Path.Combine(_folder.FullName, "shop.yaml");
        await File.WriteAllTextAsync(path, Manifests.Replace("NODE", Node, StringComparison.Ordinal));
        var sandbox = SandboxFactory.Create(path, new SandboxOptions { Speed = client == Module ? null : 20 }, new YamlDocumentReader());

        var (connection, refusal) = client == Module ? await DrainAsync(sandbox, switches) : await DrainWithKubectlAsync(sandbox, switches);
        var pods = await connection.Time.RunAsync(() => connection.Cluster.GetPodsOnNodeAsync(Node, default));

        Assert.Equal(refused, refusal);
        Assert.Equal(left, string.Join(' ', pods.Where(static pod => !pod.Terminating).Select(static pod => pod.Labels["app"]).Order(StringComparer.Ordinal)));
    }

    private async Task<(ChaosConnection Connection, string Refusal)> DrainAsync(ChaosSandbox sandbox, string switches)
    {
        var given = switches.Split(' ').Select(static word => word.Split('=', 2)).ToDictionary(static word => word[0], static word => word.ElementAtOrDefault(1) ?? "");
        var options = new DrainOptions
        {
            IgnoreDaemonSet = given.ContainsKey("--ignore-daemonsets"),
            DeleteEmptyDirData = given.ContainsKey("--delete-emptydir-data"),
            IncludeUnmanaged = given.ContainsKey("--force"),
            DisableEviction = given.ContainsKey("--disable-eviction"),
            PodSelector = LabelSelector.Parse(given.GetValueOrDefault("--pod-selector", "")),
            Timeout = TimeSpan.FromSeconds(60),
        };
        var connection = new Composition().Connect(sandbox);
        return await connection.Time.RunAsync(async () =>
        {
            using var recovery = await RecoveryLog.CreateAsync(_folder.FullName, "test", connection, default);
            var gate = await BlastGate.OpenAsync(connection, [], new RunStore(_folder.FullName), default);
            var drainer = new NodeDrainer(connection, new ChangeSet(connection, recovery, NullLog.Instance), gate, NullLog.Instance, held: true);
            try
            {
                await drainer.DrainAsync((await connection.Cluster.GetNodeAsync(Node, default))!, options, default);
                return (connection, "");
            }
            catch (ChaosException exception)
            {
                return (connection, Normal(exception.Message));
            }
        });
    }

    private static async Task<(ChaosConnection Connection, string Refusal)> DrainWithKubectlAsync(ChaosSandbox sandbox, string switches)
    {
        await using var server = SandboxServer.Start(sandbox, "127.0.0.1:0", NullLog.Instance);
        using var kubectl = new KubectlProgram(server.Sandbox.Uri!, "shop");
        var result = await kubectl.RunAsync($"drain {Node} --timeout=6s {switches}");
        return (new Composition().Connect(sandbox), result.ExitCode == 0 ? "" : Normal(result.Error));
    }

    /// <summary>The reasons of a refusal in one order, with the pods' labels.</summary>
    private static string Normal(string refusal)
    {
        string[] reasons = [.. Reasons().Matches(refusal).Select(static match => $"{match.Groups["what"].Value}: {Workload().Match(match.Groups["pod"].Value).Groups[1].Value}").Distinct().Order(StringComparer.Ordinal)];
        return reasons.Length > 0 ? string.Join("; ", reasons)
            : refusal.Contains("disruption budget", StringComparison.Ordinal) ? "the budget web" : refusal;
    }

    // kubectl 1.32 says "cannot delete cannot delete Pods that declare no controller".
    [GeneratedRegex(@"(?:cannot delete )+(?<what>[^(]+?) \(use \S+ to (?:ignore|override)\): (?<pod>[^],;.]+)")]
    private static partial Regex Reasons();

    [GeneratedRegex(@"^shop/([a-z]+)")]
    private static partial Regex Workload();
}
