using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.Protobuf;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Lists, page by page.</content>
internal sealed partial class KubernetesCluster
{
    /// <summary>Objects a page: what kubectl asks for.</summary>
    private const int PageSize = 500;

    /// <inheritdoc/>
    public async Task<ClusterPlacement> GetPlacementAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var pods = await ReadListAsync(
            new ApiCall("list", "", "v1", "pods", @namespace), "Pod", null,
            static item => item.Message is ProtobufMessage message ? ProtobufPlacement.Read(message) : KubernetesReader.ReadPlacement(item), cancellationToken);
        var zones = await ReadListAsync(
            new ApiCall("list", "", "v1", "nodes"), "Node", null, item => KubernetesReader.ReadZone(item, identity), cancellationToken);
        return new ClusterPlacement([.. pods.OfType<PodPlacement>()], new Dictionary<string, string?>(zones));
    }

    private async Task<IReadOnlyList<ClusterPod>> ListPodsAsync(string? @namespace, string? filter, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var specs = new SharedSpecs();
        var pods = await ReadListAsync(new ApiCall("list", "", "v1", "pods", @namespace), "Pod", filter, Read, cancellationToken);
        pods.Sort(static (left, right) =>
            string.CompareOrdinal(left.Namespace, right.Namespace) is var order and not 0 ? order : string.CompareOrdinal(left.Name, right.Name));
        return pods;

        ClusterPod Read(ApiFields item) => KubernetesReader.ReadPod(item, identity, _time.GetUtcNow(), specs.Share);
    }

    /// <summary>Reads a list in JSON, of any kind.</summary>
    private async Task<List<T>> ListAsync<T>(ApiCall call, string? query, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var whole = await PagesAsync(query, async part =>
        {
            var page = await _transport.GetAsync(call, part, cancellationToken);
            try
            {
                return ListPage<T>.Read(page, read);
            }
            catch (InvalidDataException exception)
            {
                throw ChaosErrors.ApiAnswerInvalid($"list of {call.Resource}", _name, exception.Message, exception);
            }
        });
        return whole.Items;
    }

    /// <summary>Reads a list of a kind that the schema knows, in protobuf where the server has it.</summary>
    private async Task<List<T>> ReadListAsync<T>(ApiCall call, string kind, string? query, Func<ApiFields, T> read, CancellationToken cancellationToken) =>
        (await ReadPagesAsync(call, kind, query, read, cancellationToken)).Items;

    /// <summary>The same, with the version that the list is of.</summary>
    private Task<ListPage<T>> ReadPagesAsync<T>(ApiCall call, string kind, string? query, Func<ApiFields, T> read, CancellationToken cancellationToken)
    {
        var type = ApiSchema.Find(call.Group.Length == 0 ? call.Version : $"{call.Group}/{call.Version}", kind)!;
        var body = new ListBody<T>(type, read);
        return PagesAsync(query, part => _transport.ListAsync(call, part, body, cancellationToken));
    }

    /// <summary>Reads a list page by page. When the pages have become too old, the list is read again in one piece, as kubectl does.</summary>
    private static async Task<ListPage<T>> PagesAsync<T>(string? query, Func<string, Task<ListPage<T>>> read)
    {
        var filter = query is null ? "" : $"{query}&";
        var whole = new ListPage<T>();
        var next = "";
        do
        {
            ListPage<T> page;
            try
            {
                var position = next.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(next)}";
                page = await read($"?{filter}limit={PageSize}{position}");
            }
            catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.ClusterListExpiredId && next.Length > 0)
            {
                whole.Items.Clear();
                page = await read(filter.Length == 0 ? "" : $"?{filter.TrimEnd('&')}");
            }

            whole.Items.AddRange(page.Items);
            whole.ResourceVersion = page.ResourceVersion;
            next = page.Continue;
        }
        while (next.Length > 0);

        return whole;
    }
}
