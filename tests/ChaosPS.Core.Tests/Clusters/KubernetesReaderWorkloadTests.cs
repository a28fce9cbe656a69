using ChaosPS.Clusters;

namespace ChaosPS.Core.Tests.Clusters;

public sealed class KubernetesReaderWorkloadTests
{
    [Fact]
    public void Recorded_deployments_are_read_with_their_selectors_and_counts()
    {
        Workload[] all =
        [
            .. Recording.Read("deployments-list").GetProperty("items").EnumerateArray()
                .Select(item => KubernetesReader.ReadWorkload(item, "Deployment", Recording.Cluster)),
        ];

        Assert.Equal(9, all.Length);
        Assert.All(all, workload => Assert.True(workload.RolledOut));
        var frontend = all.Single(workload => workload.Name == "frontend");
        Assert.Equal("Deployment/contactsapp/frontend", frontend.ToString());
        Assert.Equal((2, 2, 2, 2, 2), (frontend.Replicas, frontend.ReadyReplicas, frontend.UpdatedReplicas, frontend.AvailableReplicas, frontend.CurrentReplicas));
        Assert.Equal(("1", "1"), (frontend.MaxSurge, frontend.MaxUnavailable));
        Assert.True(frontend.Selector.Matches(frontend.PodLabels));
        var evicted = all.Single(workload => workload.Name == "fastevict");
        Assert.Equal(("25%", "25%"), (evicted.MaxSurge, evicted.MaxUnavailable));
        Assert.Equal(100, evicted.PodSpec.Affinity.PreferredNodes.Single().Weight);
    }

    [Fact]
    public void Missing_fields_have_the_defaults_of_the_api()
    {
        var deployment = KubernetesReader.ReadWorkload(Recording.Json("""{"metadata":{"name":"d"}}"""), "Deployment", Recording.Cluster);
        var set = KubernetesReader.ReadWorkload(Recording.Json("""{"metadata":{"name":"s"}}"""), "StatefulSet", Recording.Cluster);

        Assert.Equal((1, 0, "25%", "25%"), (deployment.Replicas, deployment.ReadyReplicas, deployment.MaxSurge, deployment.MaxUnavailable));
        Assert.Equal((1, "0", "1"), (set.Replicas, set.MaxSurge, set.MaxUnavailable));
    }

    [Fact]
    public void Recreate_takes_every_pod_away_first()
    {
        var workload = KubernetesReader.ReadWorkload(
            Recording.Json("""{"metadata":{"name":"d"},"spec":{"replicas":0,"strategy":{"type":"Recreate"}}}"""), "Deployment", Recording.Cluster);

        Assert.Equal((0, "0", "100%"), (workload.Replicas, workload.MaxSurge, workload.MaxUnavailable));
    }

    [Fact]
    public void A_daemon_set_counts_nodes()
    {
        var workload = KubernetesReader.ReadWorkload(
            Recording.Json("""
                {"metadata":{"name":"agent","namespace":"kube-system","generation":3},
                 "status":{"desiredNumberScheduled":3,"currentNumberScheduled":3,"numberReady":2,"updatedNumberScheduled":3,"numberAvailable":2,"observedGeneration":3}}
                """),
            "DaemonSet", Recording.Cluster);

        Assert.Equal((3, 2, 3, 2, 3), (workload.Replicas, workload.ReadyReplicas, workload.UpdatedReplicas, workload.AvailableReplicas, workload.CurrentReplicas));
        Assert.False(workload.RolledOut);
    }

    [Fact]
    public void A_service_without_selector_finds_no_pods()
    {
        var web = KubernetesReader.ReadService(
            Recording.Json("""{"metadata":{"name":"web","namespace":"n"},"spec":{"selector":{"app":"web"},"ports":[{"port":80}]}}"""), Recording.Cluster);
        var outside = KubernetesReader.ReadService(
            Recording.Json("""{"metadata":{"name":"db"},"spec":{"type":"ExternalName","externalName":"db.example.com","selector":{"a":"b"}}}"""), Recording.Cluster);

        Assert.Equal(("web", "n", "app=web", 80), (web?.Name, web?.Namespace, web?.Selector.ToString(), web?.Port));
        Assert.Null(outside);
        Assert.Null(KubernetesReader.ReadService(Recording.Json("""{"metadata":{"name":"kubernetes"}}"""), Recording.Cluster));
    }

    [Fact]
    public void Ingress_paths_have_the_address_at_which_users_reach_them()
    {
        var paths = KubernetesReader.ReadIngressPaths(
            Recording.Json("""
                {"metadata":{"name":"web","namespace":"n"},
                 "spec":{"tls":[{"hosts":["shop.example.com"]}],
                   "defaultBackend":{"service":{"name":"fallback"}},
                   "rules":[
                     {"host":"shop.example.com","http":{"paths":[{"path":"/api(/|$)(.*)","backend":{"service":{"name":"api"}}},{"backend":{"service":{"name":"front"}}}]}},
                     {"http":{"paths":[{"path":"/any","backend":{"service":{"name":"any"}}},{"path":"/files","backend":{"resource":{"kind":"Bucket","name":"b"}}}]}},
                     {"host":"*.example.com","http":{"paths":[{"path":"/wild","backend":{"service":{"name":"wild"}}}]}}]},
                 "status":{"loadBalancer":{"ingress":[{"ip":"2001:db8::1"}]}}}
                """),
            Recording.Cluster);

        Assert.Equal(
            [
                "/api(/|$)(.*) api https://shop.example.com/api",
                "/ front https://shop.example.com/",
                "/any any http://[2001:db8::1]/any",
                "/wild wild http://[2001:db8::1]/wild",
                "/ fallback http://[2001:db8::1]/",
            ],
            paths.Select(path => $"{path.Path} {path.ServiceName} {path.Uri.AbsoluteUri}"));
    }

    [Fact]
    public void What_has_no_address_is_left_out() => Assert.Empty(KubernetesReader.ReadIngressPaths(
        Recording.Json("""{"metadata":{"name":"i"},"spec":{"rules":[{"http":{"paths":[{"path":"/","backend":{"service":{"name":"a"}}}]}}]}}"""),
        Recording.Cluster));
}
