using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Tests.Fakes;

/// <summary>
/// Machines of one scale set with a node each. A power-off takes ten seconds and a start twenty; a started node is Ready, with a new heartbeat, five seconds
/// after that. A stopped node stays Ready, as a real one does at first.
/// </summary>
public sealed class FakeMachines : INodePower
{
    public const string ScaleSetId =
        "/subscriptions/s1/resourceGroups/MC_rg/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-vmss";

    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan BootTime = TimeSpan.FromSeconds(5);

    private static readonly ScaleSet s_scaleSet = new(ScaleSetId, "aks-nodepool1-vmss", "MC_rg", "s1", "westeurope");
    private readonly TimeProvider _clock;
    private readonly FakeCluster _cluster;

    public FakeMachines(TimeProvider clock, FakeCluster cluster, int count)
    {
        _clock = clock;
        _cluster = cluster;
        for (var id = 0; id < count; id++)
        {
            var instance = new ScaleSetInstance
            {
                ResourceId = $"{ScaleSetId}/virtualMachines/{id}",
                Name = $"aks-nodepool1-vmss_{id}",
                InstanceId = $"{id}",
                ComputerName = NodeName(id),
                ScaleSet = s_scaleSet,
                PowerState = PowerState.Running,
            };
            Instances.Add(instance);
            cluster.Nodes.Add(new ClusterNode
            {
                Name = NodeName(id),
                Cluster = FakeCluster.Identity,
                Ready = true,
                IsSystem = true,
                ResourceId = instance.ResourceId,
                Conditions = [FakeCluster.Condition(ready: true, clock.GetUtcNow())],
            });
        }
    }

    public List<ScaleSetInstance> Instances { get; } = [];

    /// <summary>Machines in no scale set.</summary>
    public List<ScaleSetInstance> VirtualMachines { get; } = [];

    /// <summary>Every changing call, in order: <c>PowerOff 0</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What the next changing calls fail with; one is taken a call.</summary>
    public Queue<ChaosException?> Failures { get; } = [];

    /// <summary>What the scripts of faults say at their end; by itself that a fault runs, and that one that is ended was running.</summary>
    internal Func<ScaleSetInstance, FaultScript, string> Scripts { get; set; } = static (_, script) => script.Fault is null
        ? new FaultReport("over", "running", "success", null).ToLine(script.Id)
        : new FaultReport("running", null, null, null).ToLine(script.Id);

    /// <summary>Called with each changing call before anything comes of it; what it returns is waited for.</summary>
    public Func<string, Task> OnCall { get; set; } = static _ => Task.CompletedTask;

    public static string NodeName(int id) => $"aks-nodepool1-vmss00000{id}";

    public AzureScope ScopeOf(string? subscription) => new(subscription, "AzureCloud", "t1");

    public Task<IReadOnlyList<string>> GetSubscriptionsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["s1"]);

    public Task<IReadOnlyList<ScaleSet>> FindScaleSetsAsync(string? filter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ScaleSet>>(filter is null || filter.Contains(s_scaleSet.Name, StringComparison.Ordinal) ? [s_scaleSet] : []);

    public Task<IReadOnlyList<AzureResource>> FindResourcesAsync(string type, string? filter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AzureResource>>([]);

    public Task<IReadOnlyList<ScaleSetInstance>> GetInstancesAsync(ScaleSet scaleSet, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ScaleSetInstance>>([.. Instances]);

    public Task<IReadOnlyList<ScaleSetInstance>> GetVirtualMachinesAsync(IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ScaleSetInstance>>([.. VirtualMachines]);

    public async Task<IPowerOperation> BeginAsync(ScaleSetInstance instance, PowerAction action, bool skipShutdown, CancellationToken cancellationToken)
    {
        var call = $"{action} {instance.InstanceId}";
        Calls.Add(call);
        await OnCall(call);
        if (Failures.TryDequeue(out var failure) && failure is not null) throw failure;
        var (passing, duration, end) = action switch
        {
            PowerAction.Start => (PowerState.Starting, StartTime, PowerState.Running),
            PowerAction.Deallocate => (PowerState.Deallocating, StopTime, PowerState.Deallocated),
            _ => (PowerState.Stopping, StopTime, PowerState.Stopped),
        };
        Set(instance, passing);
        _clock.CreateTimer(_ => Finish(instance, end), null, duration, Timeout.InfiniteTimeSpan);
        return new Operation(_clock, duration);
    }

    public async Task<IMachineScript> BeginScriptAsync(ScaleSetInstance instance, string script, CancellationToken cancellationToken)
    {
        var parsed = FaultScript.Parse(script)!;
        var call = $"{(parsed.Fault is null ? "EndFault" : $"{parsed.Fault.Fault}Fault")} {instance.InstanceId}";
        Calls.Add(call);
        await OnCall(call);
        if (Failures.TryDequeue(out var failure) && failure is not null) throw failure;
        return new Script(() => Scripts(instance, parsed));
    }

    public void Set(ScaleSetInstance instance, PowerState state)
    {
        var index = Instances.FindIndex(other => other.InstanceId == instance.InstanceId);
        Instances[index] = Instances[index] with { PowerState = state };
    }

    private void Finish(ScaleSetInstance instance, PowerState end)
    {
        Set(instance, end);
        if (end == PowerState.Running) _clock.CreateTimer(_ => Boot(instance), null, BootTime, Timeout.InfiniteTimeSpan);
    }

    private void Boot(ScaleSetInstance instance)
    {
        var index = _cluster.Nodes.FindIndex(node => node.ResourceId == instance.ResourceId);
        _cluster.Nodes[index] = _cluster.Nodes[index] with
        {
            Ready = true,
            Conditions = [FakeCluster.Condition(ready: true, _clock.GetUtcNow())],
        };
    }

    private sealed class Script(Func<string> output) : IMachineScript
    {
        public Task<MachineOutput> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(new MachineOutput(output(), "", "Enable succeeded:"));
    }

    private sealed class Operation(TimeProvider clock, TimeSpan duration) : IPowerOperation
    {
        public Task WaitAsync(CancellationToken cancellationToken) => clock.DelayAsync(duration, cancellationToken);
    }
}
