using ChaosPS.Clusters;

namespace ChaosPS.Resilience;

/// <summary>What speaks against more replicas of a workload and no simulation shows: its data.</summary>
internal static class FixNotes
{
    /// <summary>Parts of the names of images whose containers keep data.</summary>
    private static readonly HashSet<string> s_stores = new(StringComparer.OrdinalIgnoreCase)
    {
        "cassandra", "clickhouse", "cockroach", "consul", "couchdb", "elasticsearch", "etcd", "influxdb", "mariadb", "mongo", "mongodb", "mssql", "mysql", "neo4j", "nats", "opensearch",
        "oracle", "postgis", "postgres", "postgresql", "rabbitmq", "redis", "solr", "sqlserver", "valkey", "zookeeper",
    };

    /// <summary>What somebody has to know who applies a change; nothing where it brings no more replicas.</summary>
    public static IEnumerable<string> Of(Workload workload, FixCandidate candidate, ClusterSnapshot snapshot)
    {
        if (candidate.Cost.Pods == 0) yield break;
        if (workload.ClaimTemplates.Count > 0) yield return $"Each replica gets volumes of its own ({string.Join(", ", workload.ClaimTemplates)}): Kubernetes copies nothing between them, the application has to.";
        string[] shared = [.. workload.PodSpec.Claims.Where(claim => ClaimOf(workload, claim, snapshot) is { IsDisk: false })];
        if (shared.Length > 0) yield return $"All replicas write to the same volume ({string.Join(", ", shared)}): the application has to bear that.";
        if (workload.PodSpec.Containers.Select(static container => container.Image).FirstOrDefault(IsStore) is { } image)
            yield return $"The image {image} keeps data: replicas of it do not share theirs, unless it is set up as a cluster.";
    }

    /// <summary>A claim of a workload's template whose volume can be with one node only; null where there is none.</summary>
    public static string? DiskOf(Workload workload, ClusterSnapshot snapshot) => workload.PodSpec.Claims.FirstOrDefault(claim => ClaimOf(workload, claim, snapshot) is { IsDisk: true });

    private static VolumeClaim? ClaimOf(Workload workload, string claim, ClusterSnapshot snapshot) =>
        snapshot.VolumeClaims.FirstOrDefault(it => it.Namespace == workload.Namespace && it.Name == claim);

    /// <summary><c>mcr.microsoft.com/mssql/server:2022-latest</c>, <c>bitnami/postgresql</c>: a part of the path, without tag and digest.</summary>
    private static bool IsStore(string image) => image.Split('@')[0].Split('/').Any(static part => s_stores.Contains(part.Split(':')[0]));
}
