using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Puts back what runs have left changed, whatever became of their processes.</summary>
[Cmdlet(VerbsData.Restore, "ChaosRun", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RestoredRun))]
public sealed class RestoreChaosRunCommand : ClusterCommand
{
    private const string InputObjectSet = "InputObject";
    private const string RunIdSet = "RunId";

    private readonly List<RecordedRun> _runs = [];
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>Runs from Get-ChaosRun.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public RecordedRun[]? InputObject { get; set; }

    /// <summary>Ids of runs.</summary>
    [Parameter(ParameterSetName = RunIdSet, Mandatory = true, Position = 0)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? RunId { get; set; }

    /// <summary>How long each run's undo may take at most: <c>30s</c>, <c>20m</c>, <c>PT20M</c>, or a number of seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter(ParameterSetName = RunIdSet)]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>Puts back what other machines left, by their Leases, without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        _runs.AddRange(InputObject ?? []);
        if (RunId is null) return;
        var store = new RunStore(ResolvePath(StatePath));
        foreach (var id in RunId) Try(() => _runs.Add(store.Get(id)));
    }

    /// <summary>The last one first: what an earlier run has changed can be put back only when a later one has put back what it made of that.</summary>
    protected override void Finish()
    {
        foreach (var (_, run) in _runs.Index().OrderByDescending(static it => it.Item.StartTime).ThenByDescending(static it => it.Index)) Try(() => Restore(run));
    }

    private void Restore(RecordedRun run)
    {
        if (run.IsOfFiles)
        {
            if (ShouldProcess($"run {run.RunId} ({run.Command}): {string.Join(", ", run.Changes.Where(static change => change.NeedsUndo))}", "Put back"))
                Show(Run(TimeProvider.System, (log, stop) => RunRecovery.RestoreFilesAsync(run, log, stop)));
            return;
        }

        var connection = Session.Current.Connection ?? Reconnect(run);
        var left = run.Remaining == 0 ? "nothing that is known" : string.Join(
            ", ", run.Changes.Where(static change => change.NeedsUndo).Select(change => $"{change}{connection.Power.Place(change.ResourceId)}"));
        if (!ShouldProcess($"run {run.RunId} ({run.Command}) on {run.Cluster}: {left}", "Put back")) return;
        if (run.FromLease && !Force && !IsKnown(run, connection, left)) return;
        Show(Run(TimeProvider.System, (log, stop) => RunRecovery.RestoreAsync(run, connection, Timeout, log, stop)));
    }

    private void Show(RestoredRun restored)
    {
        WriteObject(restored);
        if (!restored.Complete) WriteError(ChaosErrors.RestoreIncomplete(restored).ToErrorRecord());
    }

    /// <summary>Asks about a run of which there is no more than what somebody has written into the cluster.</summary>
    private bool IsKnown(RecordedRun run, ChaosConnection connection, string left) => Ask(
        () => ShouldContinue(
            $"The run {run.RunId} ({run.Command}) ran on the machine '{run.MachineName}', says its Lease in {connection.Name}, as whoever may write Leases there can "
                + $"have it say. Put back here: {left}?",
            "A run of another machine", ref _yesToAll, ref _noToAll),
        exception => ChaosErrors.LeaseUnconfirmed(run, exception));

    /// <summary>A session that has chosen no cluster goes to the one that the run changed, as its process had found it.</summary>
    private ChaosConnection Reconnect(RecordedRun run)
    {
        var composition = Composer.Composition;
        return run.Origin.Sandbox is { } sandbox
            ? composition.Connect(Run(TimeProvider.System, (_, stop) => composition.OpenSandboxAsync(sandbox, stop)))
            : composition.Connect(run.Origin.ToKubeConfigOptions());
    }
}
