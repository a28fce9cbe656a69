using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Core.Tests.Clusters;

public sealed class KubernetesReaderPodTests
{
    private static ClusterPod[] Pods(string recording) =>
        [.. Recording.Read(recording).GetProperty("items").EnumerateArray().Select(item => KubernetesReader.ReadPod(item, Recording.Cluster, Recording.Now))];

    private static ClusterPod Pod(string status, string spec = """{"containers":[{"name":"a"},{"name":"b"}]}""", string metadata = "") =>
        KubernetesReader.ReadPod(
            Recording.Json($$"""{"metadata":{"name":"p","namespace":"n"{{metadata}}},"spec":{{spec}},"status":{{status}}}"""),
            Recording.Cluster, Recording.Now);

    [Fact]
    public void Ready_status_restarts_and_node_are_those_that_the_server_prints()
    {
        var rows = Recording.Read("pods-table-terminating").GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("cells"));

        Assert.Equal(
            rows.Select(cells => string.Join(' ', new[] { 0, 1, 2, 3, 5, 6 }.Select(column => cells[column].GetString()))),
            Pods("pods-list-terminating").Select(pod => string.Create(
                CultureInfo.InvariantCulture,
                $"{pod.Name} {pod.ReadyContainers}/{pod.Containers} {pod.Status} {pod.Restarts} {pod.PodIP} {pod.NodeName}")));
    }

    [Fact]
    public void A_pod_of_a_dead_node_is_not_ready_while_its_containers_still_count_as_ready()
    {
        var pod = Pods("pods-list-terminating").Single(pod => pod.Name == "db-0");

        Assert.False(pod.Ready);
        Assert.Equal(1, pod.ReadyContainers);
        Assert.True(pod.Terminating);
        Assert.Equal("Running", pod.Phase);
        Assert.Equal(("StatefulSet", "db"), (pod.OwnerKind, pod.OwnerName));
    }

    [Fact]
    public void A_bare_pod_has_no_owner() => Assert.Null(Pods("pods-list-terminating").Single(pod => pod.Name == "bare").OwnerKind);

    [Fact]
    public void The_tolerations_of_admission_are_left_out_and_those_of_the_daemon_set_controller_are_kept()
    {
        var pods = Pods("pods-list-terminating");

        Assert.Empty(pods.First(pod => pod.OwnerKind == "ReplicaSet" && pod.Name.StartsWith("frontend", StringComparison.Ordinal)).Spec.Tolerations);
        Assert.Equal(6, pods.First(pod => pod.OwnerKind == "DaemonSet").Spec.Tolerations.Count);
    }

    [Fact]
    public void An_unschedulable_pod_says_why_in_the_schedulers_words_and_what_it_wants()
    {
        var pod = Assert.Single(Pods("pod-unschedulable"));

        Assert.StartsWith("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", pod.UnschedulableReason, StringComparison.Ordinal);
        Assert.Null(pod.NodeName);
        Assert.Equal("Pending", pod.Status);
        var term = Assert.Single(pod.Spec.Affinity.RequiredAntiPods);
        Assert.Equal(("kubernetes.io/hostname", "x=spread", 0), (term.TopologyKey, term.Selector?.ToString(), term.Weight));
    }

    [Theory]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}""", "ImagePullBackOff", 0)]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}}},{"name":"b","ready":true,"restartCount":1,"state":{"running":{}}}]}""", "CrashLoopBackOff", 5)]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}}]}""", "Completed", 0)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "Running", 0)]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}},{"name":"b","ready":true,"state":{"running":{}}}]}""", "NotReady", 0)]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]}""", "ExitCode:3", 0)]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}""", "Signal:9", 0)]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "Evicted", 0)]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""", "SchedulingGated", 0)]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}""", "Init:CrashLoopBackOff", 2)]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}""", "Init:Error", 0)]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"PodInitializing"}}}]}""", "Init:0/0", 0)]
    [InlineData("{}", "Unknown", 0)]
    public void Status_follows_the_rules_of_kubectl(string status, string expected, int restarts)
    {
        var pod = Pod(status);

        Assert.Equal((expected, restarts), (pod.Status, pod.Restarts));
    }

    [Fact]
    public void A_sidecar_counts_as_a_container_and_a_finished_init_container_does_not()
    {
        var pod = Pod(
            """
            {"phase":"Pending","initContainerStatuses":[
              {"name":"setup","restartCount":7,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}},
              {"name":"mesh","restartCount":1,"started":true,"ready":true,"state":{"running":{}}},
              {"name":"wait","state":{"running":{}}}]}
            """,
            """{"containers":[{"name":"a"}],"initContainers":[{"name":"setup"},{"name":"mesh","restartPolicy":"Always"},{"name":"wait"}]}""");

        Assert.Equal(("Init:2/3", 1, 2), (pod.Status, pod.ReadyContainers, pod.Containers));
    }

    [Theory]
    [InlineData("""{"phase":"Running"}""", "Terminating")]
    [InlineData("""{"phase":"Running","reason":"NodeLost"}""", "Unknown")]
    [InlineData("""{"phase":"Failed"}""", "Failed")]
    public void A_deleted_pod_is_terminating_unless_it_has_ended(string status, string expected) =>
        Assert.Equal(expected, Pod(status, metadata: ""","deletionTimestamp":"2026-11-22T11:26:00Z" """).Status);

    [Fact]
    public void Requests_affinity_and_tolerations_are_read()
    {
        var spec = Pod("{}", """
            {"containers":[{"name":"a","image":"i","resources":{"requests":{"cpu":"250m","memory":"64Mi"}},"readinessProbe":{"httpGet":{}}},{"name":"b"}],
             "nodeSelector":{"disk":"ssd"},"terminationGracePeriodSeconds":5,
             "tolerations":[{"operator":"Exists"},{"key":"k","value":"v","effect":"NoSchedule"},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":30}],
             "affinity":{
               "nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"cores","operator":"Gt","values":["4"]}]},{"matchFields":[{"key":"metadata.name","operator":"In","values":["n1"]}]}]}},
               "podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","namespaces":["x"]}]},
               "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":7,"podAffinityTerm":{"topologyKey":"host","labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["a","b"]}]}}}]}}}
            """).Spec;

        Assert.Equal(new ResourceQuantities(250, 64 << 20), spec.Requests);
        Assert.Equal([true, false], spec.Containers.Select(container => container.HasReadinessProbe));
        Assert.Equal("ssd", spec.NodeSelector["disk"]);
        Assert.Equal(5, spec.TerminationGracePeriodSeconds);
        Assert.Equal(
            [
                new Toleration("", true, "", null),
                new Toleration("k", false, "v", TaintEffect.NoSchedule),
                new Toleration("node.kubernetes.io/unreachable", true, "", TaintEffect.NoExecute, 30),
            ],
            spec.Tolerations);
        Assert.Equal("cores>4", spec.Affinity.RequiredNodes[0].Requirements.Single().ToString());
        Assert.Equal(["n1"], spec.Affinity.RequiredNodes[1].NodeNames);
        Assert.Null(spec.Affinity.RequiredPods.Single().Selector);
        Assert.Equal(["x"], spec.Affinity.RequiredPods.Single().Namespaces);
        var preferred = spec.Affinity.PreferredAntiPods.Single();
        Assert.Equal((7, "host", "app in (a,b)"), (preferred.Weight, preferred.TopologyKey, preferred.Selector?.ToString()));
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"a","resources":{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"500m"}}}]}""", 500, 1L << 30)]
    [InlineData("""{"containers":[{"name":"a","resources":{"limits":{"cpu":"2"},"requests":{"cpu":"0"}}}]}""", 0, 0)]
    [InlineData("""{"initContainers":[{"name":"i","resources":{"requests":{"cpu":"2"}}}],"containers":[{"name":"a","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]}""", 2000, 1L << 30)]
    [InlineData("""{"initContainers":[{"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"1"}}},{"name":"i","resources":{"limits":{"cpu":"2"}}}],"containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}]}""", 3000, 0)]
    [InlineData("""{"overhead":{"cpu":"250m","memory":"1Gi"},"containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}]}""", 1250, 1L << 30)]
    public void A_pod_takes_what_the_scheduler_sets_aside_for_it(string spec, long milliCpu, long memory) =>
        Assert.Equal(new ResourceQuantities(milliCpu, memory), Pod("{}", spec).Spec.Requests);
}
