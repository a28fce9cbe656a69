using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change workloads, one after the other, and wait for the rollout.</summary>
public abstract class WorkloadCommand : ClusterCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    private RecoveryLog? _recovery;
    private BlastGate? _gate;

    /// <summary>Names of workloads; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [Alias("WorkloadName")]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// The namespace; that of the kubeconfig's context when it is left out. Where the context has none, the name must be the only one of its kind.
    /// </summary>
    [Parameter(ParameterSetName = NameSet)]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>Workloads, or their distributions from Get-PodDistribution.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [Workload]
    [ValidateNotNullOrEmpty]
    public Workload[]? InputObject { get; set; }

    /// <summary>Returns as soon as the API has taken the change, without waiting for the rollout.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait for the rollout at most: <c>30s</c>, <c>5m</c>, <c>PT5M</c>, or a number of seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Writes each workload as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>The change in words, for <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    private protected abstract string ActionText(Workload workload);

    /// <summary>Refuses what cannot be done to the workload, before anybody is asked about it.</summary>
    private protected abstract void Check(BlastGate gate, Workload workload, IChaosLog log);

    /// <summary>Asks the server whether it would do it: <c>-WhatIf</c> shows what would be refused, too.</summary>
    private protected abstract Task RehearseAsync(ChaosConnection connection, Workload workload, CancellationToken stop);

    /// <summary>Makes the change.</summary>
    private protected abstract Task<Workload> ChangeAsync(WorkloadOperations operations, Workload workload, CancellationToken stop);

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var workload in Resolve()) Try(() => Change(workload));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    private void Change(Workload workload)
    {
        RequireSameCluster(workload.ToString(), workload.Cluster);
        _gate ??= OpenGate(maxNodesDown: null, StatePath);
        Run((_, log, stop) => CheckAsync(_gate, workload, log, stop));
        if (!MayChange($"{workload} of {workload.Cluster.Name}", ActionText(workload), out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) Run((connection, _, stop) => RehearseAsync(connection, workload, stop));
            return;
        }

        var statePath = ResolvePath(StatePath);
        var changed = Run((connection, log, stop) => ChangeAsync(connection, workload, statePath, log, stop));
        if (PassThru) WriteObject(changed);
    }

    private async Task<bool> CheckAsync(BlastGate gate, Workload workload, IChaosLog log, CancellationToken stop)
    {
        await gate.CheckAsync(workload, stop);
        Check(gate, workload, log);
        return true;
    }

    private async Task<Workload> ChangeAsync(ChaosConnection connection, Workload workload, string? statePath, CommandSink log, CancellationToken stop)
    {
        _recovery ??= await RecoveryLog.CreateAsync(statePath, MyInvocation.MyCommand.Name, connection, stop);
        var operations = new WorkloadOperations(connection, new ChangeSet(connection, _recovery, log), _gate!, log);
        var changed = await ChangeAsync(operations, workload, stop);
        return NoWait ? changed : await operations.WaitForRolloutAsync(changed, Timeout, stop);
    }

    /// <summary>The namespace to look in; null for all of them.</summary>
    private string? Space => Namespace ?? Connection.Namespace;

    private IReadOnlyList<Workload> Resolve()
    {
        if (InputObject is not null) return InputObject;
        var all = Run((connection, _, stop) => connection.Cluster.GetWorkloadsAsync(Space, stop));
        var found = new List<Workload>();
        foreach (var name in Name!) Try(() => found.AddRange(Find(name, all)));
        return found;
    }

    private Workload[] Find(string name, IReadOnlyList<Workload> all)
    {
        var pattern = new Wildcards([name]);
        Workload[] found = [.. all.Where(workload => pattern.Match(workload.Name))];
        if (WildcardPattern.ContainsWildcardCharacters(name)) return found;
        return found.Length switch
        {
            0 => throw ChaosErrors.WorkloadNotFound(name, Space, all.Select(static workload => workload.Name)),
            1 => found,
            _ => throw ChaosErrors.WorkloadAmbiguous(name, found.Select(static workload => workload.ToString())),
        };
    }
}
