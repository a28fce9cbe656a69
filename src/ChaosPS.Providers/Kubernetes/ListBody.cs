using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;
using ChaosPS.Providers.Kubernetes.Protobuf;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Takes in the body of a list while it comes: of each item only what is made of it stays.</summary>
/// <typeparam name="T">What is made of each item.</typeparam>
/// <param name="itemType">What the items are.</param>
/// <param name="add">Gets each item while it is in memory, and adds what it makes of it, if anything.</param>
internal sealed class ListBody<T>(ApiType itemType, Action<ApiFields, List<T>> add) : StreamedBody
{
    private readonly ProtobufList _protobuf = new(itemType);

    /// <summary>What was read last.</summary>
    public ListPage<T> Page { get; private set; } = new();

    /// <summary>Gets what the next page is asked for with, empty at the last, before the items are read, where the form of the list allows it.</summary>
    public Action<string> Tell { get; set; } = static _ => { };

    /// <inheritdoc/>
    public override string MediaType => ProtobufList.MediaType;

    /// <inheritdoc/>
    public override async Task ReadAsync(string? mediaType, Stream body, CancellationToken cancellationToken) =>
        Page = mediaType == ProtobufList.MediaType
            ? await _protobuf.ReadAsync(body, add, Tell, cancellationToken)
            : await ReadJsonAsync(body, cancellationToken);

    private async Task<ListPage<T>> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return ListPage<T>.Read(document.RootElement, (item, items) => add(item, items));
    }
}
