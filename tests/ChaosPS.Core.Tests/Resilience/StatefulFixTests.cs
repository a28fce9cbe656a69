using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Errors;
using ChaosPS.Resilience;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>Fixes of what has data and names: StatefulSets and volumes.</summary>
public sealed class StatefulFixTests
{
    private static TestCluster OneZone(int nodes) => TestCluster.WithNodes(nodes);

    private static TestCluster ThreeZones(int nodes) => TestCluster.WithNodes(nodes, static i => $"westeurope-{(i % 3) + 1}");

    private static ResilienceFix? Find(ClusterSnapshot snapshot, string kind = "StatefulSet", params ResilienceGoal[] goals) =>
        new FixFinder(snapshot, new PredictionOptions(), TimeSpan.Zero).Find(kind, TestCluster.Namespace, "db", goals.Length == 0 ? [ResilienceGoal.NodeLoss] : goals, default);

    private static WorkloadOverlay ChangeOf(ResilienceFix fix) => Assert.Single(fix.Change.Workloads);

    [Fact]
    public void Replicas_of_a_Deployment_cannot_share_a_disk_that_is_with_one_node_at_a_time()
    {
        var snapshot = OneZone(3).AddDeployment("db", ["node0"], static it => it with { PodSpec = it.PodSpec with { Claims = ["data"] } }).TakeSnapshot();
        snapshot = snapshot with { VolumeClaims = [TestCluster.MakeClaim("data", "westeurope-1")] };
        var error = Assert.Throws<ChaosException>(() => Find(snapshot, "Deployment"));
        Assert.Equal("FixNotFound", error.ErrorId);
        Assert.Contains("does not roll out: Multi-Attach error for volume \"pv-data\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("data is with one node at a time (ReadWriteOnce)", error.RecommendedAction, StringComparison.Ordinal);

        // A volume that many nodes can mount is another matter, and who writes to it from two pods has to know.
        snapshot = snapshot with { VolumeClaims = [TestCluster.MakeClaim("data", null) with { IsDisk = false }] };
        var fix = Find(snapshot, "Deployment")!;
        Assert.Equal(2, ChangeOf(fix).Replicas);
        Assert.StartsWith("All replicas write to the same volume (data)", Assert.Single(fix.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_more_of_a_StatefulSet_has_a_disk_of_its_own_and_nobody_copies_its_data()
    {
        var fix = Find(ThreeZones(3).AddStatefulSet("db", ["node0"], "data").TakeSnapshot())!;
        Assert.Equal(2, ChangeOf(fix).Replicas);
        Assert.StartsWith("Each replica gets volumes of its own (data)", Assert.Single(fix.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_whose_disks_are_in_one_zone_cannot_leave_it_and_only_a_replica_more_is_elsewhere()
    {
        var fix = Find(ThreeZones(3).AddStatefulSet("db", ["node0", "node0"], "data").TakeSnapshot())!;
        Assert.Equal(3, ChangeOf(fix).Replicas);
        Assert.Contains(fix.Rejected, static it => it.Description == "spread over nodes, always" && it.Counterexample.Contains("volume node affinity conflict", StringComparison.Ordinal));
    }

    [Fact]
    public void Pods_whose_disks_are_in_one_zone_are_spread_over_its_nodes_one_after_the_other()
    {
        var fix = Find(ThreeZones(6).AddStatefulSet("db", ["node0", "node0"], "data").TakeSnapshot())!;
        Assert.Equal(0, fix.Cost.Pods);
        Assert.Contains("nodes", fix.Description, StringComparison.Ordinal);
        Assert.Empty(fix.Notes);
    }

    [Theory]
    [InlineData("mcr.microsoft.com/mssql/server:2022-latest", true)]
    [InlineData("postgres", true)]
    [InlineData("docker.io/bitnami/postgresql@sha256:00", true)]
    [InlineData("registry.example:5000/shop/redis-exporter:1", false)]
    [InlineData("demo:1", false)]
    public void An_image_that_keeps_data_is_told_with_the_replica_that_shares_none(string image, bool isTold)
    {
        var snapshot = OneZone(3).AddDeployment("db", ["node0"], it => it with { PodSpec = it.PodSpec with { Containers = [it.PodSpec.Containers[0] with { Image = image }] } }).TakeSnapshot();
        var notes = Find(snapshot, "Deployment")!.Notes;
        Assert.Equal(isTold ? [$"The image {image} keeps data: replicas of it do not share theirs, unless it is set up as a cluster."] : [], notes);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void A_rule_moves_only_the_pods_that_a_rollout_reaches(int partition, bool isOnDelete)
    {
        // Of two pods on one node one moves with its new template, or none does: then only a replica more is elsewhere.
        var snapshot = OneZone(3).AddStatefulSet("db", ["node0", "node0"], configure: it => it with { UpdatePartition = partition, IsOnDelete = isOnDelete }).TakeSnapshot();
        var fix = Find(snapshot)!;
        Assert.True(isOnDelete ? fix.Cost.Pods > 0 : fix.Cost.Pods == 0, fix.Description);
        Assert.All(fix.Rejected, static it => Assert.DoesNotContain("roll out", it.Counterexample, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, false, 1, false)]
    [InlineData(2, false, 1, true)]
    [InlineData(2, false, 0, false)]
    [InlineData(0, true, 0, true)]
    public void A_rollout_is_waited_for_where_it_comes_by_itself(int partition, bool isOnDelete, int updated, bool isDone)
    {
        var workload = TestCluster.MakeWorkload("db", 3) with
        {
            Kind = "StatefulSet",
            UpdatePartition = partition,
            IsOnDelete = isOnDelete,
            UpdatedReplicas = updated,
            CurrentReplicas = 3,
            AvailableReplicas = 3,
        };
        Assert.Equal(isDone, workload.RolledOut);
        Assert.False((workload with { AvailableReplicas = 2 }).RolledOut);
    }

    [Fact]
    public void A_paused_Deployment_is_said_to_be_paused()
    {
        var snapshot = OneZone(3).AddDeployment("db", ["node0", "node0"], static it => it with { IsPaused = true }).TakeSnapshot();
        Assert.Contains("paused", new ClusterOverlay { Workloads = [new("Deployment", TestCluster.Namespace, "db") { TolerationSeconds = 3 }] }.Try(snapshot, new SimulationOptions(), default).Hitch, StringComparison.Ordinal);
    }
}
