using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Safety;
using ChaosPS.Sandbox;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>A sandbox that is served to other processes, each of whose requests is seen; and a state directory for the runs on it.</summary>
internal sealed class WatchedSandbox : IAsyncDisposable
{
    private const double Speed = 50;

    private readonly SandboxServer _server;
    private readonly ChaosConnection _inside;
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("chaosps-recovery-");

    public WatchedSandbox(int seed)
    {
        var sandbox = SandboxFactory.Create("contactsapp", new SandboxOptions { Seed = seed, Speed = Speed });
        Clock = (RunningClock)sandbox.Clock;
        Handler = new WatchedHandler(sandbox.Handler, Clock);
        _inside = new Composition().Connect(sandbox); // past the watch: looking is no request
        _server = SandboxServer.Start(new ChaosSandbox(Describe(sandbox), Clock, Handler), "127.0.0.1:0", NullLog.Instance);
    }

    public RunningClock Clock { get; }

    public WatchedHandler Handler { get; }

    public string Address => _server.Sandbox.Uri!.ToString();

    public string[] RestoreArguments => ["restore", "--sandbox", Address, "--state-path", StatePath];

    public string StatePath => _state.FullName;

    public RunStore Runs => new(StatePath);

    /// <summary>The log of the only run; null before it has one.</summary>
    public string? LogPath => Directory.Exists(Runs.Directory)
        ? Directory.EnumerateFiles(Runs.Directory, "recovery.jsonl", SearchOption.AllDirectories).SingleOrDefault() : null;

    /// <summary>What stands in the log now.</summary>
    public string LogText
    {
        get
        {
            if (LogPath is not { } path) return "";
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <summary>How long the log is now.</summary>
    public long LogLength => LogPath is { } path ? new FileInfo(path).Length : 0;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Handler.Dispose();
        _state.Delete(recursive: true);
    }

    /// <summary>Has everything put back that runs have left.</summary>
    /// <param name="fresh">By a process that does nothing else, or by this one.</param>
    public async Task<CommandLineRun> RestoreAsync(bool fresh = false)
    {
        if (!fresh) return await CommandLineRun.InvokeAsync(RestoreArguments);
        using var program = ChaosProgram.Start(RestoreArguments);
        return await program.EndAsync();
    }

    /// <summary>Cuts the log as a crash does: what stood in it before is there, and a share of what came after.</summary>
    public void CutLog(long before, double share)
    {
        using var file = new FileStream(LogPath!, FileMode.Open);
        file.SetLength(before + (long)((file.Length - before) * share));
    }

    /// <summary>All that a run can change, a line each.</summary>
    public async Task<IReadOnlyList<string>> LookAsync()
    {
        var lines = new List<string>();
        foreach (var scaleSet in await _inside.Power.FindScaleSetsAsync(null, default))
        {
            foreach (var machine in await _inside.Power.GetInstancesAsync(scaleSet.ResourceId, default)) lines.Add($"{machine.Name} is {machine.PowerState}");
        }

        foreach (var node in await _inside.Cluster.GetNodesAsync(default)) lines.Add($"{node.Name} is {node.Status}, tainted [{string.Join(' ', node.Taints)}]");
        foreach (var workload in await _inside.Cluster.GetWorkloadsAsync(null, default)) lines.Add($"{workload} wants {workload.Replicas}");
        foreach (var lease in await _inside.Cluster.GetRunLeasesAsync(default)) lines.Add($"{lease.RunId} is marked");
        return lines;
    }

    /// <summary>The nodes that have not been heard of since their machines were taken down.</summary>
    public async Task<IReadOnlyList<string>> SilentAsync() =>
        [.. (await _inside.Cluster.GetNodesAsync(default))
            .Where(node => Handler.TakenDown.TryGetValue(node.InstanceId!, out var moment) && node.LastHeartbeatTime < moment)
            .Select(static node => node.Name)];

    /// <summary>The workloads that have fewer ready replicas than they want.</summary>
    public async Task<IReadOnlyList<string>> UnreadyAsync() =>
        [.. (await _inside.Cluster.GetWorkloadsAsync(null, default)).Where(static workload => workload.ReadyReplicas != workload.Replicas).Select(static workload => workload.ToString())];

    private static SandboxDescription Describe(ChaosSandbox sandbox) => new()
    {
        Name = sandbox.Name,
        Source = sandbox.Source,
        Seed = sandbox.Seed,
        Now = sandbox.Now,
        Speed = sandbox.Speed,
        SubscriptionId = sandbox.SubscriptionId,
        TenantId = sandbox.TenantId,
        Environment = sandbox.Environment,
        Kubernetes = sandbox.KubernetesUri,
        Azure = sandbox.AzureUri,
        Application = sandbox.ApplicationUri,
        Control = sandbox.ControlUri,
        ApplicationHosts = sandbox.ApplicationHosts,
    };
}
