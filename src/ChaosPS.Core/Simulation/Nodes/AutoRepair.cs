using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Nodes;

/// <summary>What AKS does about nodes that stay unhealthy: it reboots the machine, then installs it anew, then moves it, and begins again.</summary>
/// <remarks>
/// Source: https://learn.microsoft.com/azure/aks/node-auto-repair : a node that is not ready for five minutes, within three rounds, unless it has the
/// taint of a machine that is off or one that the cluster autoscaler removes. How long the steps take is not published; here each takes as long as a
/// restart, and the next follows when the node is still not ready five minutes after. A machine that is off cannot be rebooted; the other steps are
/// taken to switch it on.
/// </remarks>
internal sealed class AutoRepair
{
    private const string Component = "aks-auto-repair";
    private const int Rounds = 3;

    private static readonly TimeSpan s_unhealthy = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);
    private static readonly string[] s_steps = ["Reboot", "Reimage", "Redeploy"];

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly MachineControl _machines;
    private readonly Dictionary<SimulatedNode, Case> _cases = [];

    public AutoRepair(ClusterState state, EventRecorder recorder, MachineControl machines)
    {
        _state = state;
        _recorder = recorder;
        _machines = machines;
        foreach (var node in state.Nodes) Note(node);
        state.Changed += change =>
        {
            if (change.Target is SimulatedNode node) Note(node);
        };
        state.Events.After(s_period * Mixing.Share(Mixing.Of(state.Options.Seed, Component)), Look);
    }

    private void Note(SimulatedNode node)
    {
        if (node.Ready || node.IsGone) _cases.Remove(node);
        else if (!_cases.ContainsKey(node)) _cases.Add(node, new Case { NotBefore = _state.Now + s_unhealthy });
    }

    private void Look()
    {
        foreach (var (node, open) in _cases.OrderBy(static it => it.Key.Order).ToArray())
        {
            if (_state.Now >= open.NotBefore && open.Steps < Rounds * s_steps.Length && MayRepair(node)) Repair(node, open);
        }

        _state.Events.After(s_period, Look);
    }

    private static bool MayRepair(SimulatedNode node)
    {
        if (node.Machine.IsDeleted || node.Machine.Operation is not null) return false;
        foreach (var taint in node.Taints)
        {
            if (taint.Key is NodeTaints.CloudShutdown or NodeTaints.Autoscaler) return false;
        }

        return true;
    }

    private void Repair(SimulatedNode node, Case open)
    {
        var step = s_steps[open.Steps++ % s_steps.Length];
        var isOn = node.Machine.IsOn;
        _recorder.Normal(node, $"Node{step}Start", $"Node auto-repair is initiating a {Verb(step)} action due to NotReady status persisting for more than 5 minutes.", Component);
        if (step == "Reboot" && !isOn)
        {
            _recorder.Warning(node, "NodeRebootError", "Node auto-repair reboot action failed due to an operation failure: the machine is not running.", Component);
            open.NotBefore = _state.Now + s_unhealthy;
            return;
        }

        var operation = _machines.Begin(node.Machine, isOn ? PowerAction.Restart : PowerAction.Start, skipShutdown: false, TimeSpan.Zero);
        open.NotBefore = operation.EndTime + s_unhealthy;
        _state.Events.At(operation.EndTime, () => _recorder.Normal(
            node, $"Node{step}End", $"{step} action from node auto-repair is completed.", Component));
    }

    private static string Verb(string step) => step switch { "Reboot" => "reboot", "Reimage" => "reimage", _ => "redeploy" };

    /// <summary>What was done about a node since it was last ready.</summary>
    private sealed class Case
    {
        public DateTimeOffset NotBefore { get; set; }

        public int Steps { get; set; }
    }
}
