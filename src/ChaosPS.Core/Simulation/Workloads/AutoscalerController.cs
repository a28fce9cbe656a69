using System.Globalization;

namespace ChaosPS.Simulation.Workloads;

/// <summary>Sets the replicas of workloads by the use of CPU that was stated, within their bounds.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/podautoscaler (horizontal.go, replica_calculator.go) and its defaults: a look every 15 s, a tolerance of 10 %, up
/// by four or to the double at once, down only to what was wanted all through the last five minutes.
/// </remarks>
internal sealed class AutoscalerController
{
    private const string Component = "horizontal-pod-autoscaler";
    private const double Tolerance = 0.1;
    private const int MaxStep = 4;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_stabilization = TimeSpan.FromMinutes(5);

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;

    public AutoscalerController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        foreach (var autoscaler in state.Autoscalers) Plan(autoscaler, s_period * Mixing.Share(Mixing.Of(state.Options.Seed, autoscaler.Uid)));
        state.Changed += change =>
        {
            if (change is { Type: ChangeType.Added, Target: SimulatedAutoscaler made }) Plan(made, state.Options.ControllerLatency.Draw(state.Chance));
        };
    }

    private void Plan(SimulatedAutoscaler autoscaler, TimeSpan delay) => _state.Events.After(delay, () =>
    {
        if (autoscaler.IsGone) return;
        Sync(autoscaler);
        Plan(autoscaler, s_period);
    });

    private void Sync(SimulatedAutoscaler autoscaler)
    {
        var before = Status(autoscaler);
        var spec = autoscaler.Spec;
        if (FindTarget(autoscaler) is not { } target)
        {
            var message = $"the HPA controller was unable to get the target's current scale: {Plural(spec.TargetKind)} \"{spec.TargetName}\" not found";
            Set(autoscaler, "AbleToScale", "False", "FailedGetScale", message);
            _recorder.Warning(autoscaler, "FailedGetScale", message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..], Component);
        }
        else
        {
            Scale(autoscaler, target);
        }

        if (before != Status(autoscaler)) _state.Touch(autoscaler);
    }

    private static (int, int, int?, DateTimeOffset?, IReadOnlyList<PodCondition>) Status(SimulatedAutoscaler autoscaler) => (
        autoscaler.CurrentReplicas, autoscaler.DesiredReplicas, autoscaler.CurrentCpuUtilization, autoscaler.LastScaleTime, autoscaler.Conditions);

    private void Scale(SimulatedAutoscaler autoscaler, SimulatedPodOwner target)
    {
        var spec = autoscaler.Spec;
        var current = Replicas(target);
        autoscaler.CurrentReplicas = current;
        Set(autoscaler, "AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        var (desired, reason) = (current, "");
        if (current == 0)
        {
            Set(autoscaler, "ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
        }
        else if (current > spec.MaxReplicas)
        {
            (desired, reason) = (spec.MaxReplicas, "Current number of replicas above Spec.MaxReplicas");
        }
        else if (current < spec.MinReplicas)
        {
            (desired, reason) = (spec.MinReplicas, "Current number of replicas below Spec.MinReplicas");
        }
        else if (Measure(autoscaler, target, current) is { } wanted)
        {
            desired = Limit(autoscaler, current, wanted);
            reason = desired > current ? "cpu resource utilization (percentage of request) above target" : "All metrics below target";
        }

        autoscaler.DesiredReplicas = desired;
        if (desired == current) return;
        SetReplicas(target, desired);
        autoscaler.LastScaleTime = _state.Now;
        Set(autoscaler, "AbleToScale", "True", "SucceededRescale", string.Create(
            CultureInfo.InvariantCulture, $"the HPA controller was able to update the target scale to {desired}"));
        _recorder.Normal(autoscaler, "SuccessfulRescale", string.Create(CultureInfo.InvariantCulture, $"New size: {desired}; reason: {reason}"), Component);
    }

    /// <summary>The replicas that the use of CPU asks for; null when it is not known.</summary>
    private int? Measure(SimulatedAutoscaler autoscaler, SimulatedPodOwner target, int current)
    {
        var (ready, others) = (0, 0);
        var (readyRequests, requests) = (0L, 0L);
        foreach (var pod in PodsOf(target))
        {
            if (!pod.IsActive) continue;
            requests += pod.Requests.MilliCpu;
            if (pod.Ready)
            {
                ready++;
                readyRequests += pod.Requests.MilliCpu;
            }
            else
            {
                others++;
            }
        }

        if (autoscaler.CpuUse is not { } use || autoscaler.Spec.CpuUtilization is not { } wanted || readyRequests == 0)
        {
            const string Missing = "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
            autoscaler.CurrentCpuUtilization = null;
            Set(autoscaler, "ScalingActive", "False", "FailedGetResourceMetric", $"the HPA was unable to compute the replica count: {Missing}");
            _recorder.Warning(autoscaler, "FailedGetResourceMetric", Missing, Component);
            return null;
        }

        Set(
            autoscaler, "ScalingActive", "True", "ValidMetricFound",
            "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)");
        autoscaler.CurrentCpuUtilization = (int)(use * 100 / readyRequests);
        var ratio = (double)autoscaler.CurrentCpuUtilization.Value / wanted;
        if (Math.Abs(ratio - 1) <= Tolerance) return current;
        if (others == 0 || ratio < 1) return (int)Math.Ceiling(ratio * ready);

        // Pods that are not ready yet will take their part of the load: no more are asked for on their account.
        var later = (double)(use * 100 / requests) / wanted;
        return later <= 1 + Tolerance ? current : Math.Max(current, (int)Math.Ceiling(later * (ready + others)));
    }

    private int Limit(SimulatedAutoscaler autoscaler, int current, int wanted)
    {
        var spec = autoscaler.Spec;
        autoscaler.Recommendations.Add((_state.Now, wanted));
        autoscaler.Recommendations.RemoveAll(it => it.At < _state.Now - s_stabilization);
        var stable = wanted;
        if (wanted < current)
        {
            foreach (var (_, replicas) in autoscaler.Recommendations) stable = Math.Max(stable, Math.Min(replicas, current));
        }

        var most = Math.Min(spec.MaxReplicas, Math.Max(current * 2, current + MaxStep));
        if (stable > most)
        {
            var reason = most == spec.MaxReplicas ? "TooManyReplicas" : "ScaleUpLimit";
            Set(autoscaler, "ScalingLimited", "True", reason, most == spec.MaxReplicas
                ? "the desired replica count is more than the maximum replica count"
                : "the desired replica count is increasing faster than the maximum scale rate");
            return most;
        }

        if (stable < spec.MinReplicas)
        {
            Set(autoscaler, "ScalingLimited", "True", "TooFewReplicas", "the desired replica count is less than the minimum replica count");
            return spec.MinReplicas;
        }

        Set(autoscaler, "ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range");
        return stable;
    }

    private SimulatedPodOwner? FindTarget(SimulatedAutoscaler autoscaler) => autoscaler.Spec.TargetKind switch
    {
        "Deployment" => _state.FindDeployment(autoscaler.Namespace, autoscaler.Spec.TargetName),
        "ReplicaSet" => _state.FindReplicaSet(autoscaler.Namespace, autoscaler.Spec.TargetName),
        "StatefulSet" => _state.FindWorkload(autoscaler.Namespace, "StatefulSet", autoscaler.Spec.TargetName),
        _ => null,
    };

    private static string Plural(string kind) => $"{kind.ToLowerInvariant()}s.apps";

    private static IEnumerable<SimulatedPod> PodsOf(SimulatedPodOwner target) =>
        target is SimulatedDeployment deployment ? deployment.ReplicaSets.SelectMany(static replicaSet => replicaSet.Pods) : target.Pods;

    private static int Replicas(SimulatedPodOwner target) => target switch
    {
        SimulatedWorkload workload => workload.Spec.Replicas,
        SimulatedReplicaSet replicaSet => replicaSet.Replicas,
        _ => 0,
    };

    private void SetReplicas(SimulatedPodOwner target, int replicas)
    {
        if (target is SimulatedWorkload workload) workload.Spec = workload.Spec with { Replicas = replicas };
        else if (target is SimulatedReplicaSet replicaSet) replicaSet.Replicas = replicas;
        target.Generation++;
        _state.Touch(target);
    }

    private void Set(SimulatedAutoscaler autoscaler, string type, string status, string reason, string message)
    {
        var old = autoscaler.Conditions.FirstOrDefault(condition => condition.Type == type);
        var condition = new PodCondition(type, status, reason, message, old?.Status == status ? old.LastTransitionTime : _state.Now);
        if (condition == old) return;
        autoscaler.Conditions = old is null ? [.. autoscaler.Conditions, condition] : [.. autoscaler.Conditions.Select(it => it == old ? condition : it)];
    }
}
