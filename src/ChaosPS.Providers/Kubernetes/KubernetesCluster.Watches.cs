using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChaosPS.Clusters;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Watches.</content>
internal sealed partial class KubernetesCluster
{
    /// <summary>Events that are read ahead of who gets them; then the server has to wait.</summary>
    private const int MostEventsAhead = 100;

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<ClusterNode>> WatchNodesAsync(string? name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var identity = await GetIdentityAsync(cancellationToken);
        var changes = WatchAsync(
            new ApiCall("list", "", "v1", "nodes"), "Node", name is null ? null : $"fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}",
            item => KubernetesReader.ReadNode(item, identity, _time.GetUtcNow()), cancellationToken);
        await foreach (var change in changes) yield return change;
    }

    private async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ApiCall call, string kind, string? filter, Func<ApiFields, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<WatchEvent<T>>(MostEventsAhead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(channel.Writer, stop.Token);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }

        async Task WatchAsync(ChannelWriter<WatchEvent<T>> events, CancellationToken end)
        {
            try
            {
                await new ObjectWatch<T>(
                    _transport, call, filter, listing => ReadPagesAsync<WatchedObject<T>>(call, kind, filter, (item, items) => items.Add(Read(item)), listing), json => Read(json),
                    events.WriteAsync).RunAsync(end);
            }
            catch (Exception exception)
            {
                events.Complete(exception);
            }
        }

        WatchedObject<T> Read(ApiFields item) => item.Text("metadata", "uid") is { } uid && item.Text("metadata", "resourceVersion") is { } version
            ? new(uid, version, read(item))
            : throw new InvalidDataException("an object has no uid or no resourceVersion");
    }
}
