using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Safety;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>A run's mark as the Lease that the API keeps.</summary>
internal static class RunLeaseObject
{
    /// <summary>Selects the marks of runs among all Leases.</summary>
    public const string Selector = "app.kubernetes.io/managed-by=chaosps";

    private const string Namespace = "default";
    private const string Prefix = "chaosps-run-";
    private const string LogAnnotation = "chaosps.dev/recovery";
    private const string TargetsAnnotation = "chaosps.dev/targets";
    private const string RunAnnotation = "chaosps.dev/run";

    /// <summary>The call for one mark, or for all.</summary>
    public static ApiCall Call(string verb, string? runId = null) => new(
        verb, "coordination.k8s.io", "v1", "leases", Namespace, runId is null ? null : Prefix + runId.ToLowerInvariant());

    /// <summary>The object.</summary>
    public static string Write(RunLease lease) => new JsonObject
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject
        {
            ["name"] = Prefix + lease.RunId.ToLowerInvariant(),
            ["namespace"] = Namespace,
            ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "chaosps" },
            ["annotations"] = new JsonObject
            {
                [RunAnnotation] = lease.RunId,
                [TargetsAnnotation] = string.Join(' ', lease.Targets),
                [LogAnnotation] = lease.Log,
            },
        },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = lease.Holder,
            ["leaseDurationSeconds"] = (int)RunLease.Duration.TotalSeconds,
            ["renewTime"] = lease.RenewTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        },
    }.ToJsonString();

    /// <summary>The mark; null when the Lease is none of ours.</summary>
    public static RunLease? Read(JsonElement item)
    {
        var json = JsonNode.Parse(item.GetRawText())!;
        var annotations = json["metadata"]?["annotations"];
        if ((string?)annotations?[RunAnnotation] is not { } runId) return null;
        return new RunLease
        {
            RunId = runId,
            Holder = (string?)json["spec"]?["holderIdentity"] ?? "",
            RenewTime = DateTimeOffset.TryParse((string?)json["spec"]?["renewTime"], CultureInfo.InvariantCulture, out var renewed) ? renewed : default,
            Targets = ((string?)annotations[TargetsAnnotation] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Log = (string?)annotations[LogAnnotation] ?? "",
        };
    }
}
