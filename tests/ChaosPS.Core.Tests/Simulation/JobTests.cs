using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

/// <summary>Jobs. Sources: https://kubernetes.io/docs/concepts/workloads/controllers/job/ and kubernetes/pkg/controller/job/job_controller.go (1.32).</summary>
public sealed class JobTests
{
    private static readonly ClusterIdentity s_identity = new("test", "https://test.invalid", "test");

    private static JobSpec Job(string spec, string annotations = "{\"chaosps/run-seconds\":\"20\"}")
    {
        using var json = JsonDocument.Parse($$"""
            {
              "kind": "Job", "metadata": {"name": "work", "namespace": "contactsapp"},
              "spec": { {{spec}}
                "template": {
                  "metadata": {"labels": {"app": "work"}, "annotations": {{annotations}}},
                  "spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "demo:1"}]}
                }
              }
            }
            """);
        return KubernetesReader.ReadJob(json.RootElement, s_identity);
    }

    private static ClusterSimulation Cluster() => TestCluster.WithNodes(3).Simulate(1);

    private static List<SimulatedPod> Pods(ClusterSimulation simulation) => [.. simulation.Pods.Where(pod => pod.OwnerKind == "Job")];

    [Fact]
    public void A_job_runs_one_pod_and_is_complete()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job(""));
        simulation.Run(10);
        Assert.Equal((1, 1, 0), (job.Active, job.ReadyPods, job.Succeeded));
        var pod = Assert.Single(Pods(simulation));
        Assert.Equal(("work", job.Uid), (pod.Labels["batch.kubernetes.io/job-name"], pod.Labels["batch.kubernetes.io/controller-uid"]));
        simulation.Run(20);
        Assert.Equal((0, 1, true), (job.Active, job.Succeeded, job.IsFinished));
        Assert.Equal(["SuccessCriteriaMet", "Complete"], job.Conditions.Select(condition => condition.Type));
        Assert.InRange((job.CompletionTime - job.StartTime)!.Value.TotalSeconds, 21, 26);
        Assert.Equal(("Succeeded", false), (pod.Phase, pod.Ready));
        Assert.Equal("PodCompleted", pod.FindCondition("Ready")!.Reason);

        // What has ended takes no room, but its object stays.
        Assert.Equal(0, simulation.Node(pod.NodeName!).Pods.Where(it => it == pod).Sum(it => it.TakesRoom ? 1 : 0));
        Assert.Equal(["Completed"], simulation.Events.Where(e => e.InvolvedObject == job).Select(e => e.Reason).Skip(1));
    }

    [Fact]
    public void Completions_are_worked_off_so_many_at_once()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("\"completions\": 5, \"parallelism\": 2,"));
        var most = 0;
        simulation.RunUntil(() =>
        {
            most = Math.Max(most, Pods(simulation).Count(pod => pod.IsActive));
            return job.IsFinished;
        });
        Assert.Equal((5, 2, 5), (job.Succeeded, most, Pods(simulation).Count));
    }

    [Fact]
    public void Indexed_pods_have_a_number_each()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("\"completions\": 3, \"parallelism\": 3, \"completionMode\": \"Indexed\","));
        simulation.Run(60);
        Assert.Equal([0, 1, 2], job.CompletedIndexes);
        Assert.Equal(["work-0-", "work-1-", "work-2-"], Pods(simulation).Select(pod => pod.Name[..7]).Order());
    }

    [Fact]
    public void Failures_are_repeated_after_growing_pauses_until_the_limit()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("\"backoffLimit\": 2,", "{\"chaosps/run-seconds\":\"1\",\"chaosps/exit-code\":\"3\"}"));
        simulation.RunUntil(() => job.IsFinished);
        var created = Pods(simulation).Select(pod => pod.CreationTimestamp).Order().ToList();
        Assert.Equal((3, 3), (job.Failed, created.Count));
        Assert.InRange((created[1] - created[0]).TotalSeconds, 12, 16);
        Assert.InRange((created[2] - created[1]).TotalSeconds, 21, 26);
        Assert.Equal("BackoffLimitExceeded", job.Conditions.Single(condition => condition.Type == "Failed").Reason);
        Assert.Null(job.CompletionTime);
    }

    [Fact]
    public void A_job_that_takes_too_long_fails_and_its_pods_go()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("\"activeDeadlineSeconds\": 8,"));
        simulation.Run(15);
        Assert.Equal("DeadlineExceeded", job.Conditions.Single(condition => condition.Type == "Failed").Reason);
        Assert.Empty(Pods(simulation));
    }

    [Fact]
    public void A_suspended_job_has_no_pods_until_it_is_resumed()
    {
        var simulation = Cluster();
        var spec = Job("\"suspend\": true,");
        var job = simulation.Apply(spec);
        simulation.Run(10);
        Assert.Empty(Pods(simulation));
        Assert.Null(job.StartTime);
        simulation.Apply(spec with { IsSuspended = false });
        simulation.Run(40);
        Assert.True(job.IsFinished);
        Assert.Equal("JobResumed", job.Conditions.Single(condition => condition.Type == "Suspended").Reason);
    }

    [Fact]
    public void A_pod_on_a_dead_node_is_replaced_when_the_taint_evicts_it()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("", "{\"chaosps/run-seconds\":\"400\"}"));
        simulation.Run(10);
        var pod = Assert.Single(Pods(simulation));
        simulation.Begin(simulation.Node(pod.NodeName!), PowerAction.PowerOff);
        simulation.Run(300);
        Assert.Single(Pods(simulation));
        simulation.Run(70);
        Assert.Equal((1, 1, 1), (job.Active, job.Failed, job.TerminatingPods));
        simulation.RunUntil(() => job.Succeeded == 1);

        // The end is not written before the old pod is gone.
        simulation.Run(10);
        Assert.False(job.IsFinished);
        simulation.Begin(simulation.Node(pod.NodeName!), PowerAction.Start);
        simulation.Run(60);
        Assert.True(job.IsFinished);
    }

    [Fact]
    public void A_finished_job_is_deleted_after_its_time_to_live_with_its_pods()
    {
        var simulation = Cluster();
        var job = simulation.Apply(Job("\"ttlSecondsAfterFinished\": 30,"));
        simulation.RunUntil(() => job.IsFinished);
        simulation.Run(29);
        Assert.Single(simulation.Jobs);
        simulation.Run(5);
        Assert.Empty(simulation.Jobs);
        Assert.Empty(Pods(simulation));
    }

    [Fact]
    public void Containers_that_are_restarted_always_wait_longer_each_time()
    {
        var simulation = Cluster();
        simulation.CreatePod("contactsapp", "crashing", new Dictionary<string, string>(), TestCluster.Spec() with { RunTime = TimeSpan.FromSeconds(1), ExitCode = 1 });
        var pod = simulation.FindPod("contactsapp", "crashing")!;
        simulation.RunUntil(() => pod.Containers is [{ Reason: "CrashLoopBackOff" }]);
        Assert.Equal((1, false, "Running"), (pod.Containers[0].RestartCount, pod.Ready, pod.Phase));
        var first = simulation.Now;
        simulation.RunUntil(() => pod.Containers is [{ RestartCount: 2 }]);
        Assert.InRange((simulation.Now - first).TotalSeconds, 11.9, 13);
    }
}
