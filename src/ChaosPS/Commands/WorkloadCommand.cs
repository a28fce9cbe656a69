using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that change workloads by name, one after the other, in the cluster or in manifest files.</summary>
public abstract class WorkloadCommand : WorkloadChangeCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of workloads; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [Alias("WorkloadName")]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>
    /// The namespace; that of the kubeconfig's context when it is left out. Where the context has none, and in files, the name must be the only one of its kind.
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

    /// <summary>The change in words, for <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    private protected abstract string ActionText(Workload workload);

    /// <summary>Refuses what cannot be done to the workload, before anybody is asked about it.</summary>
    /// <param name="gate">What may be hit; null in files, where nothing runs.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="log">Is told of what may surprise.</param>
    private protected abstract void Check(BlastGate? gate, Workload workload, IChaosLog log);

    /// <summary>The change of a workload that a file describes.</summary>
    private protected abstract Resilience.ClusterOverlay FileChange(Workload workload);

    /// <summary>Asks the server whether it would do it: <c>-WhatIf</c> shows what would be refused, too.</summary>
    private protected abstract Task RehearseAsync(ChaosConnection connection, Workload workload, CancellationToken stop);

    /// <summary>Makes the change.</summary>
    private protected abstract Task<Workload> ChangeAsync(WorkloadOperations operations, Workload workload, CancellationToken stop);

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Path is not null)
        {
            var paths = Files(Path);
            if (InputObject is not null)
            {
                foreach (var workload in InputObject) Try(() => ChangeInFiles(paths, workload.Kind, workload.Namespace, workload.Name, FileChangeOf, ActionText));
                return;
            }

            foreach (var pattern in Name!)
            {
                Try(() =>
                {
                    foreach (var (kind, space, name) in MatchFiles(paths, pattern, Namespace)) Try(() => ChangeInFiles(paths, kind, space, name, FileChangeOf, ActionText));
                });
            }

            return;
        }

        foreach (var workload in Resolve()) Try(() => Change(workload));
    }

    private Resilience.ClusterOverlay FileChangeOf(Workload workload)
    {
        if (workload.PodSpec.Containers.Count > 0) Check(null, workload, Quiet); // of a template nothing is known
        return FileChange(workload);
    }

    private void Change(Workload workload)
    {
        RequireSameCluster(workload.ToString(), workload.Cluster);
        var gate = Gate;
        Run((_, log, stop) => CheckAsync(gate, workload, log, stop));
        WarnOfOwners(workload, FileChange(workload));
        WarnOfHitch(workload);
        if (!MayChange($"{workload} of {workload.Cluster.Name}", ActionText(workload), out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) Run((connection, _, stop) => RehearseAsync(connection, workload, stop));
            return;
        }

        Make((operations, stop) => ChangeAsync(operations, workload, stop));
    }

    /// <summary>Warns of a rollout that does not end in a simulation, before anybody is asked about the change.</summary>
    private void WarnOfHitch(Workload workload)
    {
        var hitch = Run((connection, log, stop) => Resilience.RolloutForecast.FindHitchAsync(connection, FileChange(workload), log, stop));
        if (hitch is not null) WriteWarning($"The rollout of {workload} would not end as the cluster is: {hitch.TrimEnd('.')}. Get-ResilienceFix finds a change whose rollout does.");
    }

    private async Task<bool> CheckAsync(BlastGate gate, Workload workload, IChaosLog log, CancellationToken stop)
    {
        await gate.CheckAsync(workload, stop);
        Check(gate, workload, log);
        return true;
    }

    /// <summary>The namespace to look in; null for all of them.</summary>
    private string? Space => Namespace ?? Connection.Namespace;

    private Workload[] Resolve()
    {
        if (InputObject is not null) return InputObject;
        var all = Run((connection, _, stop) => connection.Cluster.GetWorkloadsAsync(Space, stop));
        var found = new List<Workload>();
        foreach (var name in Name!) Try(() => found.AddRange(Find(name, all)));
        return [.. found.DistinctBy(static workload => (workload.Kind, workload.Namespace, workload.Name))];
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
