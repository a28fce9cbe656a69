using System.Globalization;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>Writes down what happens in a simulation in the words of a timeline.</summary>
internal sealed class TransitionRecorder
{
    private readonly Dictionary<SimulatedObject, Dictionary<string, string>> _last = [];
    private readonly GeneratedNames _names = new();
    private readonly List<Transition> _written = [];

    public TransitionRecorder(ClusterSimulation simulation)
    {
        SimulatedObject[] present =
        [
            .. simulation.Nodes, .. simulation.Pods, .. simulation.Deployments, .. simulation.ReplicaSets, .. simulation.DisruptionBudgets,
            .. simulation.Services,
        ];
        foreach (var target in present) _last[target] = Fields(target);
        simulation.Changed += OnChanged;
    }

    public List<Transition> Transitions =>
        [.. _written.Select(it => it with { Object = _names.Replace(it.Object)!, Old = Rename(it.Field, it.Old), New = Rename(it.Field, it.New) })];

    /// <summary>With other names, endpoints have another order.</summary>
    private string? Rename(string field, string? value) => _names.Replace(value) is { } renamed && field == "eps"
        ? string.Join(", ", renamed.Split(", ").Order(StringComparer.Ordinal))
        : _names.Replace(value);

    private void OnChanged(ObjectChange change)
    {
        var (at, type, target) = change;
        if (target is SimulatedEvent written)
        {
            _written.Add(new Transition(
                at, $"{written.InvolvedObject.Kind}/{written.InvolvedObject.Name}", $"event {written.Type} {written.Reason} from={written.Component}", null,
                written.Message));
            return;
        }

        if (Kind(target) is not { } kind) return;
        var about = $"{kind} {target.Name}";
        var now = Fields(target);
        if (type == ChangeType.Modified)
        {
            var before = _last[target];
            foreach (var field in before.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
            {
                var (old, present) = (before.GetValueOrDefault(field), now.GetValueOrDefault(field));
                if (old != present) _written.Add(new Transition(at, about, field, old, present));
            }
        }
        else
        {
            if (type == ChangeType.Added) _names.Learn(kind, target.Name);
            _written.Add(new Transition(at, about, type == ChangeType.Added ? Transition.Added : Transition.Deleted, null, null));
        }

        _last[target] = now;
    }

    private static string? Kind(SimulatedObject target) => target switch
    {
        SimulatedNode => "node",
        SimulatedPod => "pod",
        SimulatedReplicaSet => "rs",
        SimulatedDeployment => "deploy",
        SimulatedDisruptionBudget => "pdb",
        SimulatedService => "epslice",
        _ => null,
    };

    private static Dictionary<string, string> Fields(SimulatedObject target)
    {
        Dictionary<string, string> fields = [];
        switch (target)
        {
            case SimulatedNode node:
                foreach (var condition in node.Conditions) fields[$"cond.{condition.Type}"] = $"{condition.Status} {condition.Reason}".TrimEnd();
                if (node.Taints.Count > 0) fields["taints"] = string.Join(", ", node.Taints.Select(taint => taint.ToString()).Order());
                if (node.Unschedulable) fields["unschedulable"] = "true";
                break;
            case SimulatedPod pod:
                foreach (var condition in pod.Conditions) fields[$"cond.{condition.Type}"] = $"{condition.Status} {condition.Reason}".TrimEnd();
                fields["phase"] = pod.Phase;
                fields["containersReady"] = string.Join(", ", pod.Containers.Select(container => container.Ready ? "true" : "false"));
                fields["restarts"] = string.Join(", ", pod.Containers.Select(container => container.RestartCount));
                if (pod.NodeName is not null) fields["node"] = pod.NodeName;
                if (pod.DeletionGracePeriodSeconds is { } grace) fields["deletion"] = $"{grace} s";
                break;
            case SimulatedReplicaSet set:
                Put("spec.replicas", set.Replicas, zero: true);
                Put("replicas", set.CurrentReplicas, zero: true);
                Put("readyReplicas", set.ReadyReplicas);
                Put("availableReplicas", set.AvailableReplicas);
                Put("observedGeneration", set.ObservedGeneration);
                break;
            case SimulatedDeployment deployment:
                Put("spec.replicas", deployment.Spec.Replicas, zero: true);
                Put("replicas", deployment.CurrentReplicas);
                Put("readyReplicas", deployment.ReadyReplicas);
                Put("availableReplicas", deployment.AvailableReplicas);
                Put("updatedReplicas", deployment.UpdatedReplicas);
                Put("unavailableReplicas", deployment.UnavailableReplicas);
                Put("observedGeneration", deployment.ObservedGeneration);
                foreach (var condition in deployment.Conditions) fields[$"cond.{condition.Type}"] = $"{condition.Status} {condition.Reason}";
                break;
            case SimulatedDisruptionBudget budget:
                Put("currentHealthy", budget.CurrentHealthy, zero: true);
                Put("desiredHealthy", budget.DesiredHealthy, zero: true);
                Put("expectedPods", budget.ExpectedPods, zero: true);
                Put("disruptionsAllowed", budget.DisruptionsAllowed, zero: true);
                if (budget.DisruptedPods.Count > 0) fields["disruptedPods"] = string.Join(", ", budget.DisruptedPods.Keys);
                break;
            case SimulatedService service:
                fields["eps"] = string.Join(", ", service.Endpoints.Select(it => $"{it.Pod.Name} r={it.Ready} s={it.Serving} t={it.Terminating}"));
                break;
        }

        return fields;

        // The API leaves most numbers out when they are zero.
        void Put(string field, long number, bool zero = false)
        {
            if (number != 0 || zero) fields[field] = number.ToString(CultureInfo.InvariantCulture);
        }
    }
}
