using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Snapshots;

/// <summary>Takes snapshots of clusters. Nothing is changed, and rights to list are enough.</summary>
public static class ClusterExport
{
    /// <summary>Takes a snapshot, with the power states of the machines where Azure tells them.</summary>
    /// <param name="connection">The cluster and its machines.</param>
    /// <param name="namespaces">Which namespaces' objects to keep; empty for all. Nodes and other objects of the whole cluster are kept always.</param>
    /// <param name="log">Is told what could not be read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The objects with the fields that a snapshot keeps, sorted by kind, namespace and name.</returns>
    /// <exception cref="ChaosException">Nodes or pods cannot be read, or the cluster cannot be reached.</exception>
    public static async Task<SnapshotDocument> TakeAsync(
        ChaosConnection connection, IReadOnlyCollection<string> namespaces, IChaosLog log, CancellationToken cancellationToken)
    {
        var document = await ReadAsync(connection, namespaces, log, cancellationToken);
        var activity = ActivityOf(connection);
        log.Progress(activity, "power states", null, completed: false);
        var told = await AddPowerStatesAsync(connection, document, log, cancellationToken);
        log.Progress(activity, "done", 100, completed: true);
        return told ? document : document with { Missing = [.. document.Missing, "power states"] };
    }

    /// <summary>Takes a snapshot of what the API server knows; nobody else is asked, Azure neither.</summary>
    internal static async Task<SnapshotDocument> ReadAsync(
        ChaosConnection connection, IReadOnlyCollection<string> namespaces, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(namespaces);
        ArgumentNullException.ThrowIfNull(log);
        var identity = await connection.Cluster.GetIdentityAsync(cancellationToken);
        var version = await connection.Cluster.GetVersionAsync(cancellationToken);
        var takenAt = connection.Time.GetUtcNow();
        var objects = new List<JsonObject>();
        var missing = new List<string>();
        var activity = ActivityOf(connection);
        foreach (var (index, kind) in SnapshotKinds.All.Index())
        {
            log.Progress(activity, kind.Resource.ToString(), index * 100 / SnapshotKinds.All.Count, completed: false);
            try
            {
                objects.AddRange(await ListAsync(connection.Cluster, kind, namespaces, cancellationToken));
            }
            catch (ChaosException exception) when (!kind.Needed && exception.Kind is ErrorKind.PermissionDenied or ErrorKind.NotFound)
            {
                missing.Add(kind.Resource.ToString());
                log.Write(ChaosLogLevel.Warning, $"The snapshot is without {kind.Resource}: {exception.Summary}");
            }
        }

        log.Progress(activity, "done", 100, completed: true);
        return new SnapshotDocument
        {
            TakenAt = takenAt,
            Version = version,
            Cluster = identity,
            MadeBy = typeof(ClusterExport).Assembly.GetName().Version!.ToString(3),
            Missing = missing,
            Objects =
            [
                .. objects.OrderBy(static item => (string)item["kind"]!, StringComparer.Ordinal)
                    .ThenBy(static item => (string?)item["metadata"]!["namespace"] ?? "", StringComparer.Ordinal)
                    .ThenBy(static item => (string)item["metadata"]!["name"]!, StringComparer.Ordinal),
            ],
        };
    }

    private static string ActivityOf(ChaosConnection connection) => $"Reading cluster {connection.Name}";

    private static async Task<IEnumerable<JsonObject>> ListAsync(
        ICluster cluster, SnapshotKind kind, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        var resource = kind.Resource;
        string?[] places = [null];
        if (kind.Namespace is not null) places = [kind.Namespace];
        else if (resource.Namespaced && namespaces.Count > 0) places = [.. namespaces];
        var found = new List<JsonObject>();
        foreach (var place in places) found.AddRange(await cluster.ListAsync(resource, place, item => Keep(kind, item), cancellationToken));
        return found;
    }

    /// <summary>What is kept of an object. The items of a list do not say what they are.</summary>
    private static JsonObject Keep(SnapshotKind kind, JsonElement item)
    {
        var kept = kind.Fields.Apply(item);
        kept.Insert(0, "apiVersion", kind.Resource.ApiVersion);
        kept.Insert(1, "kind", kind.Resource.Kind);
        return kept;
    }

    /// <summary>Writes the power states of the machines into the nodes; false when Azure does not tell them.</summary>
    private static async Task<bool> AddPowerStatesAsync(
        ChaosConnection connection, SnapshotDocument document, IChaosLog log, CancellationToken cancellationToken)
    {
        var nodes = document.Objects.Where(static item => (string)item["kind"]! == "Node")
            .ToDictionary(static item => (string)item["metadata"]!["name"]!);
        try
        {
            var read = nodes.Values.Select(item => KubernetesReader.ReadNode(JsonSerializer.SerializeToElement(item), document.Cluster, default));
            foreach (var node in await connection.Power.WithPowerStatesAsync([.. read], cancellationToken))
            {
                if (node.PowerState == PowerState.Unknown) continue;
                nodes[node.Name]["metadata"]!["annotations"] = new JsonObject
                {
                    [KubernetesReader.PowerStateAnnotation] = node.PowerState.ToString().ToLowerInvariant(),
                };
            }

            return true;
        }
        catch (ChaosException exception)
        {
            log.Write(ChaosLogLevel.Warning, $"The snapshot is without the power states of the machines: {exception.Summary}");
            return false;
        }
    }
}
