using ChaosPS.Clusters;
using ChaosPS.Faults;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments.Azure;

/// <summary>
/// The actions of <c>chaosazure.vmss.actions</c> and <c>chaosazure.machine.actions</c> that run a script inside machines: on all of them at once, and until
/// each machine has ended the fault and says so.
/// </summary>
/// <remarks>
/// The scripts are ours, not the extension's: the machine itself ends each fault after the duration, whatever becomes of the run. A run that ends before
/// ends it.
/// </remarks>
internal sealed class FaultActivity : NativeActivity
{
    private const string DefaultPath = "/root/burn";

    private readonly bool _scaleSets;
    private readonly Func<ActivityArguments, TimeSpan, FaultSpec> _fault;

    private FaultActivity(
        bool scaleSets, string function, string help, int duration, Func<ActivityArguments, TimeSpan, FaultSpec> fault, params ActivityArgument[] more)
        : base(
            scaleSets ? "chaosazure.vmss.actions" : "chaosazure.machine.actions", function, ActivityKind.Action, help,
            [
                scaleSets ? ScaleSetTargets.Filter : AzureTargets.Filter("virtual machines", "aks-vmpool-00000001"),
                .. scaleSets ? [ScaleSetTargets.Criteria] : Array.Empty<ActivityArgument>(),
                new ActivityArgument("duration", ArgumentType.Integer, Required: false, $"how many seconds; {duration} when it is left out.", (long)duration),
                new ActivityArgument(
                    "timeout", ArgumentType.Integer, Required: false,
                    "how much longer the Chaos Toolkit waits for the script; it is not needed here, for the machine itself keeps to the duration.", 60L),
                .. more,
            ])
    {
        _scaleSets = scaleSets;
        _fault = fault;
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<NativeActivity> All => [.. Of(scaleSets: false), .. Of(scaleSets: true)];

    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        if (_scaleSets) ScaleSetTargets.Check(provider, findings);
        else AzureTargets.CheckFilter(provider, findings, "virtual machine");
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var arguments = new ActivityArguments(request.Activity, Arguments, request.Arguments);
        var fault = _fault(arguments, TimeSpan.FromSeconds(arguments.Number("duration")));
        var machines = _scaleSets
            ? await ScaleSetTargets.FindAsync(request, Function, cancellationToken)
            : await AzureTargets.FindMachinesAsync(request, Function, cancellationToken);
        var nodes = await request.Connection.Cluster.GetNodesAsync(cancellationToken);
        foreach (var machine in machines)
            GuardedFaults.Check(request.Connection.Power, machine, nodes.FirstOrDefault(node => string.Equals(node.ResourceId, machine.ResourceId, StringComparison.OrdinalIgnoreCase)));
        return [.. machines.Select(machine => new FaultTarget(request.Phase, request.Activity, fault, machine))];
    }

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var faults = new GuardedFaults(context.Connection, context.Changes, context.Gate, context.Log);
        var time = context.Connection.Time;
        Task<OrderedDictionary<string, object?>>[] all =
            [.. context.Targets.OfType<FaultTarget>().Select(target => time.RunAsync(() => RunAsync(faults, target, cancellationToken)))];
        await time.WhenAllAsync(all);
        return new OrderedDictionary<string, object?> { ["resources"] = (await Task.WhenAll(all)).ToArray<object?>() };
    }

    private static async Task<OrderedDictionary<string, object?>> RunAsync(GuardedFaults faults, FaultTarget target, CancellationToken cancellationToken)
    {
        var begun = await faults.StartAsync(target.Instance, target.Fault, cancellationToken);
        var ended = await faults.WaitAsync(begun, cancellationToken);
        return new OrderedDictionary<string, object?>
        {
            ["id"] = target.Instance.ResourceId,
            ["location"] = target.Instance.Location,
            ["name"] = target.Instance.Name,
            ["resourceGroup"] = AzureMachineId.TryParse(target.Instance.ResourceId, out var id) ? id.ResourceGroupName : null,
            ["type"] = (id?.VMScaleSetName is null ? AzureTargets.MachineType : "Microsoft.Compute/virtualMachineScaleSets/virtualMachines").ToLowerInvariant(),
            ["performed"] = target.Fault.ToString(),
            ["performed_at"] = begun.StartTime.ToUnixTimeSeconds(),
            ["ended_by"] = ended.EndedBy?.ToString(),
        };
    }

    private static IEnumerable<FaultActivity> Of(bool scaleSets)
    {
        var where = scaleSets ? "scale set instances" : "virtual machines";
        var percent = new ActivityArgument("percent", ArgumentType.Integer, Required: false, "how busy, 1 to 100; 100 when it is left out.", 100L);
        var path = new ActivityArgument(
            "path", ArgumentType.Text, Required: false, $"a file or directory in the file system that is meant; {DefaultPath} when it is left out.", DefaultPath);
        yield return new FaultActivity(
            scaleSets, "burn_io", $"Keeps the disks of {where} writing.", 60, static (arguments, duration) => FaultSpec.DiskIO(duration, arguments.Text("path")), path);
        yield return new FaultActivity(
            scaleSets, "fill_disk", $"Takes room on the disks of {where}.", 120,
            static (arguments, duration) => FaultSpec.DiskSize(duration, arguments.Number("size"), arguments.Text("path")),
            new ActivityArgument("size", ArgumentType.Integer, Required: false, "how many MiB; 1000 when it is left out.", 1000L), path);
        yield return new FaultActivity(
            scaleSets, "network_latency", $"Delays what {where} send.", 60,
            static (arguments, duration) => FaultSpec.Network(
                duration, arguments.Number("delay"), arguments.Has("jitter") ? arguments.Number("jitter") : Math.Min(arguments.Number("jitter"), arguments.Number("delay"))),
            new ActivityArgument("delay", ArgumentType.Integer, Required: false, "how many milliseconds; 200 when it is left out.", 200L),
            new ActivityArgument("jitter", ArgumentType.Integer, Required: false, "how many milliseconds more or less, no more than the delay; 50 when it is left out, or the delay where that is less.", 50L));
        yield return new FaultActivity(
            scaleSets, "stop_kubelet", $"Stops the kubelets of {where}; their containers go on.", 120, static (_, duration) => FaultSpec.Kubelet(duration));
        yield return Cpu("stress_cpu");
        yield return new FaultActivity(
            scaleSets, "stress_memory", $"Fills the memory of {where}.", 120, static (arguments, duration) => FaultSpec.Memory(duration, arguments.Number("percent")),
            percent with { Help = "how full, 1 to 100; 90 when it is left out.", Default = 90L });
        if (scaleSets) yield return Cpu("stress_vmss_instance_cpu", "chaosazure.vmss.actions.stress_cpu");

        FaultActivity Cpu(string function, string? replacement = null) => new(
            scaleSets, function, $"Keeps the processors of {where} busy.", 120, static (arguments, duration) => FaultSpec.Cpu(duration, arguments.Number("percent")), percent)
        {
            Replacement = replacement,
        };
    }
}
