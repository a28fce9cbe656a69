using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.Protobuf;
using ChaosPS.Time;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Lists, page by page.</content>
internal sealed partial class KubernetesCluster
{
    /// <summary>Objects a page: twice what kubectl asks for, and half the waiting of a long list.</summary>
    public const int PageSize = 1000;

    /// <inheritdoc/>
    public async Task<ClusterPlacement> GetPlacementAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var pods = new ListPage<PodPlacement>();
        List<KeyValuePair<string, string?>> zones = [];
        IReadOnlyList<Workload> workloads = [];
        await TogetherAsync(
            [
                async token => workloads = await GetWorkloadsAsync(@namespace, token),
                async token => pods = await ReadPagesAsync<PodPlacement>(new ApiCall("list", "", "v1", "pods", @namespace), "Pod", null, Add, token),
                async token => zones = await ReadListAsync(new ApiCall("list", "", "v1", "nodes"), "Node", null, item => KubernetesReader.ReadZone(item, identity), token),
            ],
            cancellationToken);
        return new ClusterPlacement(workloads, pods.Items, new Dictionary<string, string?>(zones));

        static void Add(ApiFields item, List<PodPlacement> serving)
        {
            if ((item.Message is ProtobufMessage message ? ProtobufPlacement.Read(message) : KubernetesReader.ReadPlacement(item)) is { } pod) serving.Add(pod);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Workload>> GetWorkloadsAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var lists = new List<Workload>[s_workloads.Length];
        await TogetherAsync([.. s_workloads.Index().Select(Read)], cancellationToken);
        return
        [
            .. lists.SelectMany(static list => list)
                .OrderBy(static workload => workload.Namespace, StringComparer.Ordinal).ThenBy(static workload => workload.Name, StringComparer.Ordinal),
        ];

        Func<CancellationToken, Task> Read((int Index, (string Kind, string Resource) Item) known) => async token => lists[known.Index] = await ReadListAsync(
            new ApiCall("list", "apps", "v1", known.Item.Resource, @namespace), known.Item.Kind, null,
            item => KubernetesReader.ReadWorkload(item, known.Item.Kind, identity), token);
    }

    /// <summary>Reads several lists at the same time. When one cannot be read, the others are given up.</summary>
    private async Task TogetherAsync(IReadOnlyList<Func<CancellationToken, Task>> reads, CancellationToken cancellationToken)
    {
        // In virtual time waiting costs nothing, and a run has one order.
        if (_time is VirtualClock)
        {
            foreach (var read in reads) await read(cancellationToken);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(reads.Select(ReadOneAsync));

        async Task ReadOneAsync(Func<CancellationToken, Task> read)
        {
            try
            {
                await read(stop.Token);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
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
                return ListPage<T>.Read(page, (item, items) => items.Add(read(item)));
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
        (await ReadPagesAsync<T>(call, kind, query, (item, items) => items.Add(read(item)), cancellationToken)).Items;

    /// <summary>The same, with the version that the list is of, and of the items what <paramref name="add"/> takes.</summary>
    private Task<ListPage<T>> ReadPagesAsync<T>(
        ApiCall call, string kind, string? query, Action<ApiFields, List<T>> add, CancellationToken cancellationToken)
    {
        var type = ApiSchema.Find(call.Group.Length == 0 ? call.Version : $"{call.Group}/{call.Version}", kind)!;
        var body = new ListBody<T>(type, add);
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
