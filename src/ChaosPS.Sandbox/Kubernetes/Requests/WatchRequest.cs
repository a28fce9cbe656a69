using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>A watch: the objects as they are, or from where the client knows them, then every change, a line each.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes .</remarks>
internal sealed class WatchRequest
{
    private static readonly TimeSpan s_bookmarkInterval = TimeSpan.FromMinutes(1);

    private readonly SandboxCluster _cluster;
    private readonly ObjectStore _store;
    private readonly ResourceType _type;
    private readonly Selection _selection;
    private readonly Func<JsonObject, DateTimeOffset, JsonObject> _represent;
    private readonly bool _withBookmarks;
    private readonly bool _sendsInitialEvents;
    private readonly TimeSpan? _timeout;
    private readonly bool _startsWithState;

    /// <summary>The version up to which the client knows everything.</summary>
    private long _version;

    /// <summary>Reads the request. From here on no change escapes the watch, however late its first line is read.</summary>
    /// <exception cref="StatusException">The request makes no sense.</exception>
    public WatchRequest(FaceRequest request, ResourcePath path, ObjectStore store, SandboxCluster cluster, Representation representation)
    {
        _cluster = cluster;
        _store = store;
        _type = path.Type;
        _selection = Selection.Of(request, path, store);
        _represent = representation.Events();
        _withBookmarks = request.IsSet("allowWatchBookmarks");
        _sendsInitialEvents = request.IsSet("sendInitialEvents");
        _timeout = int.TryParse(request.Query("timeoutSeconds"), out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        store.History(_type);
        _version = ResourceVersions.Read(request, store.Simulation.ResourceVersion);
        _startsWithState = _version == 0 || _sendsInitialEvents;
    }

    /// <summary>The answer, which goes on until the client leaves or the time that it asked for is over.</summary>
    public FaceResponse Answer() => FaceResponse.Stream(System.Net.HttpStatusCode.OK, "application/json", Lines());

    private async IAsyncEnumerable<byte[]> Lines([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var over = _timeout is { } timeout ? new CancellationTokenSource(timeout, _cluster.Time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var (lines, goesOn) = _cluster.Look(_ => Begin());
        var bookmarkDue = _cluster.Time.GetUtcNow() + s_bookmarkInterval;
        while (true)
        {
            foreach (var line in lines) yield return line;
            if (!goesOn || !await ChangesAsync(both.Token, cancellationToken)) yield break;
            (lines, goesOn) = _cluster.Look(_ => Next());
            if (!_withBookmarks || _cluster.Time.GetUtcNow() < bookmarkDue) continue;
            bookmarkDue = _cluster.Time.GetUtcNow() + s_bookmarkInterval;
            lines.Add(Bookmark(isEndOfInitialEvents: false));
        }
    }

    /// <summary>Waits for something to happen; false when the watch's time is over.</summary>
    private async Task<bool> ChangesAsync(CancellationToken both, CancellationToken client)
    {
        try
        {
            await _cluster.WaitForChangeAsync(_version, both);
            return true;
        }
        catch (OperationCanceledException) when (!client.IsCancellationRequested)
        {
            return false;
        }
    }

    private (List<byte[]> Lines, bool GoesOn) Begin()
    {
        if (!_startsWithState) return Next();
        List<byte[]> lines = [];
        foreach (var item in _selection.In(_store)) lines.Add(Line("ADDED", JsonParts.Alone(_type, _store.KindOf(_type).Write(item))));
        _version = _store.Simulation.ResourceVersion;
        if (_sendsInitialEvents) lines.Add(Bookmark(isEndOfInitialEvents: true));
        return (lines, true);
    }

    private (List<byte[]> Lines, bool GoesOn) Next()
    {
        var history = _store.History(_type);
        if (_version < history.Since) return ([Refusal(StatusException.TooOldWatch(_type, _version, history.Since))], false);
        List<byte[]> lines = [];
        foreach (var change in history.After(_version))
        {
            if (NameOf(change) is { } name) lines.Add(Line(name, AsAsked(change.Json)));
        }

        _version = _store.Simulation.ResourceVersion;
        return (lines, _store.Types.Has(_type));
    }

    /// <summary>An object as the watched type shows it.</summary>
    private JsonObject AsAsked(JsonObject stored)
    {
        if (_type == ResourceTypes.NewEvent) return EventWriter.AloneAsNew(stored);
        var json = (JsonObject)stored.DeepClone();
        json["apiVersion"] = _type.ApiVersion;
        return json;
    }

    /// <summary>What a change means to a client that sees only what it selected: an object may come into its sight, or leave it.</summary>
    private string? NameOf(ObjectEvent change)
    {
        var isSeen = _selection.Matches(change.Item, change.Json);
        var wasSeen = change.Before is { } before ? _selection.Matches(change.Item, before) : isSeen;
        return change.Type switch
        {
            ChangeType.Added => isSeen ? "ADDED" : null,
            ChangeType.Deleted => wasSeen ? "DELETED" : null,
            _ => (wasSeen, isSeen) switch
            {
                (true, true) => "MODIFIED",
                (false, true) => "ADDED",
                (true, false) => "DELETED",
                _ => null,
            },
        };
    }

    private byte[] Bookmark(bool isEndOfInitialEvents)
    {
        var metadata = new JsonObject { ["resourceVersion"] = JsonParts.Number(_version), ["creationTimestamp"] = null };
        if (isEndOfInitialEvents) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return Line("BOOKMARK", JsonParts.Alone(_type, new JsonObject { ["metadata"] = metadata }));
    }

    private byte[] Line(string type, JsonObject item) => Write(type, _represent(item, _store.Simulation.Now));

    private static byte[] Refusal(StatusException refusal) => Write("ERROR", refusal.ToJson());

    private static byte[] Write(string type, JsonObject item) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = type, ["object"] = item }, FaceResponse.JsonOptions), (byte)'\n'];
}
