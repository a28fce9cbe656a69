using System.Collections.Concurrent;
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
        var pods = new ListPage<ServingPods>();
        List<KeyValuePair<string, string?>> zones = [];
        IReadOnlyList<Workload> workloads = [];
        await TogetherAsync(
            [
                async token => workloads = await GetWorkloadsAsync(@namespace, token),
                async token => pods = await ReadPagesAsync<ServingPods>(new ApiCall("list", "", "v1", "pods", @namespace), "Pod", null, Add, token),
                async token => zones = await ReadListAsync(new ApiCall("list", "", "v1", "nodes"), "Node", null, item => KubernetesReader.ReadZone(item, identity), token),
            ],
            cancellationToken);
        return new ClusterPlacement(workloads, pods.Items, new Dictionary<string, string?>(zones));

        static void Add(ApiFields item, List<ServingPods> serving)
        {
            if ((item.Message is ProtobufMessage message ? ProtobufPlacement.Read(message) : KubernetesReader.ReadPlacement(item)) is { } pod) ServingPods.Add(pod, serving);
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
        Func<PodSpec, PodSpec> share = new SharedSpecs().Share;
        var pods = await ReadListAsync(new ApiCall("list", "", "v1", "pods", @namespace), "Pod", filter, Read, cancellationToken);
        pods.Sort(static (left, right) =>
            string.CompareOrdinal(left.Namespace, right.Namespace) is var order and not 0 ? order : string.CompareOrdinal(left.Name, right.Name));
        return pods;

        ClusterPod Read(ApiFields item) => KubernetesReader.ReadPod(item, identity, _time.GetUtcNow(), share);
    }

    /// <summary>Reads a list in JSON, of any kind.</summary>
    private async Task<List<T>> ListAsync<T>(ApiCall call, string? query, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var whole = await PagesAsync(query, ReadAsync, cancellationToken);
        return whole.Items;

        async Task<ListPage<T>> ReadAsync(string part, Action<string> tell, CancellationToken token)
        {
            var page = await _transport.GetAsync(call, part, token);
            try
            {
                return ListPage<T>.Read(page, (item, items) => items.Add(read(item)));
            }
            catch (InvalidDataException exception)
            {
                throw ChaosErrors.ApiAnswerInvalid($"list of {call.Resource}", _name, exception.Message, exception);
            }
        }
    }

    /// <summary>Reads a list of a kind that the schema knows, in protobuf where the server has it.</summary>
    private async Task<List<T>> ReadListAsync<T>(ApiCall call, string kind, string? query, Func<ApiFields, T> read, CancellationToken cancellationToken) =>
        (await ReadPagesAsync<T>(call, kind, query, (item, items) => items.Add(read(item)), cancellationToken)).Items;

    /// <summary>The same, with the version that the list is of, and of the items what <paramref name="add"/> takes: two pages may call it at the same time.</summary>
    private Task<ListPage<T>> ReadPagesAsync<T>(
        ApiCall call, string kind, string? query, Action<ApiFields, List<T>> add, CancellationToken cancellationToken)
    {
        var type = ApiSchema.Find(call.Group.Length == 0 ? call.Version : $"{call.Group}/{call.Version}", kind)!;

        // What a body has learned of earlier items is good for later ones; but it reads one page at a time, and two may be under way.
        var bodies = new ConcurrentQueue<ListBody<T>>();
        return PagesAsync(query, ReadAsync, cancellationToken);

        async Task<ListPage<T>> ReadAsync(string part, Action<string> tell, CancellationToken token)
        {
            if (!bodies.TryDequeue(out var body)) body = new ListBody<T>(type, add);
            body.Tell = tell;
            var page = await _transport.ListAsync(call, part, body, token);
            bodies.Enqueue(body);
            return page;
        }
    }

    /// <summary>
    /// Reads a list page by page, and already the next one while a page still comes: an API server says first where the list goes on. When the pages have
    /// become too old, the list is read again in one piece, as kubectl does.
    /// </summary>
    private async Task<ListPage<T>> PagesAsync<T>(
        string? query, Func<string, Action<string>, CancellationToken, Task<ListPage<T>>> read, CancellationToken cancellationToken)
    {
        var filter = query is null ? "" : $"{query}&";
        List<ListPage<T>> pages = [];
        var (reading, ahead) = (Begin(""), default(PageReading<T>));
        try
        {
            while (true)
            {
                // In virtual time waiting costs nothing, and a run has one order.
                if (_time is not VirtualClock && await reading.Next is { Length: > 0 } next) ahead = Begin(next);
                var page = await TakeAsync();
                pages.Add(page);
                if (page.Continue.Length == 0) return Join(pages);

                // A first page that broke off and was read again is of a later version, and goes on elsewhere.
                if (ahead is not null && ahead.Start != page.Continue)
                {
                    await ahead.DisposeAsync();
                    ahead = null;
                }

                await reading.DisposeAsync();
                (reading, ahead) = (ahead ?? Begin(page.Continue), null);
            }
        }
        finally
        {
            if (ahead is not null) await ahead.DisposeAsync();
            await reading.DisposeAsync();
        }

        PageReading<T> Begin(string start) =>
            new(start, (tell, token) => read($"?{filter}limit={PageSize}{(start.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(start)}")}", tell, token), cancellationToken);

        async Task<ListPage<T>> TakeAsync()
        {
            try
            {
                return await reading.Page;
            }
            catch (ChaosException exception) when (exception.ErrorId == ChaosErrors.ClusterListExpiredId && reading.Start.Length > 0)
            {
                pages.Clear();
                return await read(filter.Length == 0 ? "" : $"?{filter.TrimEnd('&')}", static _ => { }, cancellationToken);
            }
        }
    }
    /// <summary>The pages as one list, of the version of the last.</summary>
    private static ListPage<T> Join<T>(List<ListPage<T>> pages)
    {
        if (pages is [var only]) return only;
        var whole = new ListPage<T> { ResourceVersion = pages[^1].ResourceVersion };
        whole.Items.EnsureCapacity(pages.Sum(static page => page.Items.Count));
        foreach (var page in pages) whole.Items.AddRange(page.Items);
        return whole;
    }
}
