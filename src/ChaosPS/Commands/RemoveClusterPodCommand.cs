using System.Management.Automation;
using System.Security.Cryptography;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Kills pods: all that match, or some of them at random. Their controllers make others.</summary>
/// <remarks>Pods are chosen when the last one has come through the pipeline; those that have ended, or are on their way out, do not count.</remarks>
[Cmdlet(VerbsCommon.Remove, "ClusterPod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RemovedPod))]
public sealed class RemoveClusterPodCommand : ClusterCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    private readonly List<ClusterPod> _pods = [];
    private RecoveryLog? _recovery;

    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0)]
    [Alias("PodName")]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Namespaces; wildcards are allowed, <c>*</c> for all. That of the kubeconfig's context when it is left out; where the context has none, all.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Namespace { get; set; }

    /// <summary>A label selector as kubectl takes it, such as <c>service=searchapi</c>.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Alias("Selector", "l")]
    [ValidateNotNullOrEmpty]
    public string? LabelSelector { get; set; }

    /// <summary>Names of nodes, wildcards allowed: only pods on them.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? NodeName { get; set; }

    /// <summary>Pods from Get-ClusterPod.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ClusterPod[]? InputObject { get; set; }

    /// <summary>How many of those that match. Left out: Fixed with -Count, FixedPercent with -Percent, otherwise All.</summary>
    [Parameter]
    public PodMode Mode { get; set; }

    /// <summary>How many, for the mode Fixed.</summary>
    [Parameter]
    [Alias("Quantity")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>The share, for the modes FixedPercent and RandomMaxPercent.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Percent { get; set; }

    /// <summary>What the chance comes from: one seed chooses the same of the same pods. Any other when it is left out.</summary>
    [Parameter]
    [Alias("SetSeed")]
    public int Seed { get; set; }

    /// <summary>Seconds between the termination signal and the kill, 0 for none; each pod's own when it is left out.</summary>
    [Parameter]
    [Alias("GracePeriod")]
    [ValidateRange(0, int.MaxValue)]
    public int GracePeriodSeconds { get; set; }

    /// <summary>Takes pods that nothing makes again; otherwise they are refused.</summary>
    [Parameter]
    public SwitchParameter IncludeUnmanaged { get; set; }

    /// <summary>Does nothing when no pod matches; otherwise that is an error.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>Writes what was deleted, with the seed of the choice.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>The namespaces to look in; null for all of them.</summary>
    private string[]? Spaces => Namespace ?? (Connection.Namespace is { } own ? [own] : null);

    private int? Grace => Bound(nameof(GracePeriodSeconds)) ? GracePeriodSeconds : null;

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var pod in InputObject ?? [])
        {
            Try(() =>
            {
                RequireSameCluster($"Pod {pod}", pod.Cluster);
                _pods.Add(pod);
            });
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        var choice = PodChoice.Of(
            Bound(nameof(Mode)) ? Mode : null, Bound(nameof(Count)) ? Count : null, Bound(nameof(Percent)) ? Percent : null,
            Bound(nameof(Seed)) ? Seed : RandomNumberGenerator.GetInt32(int.MaxValue));
        var found = ParameterSetName == NameSet ? Find() : _pods;
        ClusterPod[] alive = [.. found.Where(PodOperations.IsAlive)];
        if (alive.Length == 0)
        {
            if (!AllowEmpty) throw ChaosErrors.PodsNotFound(Wanted());
            WriteVerbose($"No pod {Wanted()}: nothing to do.");
            return;
        }

        var chosen = choice.Choose(alive);
        WriteVerbose($"{choice.Mode} of {alive.Length} pods with seed {choice.Seed}: {string.Join(", ", chosen)}");
        PodOperations.Check(chosen, IncludeUnmanaged);
        var gate = OpenGate(maxNodesDown: null, StatePath);
        Run((_, log, stop) => gate.CheckAsync(chosen, log, stop));
        foreach (var pod in chosen) Try(() => Remove(pod, choice, gate), pod);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _recovery?.Dispose();
        base.Dispose(disposing);
    }

    private void Remove(ClusterPod pod, PodChoice choice, BlastGate gate)
    {
        if (!MayChange($"{pod} of {pod.Cluster.Name}", "Delete pod", out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) Run((connection, _, stop) => connection.Cluster.DeletePodAsync(pod, Grace, dryRun: true, stop));
            return;
        }

        var statePath = ResolvePath(StatePath);
        var removed = Run(async (connection, log, stop) =>
        {
            _recovery ??= await RecoveryLog.CreateAsync(statePath, MyInvocation.MyCommand.Name, connection, stop);
            return await new PodOperations(connection, new ChangeSet(connection, _recovery, log), gate, log).DeleteAsync(pod, choice, Grace, stop);
        });
        if (PassThru) WriteObject(removed);
    }

    private List<ClusterPod> Find()
    {
        if (Name is null && LabelSelector is null && NodeName is null) throw ChaosErrors.PodSelectionMissing();
        var pods = Run((connection, _, stop) => connection.Cluster.GetPodsAsync(Namespaces.Single(Spaces), LabelSelector, stop));
        Wildcards names = new(Name), namespaces = new(Spaces), nodes = new(NodeName);
        List<ClusterPod> found = [.. pods.Where(pod => names.Match(pod.Name) && namespaces.Match(pod.Namespace) && nodes.Match(pod.NodeName))];
        if (found.Count == 0 || AllowEmpty) return found;
        foreach (var name in Wildcards.Missing(Name, found.Select(static pod => pod.Name))) Try(() => throw ChaosErrors.PodsNotFound($"is called {name}"));
        return found;
    }

    private string Wanted() => ParameterSetName == NameSet
        ? string.Join(" and ", new[]
        {
            Name is null ? null : $"is called {string.Join(" or ", Name)}",
            LabelSelector is null ? null : $"has the labels {LabelSelector}",
            NodeName is null ? null : $"is on {string.Join(" or ", NodeName)}",
            Spaces is null ? null : $"is in {string.Join(" or ", Spaces)}",
        }.OfType<string>())
        : "came through the pipeline";

    private bool Bound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
