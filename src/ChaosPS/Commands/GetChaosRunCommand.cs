using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Gets the runs that left a record: what each changed, and what is left to put back.</summary>
[Cmdlet(VerbsCommon.Get, "ChaosRun")]
[OutputType(typeof(RecordedRun))]
public sealed class GetChaosRunCommand : ClusterCommand
{
    private ClusterIdentity? _identity;

    /// <summary>Ids of runs; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? RunId { get; set; }

    /// <summary>Only runs whose process is gone and that left something to put back.</summary>
    [Parameter]
    public SwitchParameter Unfinished { get; set; }

    /// <summary>The runs of all machines that are marked in the connected cluster by a Lease, instead of those of this machine.</summary>
    [Parameter]
    public SwitchParameter Lease { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var store = new RunStore(ResolvePath(StatePath));
        var runs = Lease ? Run((connection, _, stop) => store.ListLeasedAsync(connection, stop)) : store.List(unreadable => WriteError(unreadable.ToErrorRecord()));
        runs = [.. runs.Select(AsItIsNow)];
        foreach (var id in RunId ?? ["*"])
        {
            Try(() =>
            {
                var pattern = new Wildcards([id]);
                RecordedRun[] found = [.. runs.Where(run => pattern.Match(run.RunId))];
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(id)) throw ChaosErrors.RunNotFound(id, store.Directory);
                WriteObject(found.Where(run => !Unfinished || run.State == RunState.Unfinished), enumerateCollection: true);
            });
        }
    }

    /// <summary>The clock of a sandbox is known only to who is connected to it.</summary>
    private RecordedRun AsItIsNow(RecordedRun run)
    {
        if (run.State != RunState.Held) return run;
        if (!run.InSandbox) return run.At(TimeProvider.System.GetUtcNow());
        if (Session.Current.Connection is not { Kind: ConnectionKind.Sandbox } connection) return run;
        _identity ??= Run(connection.Time, (_, stop) => connection.Cluster.GetIdentityAsync(stop));
        return _identity.Id == run.ClusterId ? run.At(connection.Time.GetUtcNow()) : run;
    }
}
