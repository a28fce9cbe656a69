using System.Collections;
using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Simulation;
using ChaosPS.Snapshots;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that predict from one look at a cluster, or at a file that stands for one.</summary>
public abstract class PredictionCommand : ClusterCommand
{
    /// <summary>What to look at instead of the cluster: a snapshot file of Export-ClusterSnapshot, or what else the cmdlet reads.</summary>
    [Parameter]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How long everything that happens is looked at: <c>20m</c>, <c>PT20M</c>, or a number of seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>What all chance comes from: one seed, one answer.</summary>
    [Parameter]
    [Alias("SetSeed")]
    public int Seed { get; set; } = 1;

    /// <summary>Times and rates of the cluster that are not as usual: <c>@{ ApplicationStart = '30s' }</c>.</summary>
    [Parameter]
    [Alias("SimulationOptions")]
    [ArgumentCompleter(typeof(SimulationOptionCompleter))]
    [ValidateNotNull]
    public Hashtable SimulationOption { get; set; } = [];

    /// <summary>One look at what is to be looked at.</summary>
    private protected ClusterSnapshot TakeSnapshot() => Path is null
        ? Run((connection, sink, stop) => ClusterExport.TakeAsync(connection, [], sink, stop)).ToSnapshot()
        : LoadFile(GetUnresolvedProviderPathFromPSPath(Path));

    /// <summary>Reads the file.</summary>
    /// <exception cref="ChaosException">It is none that can be looked at: id <c>SnapshotInvalid</c>.</exception>
    private protected virtual ClusterSnapshot LoadFile(string path) => (SnapshotFile.Load(path) ?? throw ChaosErrors.SnapshotInvalid(path, "it has no snapshot in it")).ToSnapshot();

    /// <summary>The usual times and rates of the snapshot's cluster, with those that are wanted otherwise.</summary>
    private protected PredictionOptions Options(ClusterSnapshot snapshot)
    {
        var isSandbox = Path is null && Connection.Kind == ConnectionKind.Sandbox;
        return new PredictionOptions
        {
            Horizon = Duration,
            Simulation = SimulationSettings.Apply(PredictionOptions.UsualFor(snapshot, isSandbox) with { Seed = Seed }, SimulationText.Table(SimulationOption)),
        };
    }
}
