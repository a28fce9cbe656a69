using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Application;
using ChaosPS.Sandbox.Azure;
using ChaosPS.Sandbox.Control;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Sources;
using ChaosPS.Sandboxes;
using ChaosPS.Simulation;
using ChaosPS.Snapshots;
using ChaosPS.Time;

namespace ChaosPS.Sandbox;

/// <summary>Makes emulated clusters.</summary>
public static class SandboxFactory
{
    /// <summary>When the virtual clock of a sandbox starts.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The names of the built-in sandboxes.</summary>
    public static IReadOnlyList<string> BuiltIn => SandboxSources.BuiltIn;

    /// <summary>The sizes that nodes of a sandbox can have.</summary>
    public static IReadOnlyList<string> NodeSizes { get; } = [.. MachineSize.Known.Select(static size => size.Name)];

    /// <summary>Makes a sandbox on a virtual clock; nothing outside the process takes part in it.</summary>
    /// <param name="source">One of <see cref="BuiltIn"/>, in any case, or a snapshot's path.</param>
    /// <param name="seed">What all chance in it comes from.</param>
    /// <exception cref="ChaosException">There is none of that name: id <c>SandboxNotFound</c>.</exception>
    public static ChaosSandbox Create(string source, int seed) => Create(source, new SandboxOptions { Seed = seed });

    /// <summary>Makes a sandbox; nothing outside the process takes part in it.</summary>
    /// <param name="source">
    /// One of <see cref="BuiltIn"/>, in any case; else the path of a snapshot, or of a file or folder of manifests. A path that is also such a name is
    /// written <c>./name</c>.
    /// </param>
    /// <param name="options">How it is made.</param>
    /// <param name="documents">Reads manifests, and what clients of the Kubernetes API send in YAML; without it neither is taken.</param>
    /// <param name="log">Is told of what in the source a user may not expect; null for nobody.</param>
    /// <exception cref="ChaosException">
    /// There is none of that name (id <c>SandboxNotFound</c>), it cannot be read, no clock runs at that speed (id <c>SpeedInvalid</c>), or the simulation
    /// has no such option or value (ids <c>SimulationOptionUnknown</c> and <c>SimulationOptionInvalid</c>).
    /// </exception>
    public static ChaosSandbox Create(string source, SandboxOptions options, IDocumentReader? documents = null, IChaosLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        return Create(SandboxSources.Open(source, options, StartFor(options.Speed), documents, log ?? NullLog.Instance), source, options, documents, log ?? NullLog.Instance);
    }

    /// <summary>Makes a sandbox of a snapshot in memory: what is done to it is done to no cluster.</summary>
    /// <param name="snapshot">The snapshot; the sandbox's clock starts when it was taken.</param>
    /// <param name="environment">The variables that lead to the cluster: they lead to the copy too, and it brings none of its own.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="log">Is told of what in the snapshot a user may not expect; null for nobody.</param>
    public static ChaosSandbox Create(
        SnapshotDocument snapshot, IReadOnlyDictionary<string, string> environment, SandboxOptions options, IChaosLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        var (source, ids) = SnapshotSource.Create(snapshot, snapshot.Cluster.Name, options, log ?? NullLog.Instance);
        return Create((source with { Environment = environment }, ids), snapshot.Cluster.Name, options, null, log ?? NullLog.Instance);
    }

    private static ChaosSandbox Create((SandboxSource Source, StableId Ids) opened, string name, SandboxOptions options, IDocumentReader? documents, IChaosLog log)
    {
        var clock = MakeClock(opened.Source.StartsAt, options.Speed);
        var cluster = new SandboxCluster(opened.Source, opened.Ids, clock, MakeOptions(opened.Source, options));
        cluster.Look(simulation =>
        {
            SayWhatWaits(simulation, log);
            return simulation;
        });
        var host = cluster.Source.ApplicationUri.Host;
        var description = new SandboxDescription
        {
            Name = cluster.Source.Name,
            Source = name,
            Seed = options.Seed,
            Now = clock.GetUtcNow(),
            Speed = options.Speed,
            SubscriptionId = cluster.Source.SubscriptionId,
            TenantId = cluster.Source.TenantId,
            Environment = cluster.Source.Environment,
            Kubernetes = new Uri($"https://kubernetes.{host}/"),
            Azure = new Uri($"https://management.{host}/"),
            Application = cluster.Source.ApplicationUri,
            Control = new Uri($"http://control.{host}/"),
            ApplicationHosts = cluster.Source.Hosts,
        };
        var faults = new FaultList(clock);
        var kubernetes = new KubernetesFace(cluster, documents);
        var faces = new Dictionary<string, IFace>(StringComparer.OrdinalIgnoreCase)
        {
            [description.Kubernetes.Host] = new FaultyFace(kubernetes, SandboxFaultTarget.Kubernetes, faults, kubernetes.Types, () => cluster.ControlPlane.IsAway),
            [description.Azure.Host] = new FaultyFace(new ArmFace(cluster, faults), SandboxFaultTarget.Azure, faults),
            [description.Control.Host] = new ControlFace(description, clock, new FaultRequests(faults, cluster)),
        };
        var application = new ApplicationFace(cluster, clock);
        foreach (var served in description.ApplicationHosts) faces[served] = application;
        return new ChaosSandbox(description, clock, new SandboxHandler(faces, clock));
    }

    /// <summary>What has no node at the start will most likely never have one.</summary>
    private static void SayWhatWaits(ClusterSimulation simulation, IChaosLog log)
    {
        const int MostSaid = 5;
        SimulatedPod[] waiting = [.. simulation.Pods.Where(static pod => pod.NodeName is null && pod.IsActive).OrderBy(static pod => pod.Name, StringComparer.Ordinal)];
        foreach (var pod in waiting.Take(MostSaid))
            log.Write(ChaosLogLevel.Warning, $"Pod {pod.Namespace}/{pod.Name} has no node: {pod.FindCondition("PodScheduled")?.Message}");
        if (waiting.Length > MostSaid) log.Write(ChaosLogLevel.Warning, $"{waiting.Length - MostSaid} more pods have no node.");
    }

    /// <summary>A running clock starts at the present: other programs, kubectl for one, tell ages by this machine's clock.</summary>
    private static DateTimeOffset StartFor(double? speed) => speed is null ? Start : TimeProvider.System.GetUtcNow();

    /// <summary>The version's defaults, as Kubernetes has them by itself, unless something else is wanted.</summary>
    private static SimulationOptions MakeOptions(SandboxSource source, SandboxOptions options) =>
        SimulationSettings.Apply(SimulationOptions.For(source.Snapshot.Version) with { Seed = options.Seed }, options.Simulation);

    private static TimeProvider MakeClock(DateTimeOffset start, double? speed) => speed switch
    {
        null => new VirtualClock(start),
        { } value when RunningClock.IsSpeed(value) => new RunningClock(start, value),
        { } value => throw ChaosErrors.SpeedInvalid(value),
    };
}
