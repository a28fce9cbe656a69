using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// Reads lists in the API's protobuf from a stream: an item at a time is in memory, however long the list is.
/// </summary>
/// <remarks>
/// A body is <c>k8s\0</c> and a message Unknown, whose second field is the list: its metadata and its items.
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding .
/// </remarks>
/// <param name="itemType">What the items are.</param>
internal sealed class ProtobufList(ApiType itemType)
{
    /// <summary>The media type of the API's protobuf.</summary>
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private readonly ProtobufItem _item = new(itemType);

    /// <summary>What every body begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Reads one answer.</summary>
    /// <param name="body">The body.</param>
    /// <param name="add">Gets each item while it is in memory, must not keep it, and adds what it makes of it, if anything.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The body is no such list, or ends too early.</exception>
    public async Task<ListPage<T>> ReadAsync<T>(Stream body, Action<ApiFields, List<T>> add, CancellationToken cancellationToken)
    {
        using var stream = new ProtobufStream(body);
        await ReadMagicAsync(stream, cancellationToken);
        ListPage<T>? page = null;
        while (!await stream.IsAtEndAsync(cancellationToken))
        {
            await stream.ReadHeaderAsync(long.MaxValue, cancellationToken);
            switch (stream.Field)
            {
                case 1:
                    CheckKind(await stream.TakeAsync(cancellationToken));
                    break;
                case 2 when stream.Type == WireType.Bytes:
                    page = await ReadListAsync(stream, add, cancellationToken);
                    break;
                case 3 when stream.Length > 0:
                    throw new InvalidDataException("it is encoded in yet another way");
                default:
                    await stream.SkipAsync(long.MaxValue, cancellationToken);
                    break;
            }
        }

        return page ?? throw new InvalidDataException("it has no list");
    }

    private async Task<ListPage<T>> ReadListAsync<T>(ProtobufStream stream, Action<ApiFields, List<T>> add, CancellationToken cancellationToken)
    {
        var page = new ListPage<T>();
        var end = stream.Position + stream.Length;
        while (stream.Position < end)
        {
            await stream.ReadHeaderAsync(end, cancellationToken);
            switch (stream.Field)
            {
                case 1:
                    ReadMetadata(await stream.TakeAsync(cancellationToken), page);
                    break;
                case 2:
                    var item = await stream.TakeAsync(cancellationToken);
                    add(new ApiFields(_item.Begin(item)), page.Items);
                    break;
                default:
                    await stream.SkipAsync(end, cancellationToken);
                    break;
            }
        }

        return page;
    }

    private static async ValueTask ReadMagicAsync(ProtobufStream stream, CancellationToken cancellationToken)
    {
        var begin = await stream.TakeAsync(Magic.Length, cancellationToken);
        if (!begin.AsSpan().SequenceEqual(Magic)) throw new InvalidDataException("it does not begin as Kubernetes' protobuf does");
    }

    /// <summary>The answer says what it is: another kind, such as a Status, is no list of the items.</summary>
    private void CheckKind(ReadOnlySpan<byte> typeMeta)
    {
        var kind = "";
        var scanner = new ProtobufScanner(typeMeta);
        while (scanner.Next())
        {
            if (scanner.Field == 2) kind = _item.Texts.Read(scanner.Bytes());
        }

        if (kind != $"{itemType.Name}List") throw new InvalidDataException($"it is a {kind}, not a {itemType.Name}List");
    }

    private static void ReadMetadata<T>(ReadOnlySpan<byte> metadata, ListPage<T> page)
    {
        var scanner = new ProtobufScanner(metadata);
        while (scanner.Next())
        {
            if (scanner.Field == 2) page.ResourceVersion = System.Text.Encoding.UTF8.GetString(scanner.Bytes());
            if (scanner.Field == 3) page.Continue = System.Text.Encoding.UTF8.GetString(scanner.Bytes());
        }
    }
}
