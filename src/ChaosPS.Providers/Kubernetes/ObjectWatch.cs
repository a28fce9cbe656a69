using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Keeps a watch going: a list, then streams of changes, each from where the last one ended, and a new list when that is too old.</summary>
/// <typeparam name="T">What is made of each object.</typeparam>
/// <param name="transport">The way to the server.</param>
/// <param name="call">The objects.</param>
/// <param name="filter">A part of the query that selects them; null for all.</param>
/// <param name="list">Lists them.</param>
/// <param name="read">Reads one.</param>
/// <param name="tell">Gets each change.</param>
internal sealed class ObjectWatch<T>(
    KubernetesTransport transport, ApiCall call, string? filter, Func<CancellationToken, Task<ListPage<WatchedObject<T>>>> list,
    Func<JsonElement, WatchedObject<T>> read, Func<WatchEvent<T>, CancellationToken, ValueTask> tell)
{
    private readonly ApiCall _call = call with { Verb = "watch" };
    private Dictionary<string, WatchedObject<T>> _known = [];

    /// <summary>Up to which version everything was told; null when that has to be listed.</summary>
    private string? _version;

    /// <summary>Watches until the token ends it.</summary>
    /// <exception cref="ChaosException">The server refuses, says what is no watch, or keeps failing.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            if (_version is null) await ListAsync(cancellationToken);
            var before = _version;
            var end = await transport.WatchAsync(
                _call, filter, _version!, new WatchBody(KubernetesTransport.LongestWatch, TellAsync), cancellationToken);
            var moved = _version != before;
            if (moved) failures = 0;
            var isTooOld = end.Error?.ErrorId == ChaosErrors.ClusterListExpiredId;
            if (isTooOld) _version = null;
            else if (end.Error is { } error && !end.Transient) throw error;

            // What has got on, or has just become too old, goes on at once; a stream that only ends is no failure, but must not be asked for without end.
            if (end.Error is not null) failures++;
            if (isTooOld ? failures > 1 : end.Error is not null || !moved) await transport.PauseAsync(Math.Max(failures, 1), end, cancellationToken);
        }
    }

    /// <summary>Tells what is another than it was known to be.</summary>
    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var page = await list(cancellationToken);
        if (page.ResourceVersion.Length == 0) throw ChaosErrors.ApiAnswerInvalid($"list of {call.Resource}", transport.Cluster, "it has no resourceVersion");
        var before = _known;
        _known = [];
        foreach (var item in page.Items)
        {
            if (before.Remove(item.Uid, out var known)) _known[item.Uid] = known;
            await SetAsync(item, cancellationToken);
        }

        foreach (var gone in before.Values) await tell(new WatchEvent<T>(WatchEventType.Deleted, gone.Item), cancellationToken);
        _version = page.ResourceVersion;
    }

    private async ValueTask TellAsync(string type, JsonElement json, CancellationToken cancellationToken)
    {
        if (type == "BOOKMARK")
        {
            _version = new ApiFields(json).Text("metadata", "resourceVersion") ?? throw new InvalidDataException("a bookmark has no resourceVersion");
            return;
        }

        var item = read(json);
        if (type == "DELETED")
        {
            if (_known.Remove(item.Uid)) await tell(new WatchEvent<T>(WatchEventType.Deleted, item.Item), cancellationToken);
        }
        else
        {
            if (type is not ("ADDED" or "MODIFIED")) throw new InvalidDataException($"an event has the unknown type '{type}'");
            await SetAsync(item, cancellationToken);
        }

        _version = item.Version;
    }

    private ValueTask SetAsync(WatchedObject<T> item, CancellationToken cancellationToken)
    {
        var isKnown = _known.TryGetValue(item.Uid, out var known);
        _known[item.Uid] = item;
        return known?.Version == item.Version
            ? ValueTask.CompletedTask
            : tell(new WatchEvent<T>(isKnown ? WatchEventType.Modified : WatchEventType.Added, item.Item), cancellationToken);
    }
}

/// <summary>An object that is watched.</summary>
/// <param name="Uid">Which one it is.</param>
/// <param name="Version">Its resource version.</param>
/// <param name="Item">What is made of it.</param>
internal sealed record WatchedObject<T>(string Uid, string Version, T Item);
