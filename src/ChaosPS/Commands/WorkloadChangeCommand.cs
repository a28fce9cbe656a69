using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Manifests;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change workloads, in the cluster or in manifest files, and write in the end the run that undoes it.</summary>
public abstract class WorkloadChangeCommand : ClusterCommand
{
    private RecoveryLog? _recovery;
    private BlastGate? _gate;

    /// <summary>
    /// Changes manifests instead of the cluster: files, and folders with all that is below them; wildcards are allowed. Only the changed lines of a file change. Sources of Helm and
    /// Kustomize are refused with the place to edit.
    /// </summary>
    [Parameter]
    [Alias("FilePath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Returns as soon as the API has taken the change, without waiting for the rollout.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait for the rollout at most: <c>30s</c>, <c>5m</c>, <c>PT5M</c>, or a number of seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Writes each workload as it is afterwards, instead of the run.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>What may be hit.</summary>
    private protected BlastGate Gate => _gate ??= OpenGate(maxNodesDown: null, StatePath);

    /// <summary>Takes what nobody has to be told of.</summary>
    private protected static IChaosLog Quiet { get; } = new Silence();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_recovery is not { } recovery) return;
        recovery.Dispose(); // whoever comes next in the pipeline may put it back
        if (!PassThru) WriteObject(new RunStore(ResolvePath(StatePath)).Get(recovery.RunId));
    }

    /// <summary>The files and folders that -Path means, whole. A pattern that finds none is an error too: nothing would be changed, as if all were well.</summary>
    private protected string[] Files(IEnumerable<string> paths) => [.. paths.SelectMany(path =>
    {
        try
        {
            var found = GetResolvedProviderPathFromPSPath(path, out _);
            return found.Count > 0 ? found : throw ChaosErrors.FileNotFound(path);
        }
        catch (ItemNotFoundException)
        {
            throw ChaosErrors.FileNotFound(GetUnresolvedProviderPathFromPSPath(path));
        }
    }).Distinct(StringComparer.Ordinal)];

    /// <summary>The workloads in files whose names match, with their kinds and namespaces; a name without wildcards stands for itself.</summary>
    private protected IReadOnlyList<(string? Kind, string? Namespace, string Name)> MatchFiles(string[] paths, string name, string? space)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name)) return [(null, space, name)];
        var pattern = new Wildcards([name]);
        return Run(TimeProvider.System, (log, _) => Task.FromResult(Load(paths, log).Match(pattern.Match, space)));
    }

    /// <summary>Warns of who else writes what a change writes, before anybody is asked about it.</summary>
    private protected void WarnOfOwners(Workload workload, ClusterOverlay change)
    {
        foreach (var sentence in Run((connection, log, stop) => WorkloadOwners.FindAsync(connection, workload, change, log, stop))) WriteWarning(sentence);
    }

    /// <summary>Makes a change in the cluster and waits for the rollout.</summary>
    private protected void Make(Func<WorkloadOperations, CancellationToken, Task<Workload>> change)
    {
        var (gate, statePath) = (Gate, ResolvePath(StatePath));
        var changed = Run(async (connection, log, stop) =>
        {
            _recovery ??= await RecoveryLog.CreateAsync(statePath, MyInvocation.MyCommand.Name, connection, stop);
            var operations = new WorkloadOperations(connection, new ChangeSet(connection, _recovery, log), gate, log);
            var workload = await change(operations, stop);
            return NoWait ? workload : await operations.WaitForRolloutAsync(workload, Timeout, stop);
        });
        if (PassThru) WriteObject(changed);
    }

    /// <summary>Makes a change in manifest files.</summary>
    /// <param name="paths">The files and folders.</param>
    /// <param name="kind">The workload's kind; null for any.</param>
    /// <param name="space">Its namespace; null for any.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">The change of the workload as a file has it.</param>
    /// <param name="text">The change in words.</param>
    private protected void ChangeInFiles(string[] paths, string? kind, string? space, string name, Func<Workload, ClusterOverlay> change, Func<Workload, string> text)
    {
        var plan = Run(TimeProvider.System, (log, _) => Task.FromResult(Load(paths, log).Plan(kind, space, name, change)));
        if (plan.IsEmpty)
        {
            WriteVerbose($"{plan.Target} says so already.");
            if (PassThru) WriteObject(plan.Workload);
            return;
        }

        var summary = text(plan.Workload);
        if (!ShouldProcess($"Performing the operation \"{summary}\" on target \"{plan.Target}\".", verboseWarning: null, caption: null, out var reason))
        {
            if (reason != ShouldProcessReason.WhatIf) return;
            foreach (var line in plan.Diff) WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
            return;
        }

        _recovery ??= RecoveryLog.CreateForFiles(ResolvePath(StatePath), MyInvocation.MyCommand.Name);
        Run(TimeProvider.System, (log, _) => plan.MakeAsync(_recovery, summary, log));
        if (PassThru) WriteObject(Run(TimeProvider.System, (log, _) => Task.FromResult(Load(paths, log).Plan(plan.Workload.Kind, space, name, static _ => new ClusterOverlay()).Workload)));
    }

    private WorkloadFiles Load(string[] paths, IChaosLog log) =>
        WorkloadFiles.Load(paths, SessionState.Path.CurrentFileSystemLocation.ProviderPath, Composer.Composition, log);

    private sealed class Silence : IChaosLog
    {
        public void Write(ChaosLogLevel level, string message)
        {
            // It is said when the change is asked about.
        }

        public void Progress(string activity, string status, int? percent, bool completed)
        {
            // Nothing goes on.
        }
    }
}
