using System.Text;
using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Manifests;
using ChaosPS.Resilience;
using FsCheck.Xunit;

namespace ChaosPS.Providers.Tests.Manifests;

/// <summary>What holds of every change of every manifest.</summary>
[Properties(MaxTest = 400)]
public sealed class ManifestEditProperties
{
    private static readonly PodAffinityTerm s_apart = new(LabelSelector.FromLabels([new("app", "search")]), "kubernetes.io/hostname", []);

    [Property]
    public void A_changed_manifest_says_what_the_change_says_and_its_undo_gives_the_identical_bytes(ulong bits, byte change)
    {
        var shape = new ManifestShape(bits);
        using var folder = new ManifestFolder();
        byte[] before = [.. shape.IsMarked ? Encoding.UTF8.GetPreamble() : [], .. Encoding.UTF8.GetBytes(shape.Text())];
        var path = folder.Add("search.yaml", before);
        Workload? workload = null;
        WorkloadOverlay? overlay = null;
        var plan = folder.Plan("search", it => overlay = Change(it, change, workload!), budget: change % 3 == 0 ? Budget : null, capture: it => workload = it);

        var run = folder.MakeAsync(plan).GetAwaiter().GetResult();

        var after = folder.Plan("search", static it => it, capture: null).Workload;
        Assert.Equal(Modelled(overlay!.Apply(workload!)), Modelled(after));
        OnlyTheChangedLinesDiffer(before, File.ReadAllBytes(path), plan);
        Assert.True(folder.RestoreAsync(run).GetAwaiter().GetResult().Complete);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    private static DisruptionBudget Budget { get; } = new()
    {
        Name = "search",
        Namespace = "default",
        Cluster = new ClusterIdentity("x", "", "x"),
        Selector = LabelSelector.FromLabels([new("app", "search")]),
        MaxUnavailable = "1",
    };

    private static WorkloadOverlay Change(WorkloadOverlay overlay, byte change, Workload workload)
    {
        if ((change & 1) != 0) overlay = overlay with { Replicas = 3 };
        if ((change & 2) != 0) overlay = overlay with { Affinity = workload.PodSpec.Affinity with { RequiredAntiPods = [.. workload.PodSpec.Affinity.RequiredAntiPods, s_apart] } };
        if ((change & 4) != 0) overlay = overlay with { TolerationSeconds = 30 };
        if ((change & 8) != 0) overlay = overlay with { MaxSurge = "0", MaxUnavailable = "1" };
        if ((change & 16) != 0) overlay = overlay with { ReadinessProbes = [new ReadinessProbe("search", "8080") { HttpPath = "/health" }] };
        if ((change & 32) != 0) overlay = overlay with { TopologySpread = [new TopologySpread("kubernetes.io/hostname", 1, LabelSelector.FromLabels([new("app", "search")]), IsRequired: true) { HonorsTaints = true, MatchLabelKeys = ["pod-template-hash"] }] };
        if ((change & 64) != 0) overlay = overlay with { Affinity = workload.PodSpec.Affinity with { RequiredAntiPods = [], PreferredAntiPods = [s_apart with { Weight = 100 }] } };
        return overlay;
    }

    private static string Modelled(Workload workload) => JsonSerializer.Serialize(workload with { Cluster = Budget.Cluster, PodSpec = workload.PodSpec with { TemplateMark = "", Tolerations = [.. workload.PodSpec.Tolerations.OrderBy(static it => it.Key)] } });

    /// <summary>Without the lines that the difference names, both texts are the same bytes.</summary>
    private static void OnlyTheChangedLinesDiffer(byte[] before, byte[] after, WorkloadFileChange plan)
    {
        var removed = plan.Diff.Where(static line => line.StartsWith('-') && !line.StartsWith("--- search.yaml", StringComparison.Ordinal)).Select(static line => line[1..]).ToList();
        var added = plan.Diff.Where(static line => line.StartsWith('+') && !line.StartsWith("+++ search.yaml", StringComparison.Ordinal)).Select(static line => line[1..]).ToList();
        Assert.Equal(Without(before, removed).Order(StringComparer.Ordinal), Without(after, added).Order(StringComparer.Ordinal));

        static List<string> Without(byte[] bytes, List<string> lines)
        {
            var left = Encoding.UTF8.GetString(bytes).Split('\n').Select(static line => line.TrimEnd('\r')).ToList();
            foreach (var line in lines) Assert.True(left.Remove(line), line);
            return left;
        }
    }
}
