using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>Runs pods until enough of them have succeeded, or too many have failed, or it takes too long.</summary>
/// <remarks>
/// Source: kubernetes/pkg/controller/job/job_controller.go (1.32): a look follows a pod's change after a second; a pod that is deleted before it
/// succeeds counts as failed and is replaced at once; a failed one is replaced after 10 s, doubling up to 10 min.
/// </remarks>
internal sealed class JobController
{
    private const string Component = "job-controller";
    private const string IndexLabel = "batch.kubernetes.io/job-completion-index";

    private static readonly TimeSpan s_batchPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromMinutes(10);

    private readonly ClusterState _state;
    private readonly EventRecorder _recorder;
    private readonly WorkQueue<SimulatedJob> _queue;
    private readonly WorkQueue<SimulatedJob> _batched;
    private readonly HashSet<SimulatedPod> _counted = [];

    public JobController(ClusterState state, EventRecorder recorder)
    {
        _state = state;
        _recorder = recorder;
        _queue = new WorkQueue<SimulatedJob>(state.Events, Latency, Sync);
        _batched = new WorkQueue<SimulatedJob>(state.Events, () => s_batchPeriod + Latency(), Sync);
        state.Changed += change =>
        {
            if (change.Target is SimulatedPod { Owner: SimulatedJob owner } pod)
            {
                if (change.Type == ChangeType.Deleted) Judge(owner, pod);
                _batched.Add(owner);
            }
            else if (change.Target is SimulatedJob { IsGone: false } job)
            {
                _queue.Add(job);
            }
        };
        foreach (var job in state.Jobs)
        {
            foreach (var pod in job.Pods)
            {
                if (pod.IsTerminal) _counted.Add(pod);
            }

            _queue.Add(job);
        }

        TimeSpan Latency() => state.Options.ControllerLatency.Draw(state.Chance);
    }

    private void Sync(SimulatedJob job)
    {
        if (job.IsGone) return;
        var before = Status(job);
        PodClaims.Update(_state, job);
        foreach (var pod in job.Pods) Judge(job, pod);
        Count(job);
        if (!job.Terminating && !job.IsFinished) Manage(job);
        if (before != Status(job)) _state.Touch(job);
    }

    private static (int, int, int, int, int, IReadOnlyList<PodCondition>, DateTimeOffset?) Status(SimulatedJob job) =>
        (job.Active, job.ReadyPods, job.TerminatingPods, job.Succeeded, job.Failed, job.Conditions, job.StartTime);

    /// <summary>Counts a pod that has come to its end, once. One that is deleted first has failed.</summary>
    private void Judge(SimulatedJob job, SimulatedPod pod)
    {
        if (!pod.IsTerminal && !pod.Terminating) return;
        if (!_counted.Add(pod)) return;
        if (pod.Phase == "Succeeded")
        {
            if (Index(pod) is { } index && !job.DoneIndexes.Add(index)) return;
            job.Succeeded++;
            job.Failures = default;
            return;
        }

        job.Failed++;
        var ready = pod.FindCondition("Ready");
        var ended = ready is { Status: "False" } ? ready.LastTransitionTime : _state.Now;
        job.Failures = (job.Failures.Count + 1, ended);
    }

    private static void Count(SimulatedJob job)
    {
        (job.Active, job.ReadyPods, job.TerminatingPods) = (0, 0, 0);
        foreach (var pod in job.Pods)
        {
            if (pod is { Terminating: true, IsTerminal: false }) job.TerminatingPods++;
            if (!pod.IsActive) continue;
            job.Active++;
            if (pod.Ready) job.ReadyPods++;
        }
    }

    private void Manage(SimulatedJob job)
    {
        var spec = job.Spec;
        if (job.StartTime is null && !spec.IsSuspended) Begin(job);
        if (job.Has("FailureTarget") || job.Has("SuccessCriteriaMet"))
        {
            Finish(job);
            return;
        }

        if (Failure(job) is var (reason, message))
        {
            Set(job, "FailureTarget", "True", reason, message);
            DeletePods(job, job.Active);
            Finish(job);
            return;
        }

        if (spec.Completions is { } wanted ? job.Succeeded >= wanted : job.Succeeded > 0 && job.Active == 0)
        {
            Set(job, "SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods");
            DeletePods(job, job.Active);
            Finish(job);
            return;
        }

        if (spec.IsSuspended) Suspend(job);
        else Fill(job);
    }

    private void Begin(SimulatedJob job)
    {
        job.StartTime = _state.Now;
        if (job.Has("Suspended"))
        {
            Set(job, "Suspended", "False", "JobResumed", "Job resumed");
            _recorder.Normal(job, "Resumed", "Job resumed", Component);
        }

        if (job.Spec.ActiveDeadlineSeconds is { } seconds) _queue.AddAt(job, _state.Now + TimeSpan.FromSeconds(seconds));
    }

    private void Suspend(SimulatedJob job)
    {
        DeletePods(job, job.Active);
        if (job.Has("Suspended")) return;
        job.StartTime = null;
        Set(job, "Suspended", "True", "JobSuspended", "Job suspended");
        _recorder.Normal(job, "Suspended", "Job suspended", Component);
    }

    private (string Reason, string Message)? Failure(SimulatedJob job)
    {
        if (job.Failed > job.Spec.BackoffLimit || HasRestartedTooOften(job)) return ("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        if (job.Spec.ActiveDeadlineSeconds is { } seconds && job.StartTime is { } start && _state.Now >= start + TimeSpan.FromSeconds(seconds))
            return ("DeadlineExceeded", "Job was active longer than specified deadline");
        return null;
    }

    /// <summary>Pods that are restarted in place do not fail; their restarts count instead.</summary>
    private static bool HasRestartedTooOften(SimulatedJob job)
    {
        if (job.Spec.PodSpec.RestartPolicy != RestartPolicy.OnFailure) return false;
        var restarts = 0;
        foreach (var pod in job.Pods)
        {
            if (pod.Phase is not ("Running" or "Pending")) continue;
            foreach (var container in pod.Containers) restarts += container.RestartCount;
        }

        return job.Spec.BackoffLimit == 0 ? restarts > 0 : restarts >= job.Spec.BackoffLimit;
    }

    private void Fill(SimulatedJob job)
    {
        var wanted = job.Spec.Completions is { } completions
            ? Math.Min(completions - job.Succeeded, job.Spec.Parallelism)
            : job.Succeeded > 0 ? Math.Min(job.Active, job.Spec.Parallelism) : job.Spec.Parallelism;
        if (job.Active > wanted)
        {
            DeletePods(job, job.Active - wanted);
        }
        else if (job.Active < wanted)
        {
            if (NextStart(job) is { } at && at > _state.Now) _queue.AddAt(job, at);
            else CreatePods(job, wanted - job.Active);
        }
    }

    private static DateTimeOffset? NextStart(SimulatedJob job)
    {
        var (failures, last) = job.Failures;
        if (failures == 0) return null;
        var pause = s_firstBackoff * Math.Pow(2, Math.Min(failures - 1, 10));
        return last + (pause < s_longestBackoff ? pause : s_longestBackoff);
    }

    private void CreatePods(SimulatedJob job, int count)
    {
        var free = job.Spec.IsIndexed ? FreeIndexes(job) : [];
        for (var i = 0; i < count; i++)
        {
            var index = job.Spec.IsIndexed ? free[i].ToString(CultureInfo.InvariantCulture) : null;
            string name;
            do name = $"{job.Name}-{(index is null ? "" : $"{index}-")}{SafeText.Draw(_state.Chance, 5)}";
            while (_state.FindPod(job.Namespace, name) is not null);
            Dictionary<string, string> labels = new(job.Spec.PodLabels)
            {
                [SimulatedJob.ControllerUidLabel] = job.Uid,
                ["batch.kubernetes.io/job-name"] = job.Name,
                ["controller-uid"] = job.Uid,
                ["job-name"] = job.Name,
            };
            if (index is not null) labels[IndexLabel] = index;
            _state.AddPod(job.Namespace, name, labels, job.Spec.PodSpec, job);
            job.Active++;
            _recorder.Normal(job, "SuccessfulCreate", $"Created pod: {name}", Component);
        }
    }

    private static List<int> FreeIndexes(SimulatedJob job)
    {
        HashSet<int> taken = [.. job.DoneIndexes];
        foreach (var pod in job.Pods)
        {
            if (pod.IsActive && Index(pod) is { } index) taken.Add(index);
        }

        return [.. Enumerable.Range(0, job.Spec.Completions ?? 0).Where(index => !taken.Contains(index))];
    }

    private static int? Index(SimulatedPod pod) =>
        pod.Labels.TryGetValue(IndexLabel, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>Deletes so many of the active pods, those that have come least far first.</summary>
    private void DeletePods(SimulatedJob job, int count)
    {
        if (count <= 0) return;
        List<SimulatedPod> active = [.. job.Pods.Where(static pod => pod.IsActive)];
        foreach (var pod in active.OrderBy(static pod => (pod.NodeName is not null, pod.Ready, -pod.CreationTimestamp.UtcTicks)).Take(count))
        {
            // The controller does not blame a Job for pods that it takes away itself.
            _counted.Add(pod);
            _state.Delete(pod);
            job.Active--;
            _recorder.Normal(job, "SuccessfulDelete", $"Deleted pod: {pod.Name}", Component);
        }
    }

    /// <summary>The end is written when no pod is left that still ends.</summary>
    private void Finish(SimulatedJob job)
    {
        foreach (var pod in job.Pods)
        {
            if (!pod.IsTerminal) return;
        }

        if (job.Conditions.FirstOrDefault(static it => it.Type == "FailureTarget") is { } failure)
        {
            Set(job, "Failed", "True", failure.Reason, failure.Message);
            _recorder.Warning(job, failure.Reason, failure.Message, Component);
        }
        else
        {
            var success = job.Conditions.First(static it => it.Type == "SuccessCriteriaMet");
            job.CompletionTime = _state.Now;
            Set(job, "Complete", "True", success.Reason, success.Message);
            _recorder.Normal(job, "Completed", "Job completed", Component);
        }

        if (job.Spec.TtlSecondsAfterFinished is not { } seconds) return;
        _state.Events.After(TimeSpan.FromSeconds(seconds), () =>
        {
            if (!job.IsGone) _state.Delete(job, DeletionPropagation.Foreground);
        });
    }

    private void Set(SimulatedJob job, string type, string status, string reason, string message) => job.Conditions =
    [
        .. job.Conditions.Where(condition => condition.Type != type), new PodCondition(type, status, reason, message, _state.Now),
    ];
}
