using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Commands;

/// <summary>Begins a fault inside the machines of nodes. The machines themselves end it when its time is up; Stop-NodeFault ends it before.</summary>
/// <remarks>Nodes are asked about as they come; the fault begins on all of them together when no more come. Ctrl+C ends it on all of them.</remarks>
[Cmdlet(VerbsLifecycle.Start, "NodeFault", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(NodeFault))]
public sealed class StartNodeFaultCommand : NodeCommand
{
    private static readonly TimeSpan s_undoTimeout = TimeSpan.FromMinutes(20);

    private readonly List<(ClusterNode Node, ScaleSetInstance Machine)> _planned = [];
    private readonly List<(ClusterNode Node, ScaleSetInstance Machine)> _approved = [];
    private FaultSpec? _spec;
    private BlastGate? _gate;

    /// <summary>What goes wrong.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true)]
    [Parameter(ParameterSetName = ResourceIdSet, Mandatory = true)]
    [Parameter(ParameterSetName = InstanceSet, Mandatory = true)]
    public NodeFaultKind Fault { get; set; }

    /// <summary>How long, from one second to six hours: <c>30s</c>, <c>5m</c>, or a number of seconds. The machine itself keeps to it.</summary>
    [Parameter(Mandatory = true)]
    [Duration]
    public TimeSpan Duration { get; set; }

    /// <summary>Of Cpu how busy the processors are, of Memory and Disk how full it is: 100, 90 and 95 when it is left out.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? Percent { get; set; }

    /// <summary>Of Disk and DiskIO a directory of the file system that is meant, on the machine; the kubelet's when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Of Network how much later packets are sent, at most ten seconds: <c>200ms</c> when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Delay { get; set; }

    /// <summary>Of Network how much more or less than that: <c>50ms</c>; nothing when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Jitter { get; set; }

    /// <summary>Waits until the machines have ended the fault, and say so.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How many nodes may be down at once, counting those that are down already; a node with a fault is down.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxNodesDown { get; set; } = 1;

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _spec = Spec();
        }
        catch (ChaosException exception)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
        }
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var node in ResolveNodes()) Try(() => Approve(node), node);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (FaultLoss.Takes(Fault)) ShowForecast(new FaultLoss([.. _planned.Select(static it => it.Node.Name)], _spec!));
        if (_approved.Count == 0) return;
        var statePath = ResolvePath(StatePath);
        Run((connection, log, stop) => StartAsync(connection, statePath, log, stop));
    }

    private FaultSpec Spec()
    {
        Allow(nameof(Percent), NodeFaultKind.Cpu, NodeFaultKind.Memory, NodeFaultKind.Disk);
        Allow(nameof(Path), NodeFaultKind.Disk, NodeFaultKind.DiskIO);
        Allow(nameof(Delay), NodeFaultKind.Network);
        Allow(nameof(Jitter), NodeFaultKind.Network);
        var path = Path ?? FaultSpec.KubeletPath;
        return Fault switch
        {
            NodeFaultKind.Cpu => FaultSpec.Cpu(Duration, Percent ?? 100),
            NodeFaultKind.Memory => FaultSpec.Memory(Duration, Percent ?? 90),
            NodeFaultKind.Disk => FaultSpec.Disk(Duration, Percent ?? 95, path),
            NodeFaultKind.DiskIO => FaultSpec.DiskIO(Duration, path),
            NodeFaultKind.Network => FaultSpec.Network(Duration, Milliseconds(Delay, 200), Milliseconds(Jitter, 0)),
            _ => FaultSpec.Kubelet(Duration),
        };
    }

    private static int Milliseconds(TimeSpan? duration, int otherwise) => (int)(duration?.TotalMilliseconds is { } given ? Math.Min(given, int.MaxValue) : otherwise);

    private void Allow(string parameter, params NodeFaultKind[] faults)
    {
        if (MyInvocation.BoundParameters.ContainsKey(parameter) && !faults.Contains(Fault))
            throw ChaosErrors.FaultParameter(parameter, Fault, faults);
    }

    private void Approve(ClusterNode node)
    {
        if (_approved.Exists(approved => approved.Node.Name == node.Name)) return;
        var machine = Run((connection, _, stop) => connection.Power.GetInstanceAsync(node, stop));
        GuardedFaults.Check(Connection.Power, machine, node);
        var gate = _gate ??= OpenGate(MyInvocation.BoundParameters.ContainsKey(nameof(MaxNodesDown)) ? MaxNodesDown : null, StatePath);

        // Nothing has come of those that wait yet, and under -WhatIf nothing ever does: the rules are asked about all of them together.
        ScaleSetInstance[] targets = [.. _planned.Concat(_approved).Select(static it => it.Machine), machine];
        Run((_, log, stop) => gate.CheckTakenAsync(targets, log, stop));
        if (MayChange($"{node.Name} of {node.Cluster.Name} ({Connection.Power.FullName(machine.ResourceId)})", _spec!.ToString(), out var reason)) _approved.Add((node, machine));
        else if (reason == ShouldProcessReason.WhatIf) _planned.Add((node, machine));
    }

    private async Task StartAsync(ChaosConnection connection, string? statePath, CommandSink log, CancellationToken stop)
    {
        using var recovery = await RecoveryLog.CreateAsync(statePath, MyInvocation.MyCommand.Name, connection, stop);
        var changes = new ChangeSet(connection, recovery, log);
        var faults = new GuardedFaults(connection, changes, _gate!, log, held: true);
        var activity = _approved is [var only] ? $"{_spec} on {only.Node.Name}" : $"{_spec} on {_approved.Count} nodes";
        log.Progress(activity, "Waiting until it is there", null, completed: false);
        try
        {
            await connection.Time.WhenAllAsync([.. _approved.Index().Select(one => connection.Time.RunAsync(() => OneAsync(one.Index, one.Item.Node, one.Item.Machine)))]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await UndoAsync(connection, changes, log);
            throw;
        }
        finally
        {
            log.Progress(activity, "done", 100, completed: true);
        }

        if (!changes.Open) changes.End("Ended");

        async Task OneAsync(int place, ClusterNode node, ScaleSetInstance machine)
        {
            try
            {
                var fault = await faults.StartAsync(machine, _spec!, stop);
                if (Wait)
                {
                    log.Progress(activity, "Waiting until its time is up", null, completed: false);
                    fault = await faults.WaitAsync(fault, stop);
                }

                log.Result(place, fault);
            }
            catch (ChaosException exception)
            {
                log.Result(place, exception.ToErrorRecord(node));
            }
        }
    }

    /// <summary>Ends what has begun. The stop that leads here must not end it.</summary>
    private static async Task UndoAsync(ChaosConnection connection, ChangeSet changes, CommandSink log)
    {
        log.Write(ChaosLogLevel.Warning, "Interrupted: the fault is being ended wherever it has begun.");
        using var limit = new CancellationTokenSource(s_undoTimeout, connection.Time);
        var undo = await changes.UndoAsync(includeHeld: true, limit.Token);
        foreach (var sentence in undo.Steps.Concat(undo.Remaining)) log.Write(ChaosLogLevel.Warning, sentence);
        if (undo.Complete) changes.End("Interrupted");
    }
}
