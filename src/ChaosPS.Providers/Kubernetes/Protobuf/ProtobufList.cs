using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// Reads lists in the API's protobuf from a stream: an item at a time is in memory, however long the list is.
/// </summary>
/// <remarks>
/// Objects get new fields, lists do not: they have had their metadata and their items since there are any. So what is anything else in a list is
/// refused, lest a damaged list be taken for a shorter one.
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
    /// <param name="tell">Gets what the next page is asked for with, empty at the last, before the first item is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The body is no such list.</exception>
    /// <exception cref="EndOfStreamException">The body ends before the list does.</exception>
    public async Task<ListPage<T>> ReadAsync<T>(Stream body, Action<ApiFields, List<T>> add, Action<string> tell, CancellationToken cancellationToken)
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
                case 2:
                    if (page is not null) throw new InvalidDataException("it has two lists");
                    page = await ReadListAsync(stream, add, tell, cancellationToken);
                    break;
                case 3 when stream.Length > 0:
                    throw new InvalidDataException("it is encoded in yet another way");
                default:
                    await stream.SkipAsync(long.MaxValue, cancellationToken);
                    break;
            }
        }

        return page ?? throw new EndOfStreamException("it ends before its list");
    }

    private async Task<ListPage<T>> ReadListAsync<T>(
        ProtobufStream stream, Action<ApiFields, List<T>> add, Action<string> tell, CancellationToken cancellationToken)
    {
        if (stream.Type != WireType.Bytes) throw new InvalidDataException("its list is a number");
        var page = new ListPage<T>();
        var hasMetadata = false;
        var end = stream.Position + stream.Length;
        while (stream.Position < end)
        {
            await stream.ReadHeaderAsync(end, cancellationToken);
            switch (stream.Field)
            {
                case 1 when !hasMetadata:
                    hasMetadata = true;
                    ReadMetadata(await stream.TakeAsync(cancellationToken), page);
                    tell(page.Continue);
                    break;
                case 2:
                    var item = await stream.TakeAsync(cancellationToken);
                    add(new ApiFields(_item.Begin(item)), page.Items);
                    break;
                default:
                    throw new InvalidDataException($"field {stream.Field} is none of a list, or stands there twice");
            }
        }

        return hasMetadata ? page : throw new InvalidDataException("it has no metadata");
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

    /// <summary>Reads what says whether there is more: a mistake here would make the list shorter.</summary>
    private static void ReadMetadata<T>(ReadOnlySpan<byte> metadata, ListPage<T> page)
    {
        var (seen, remaining) = (0, 0L);
        var scanner = new ProtobufScanner(metadata);
        while (scanner.Next())
        {
            if (scanner.Field > 4 || (seen & (1 << scanner.Field)) != 0) throw Wrong(scanner.Field);
            seen |= 1 << scanner.Field;
            switch (scanner.Field)
            {
                case 1 when !scanner.Bytes().IsEmpty: // selfLink, which is written although no server has one
                    throw Wrong(scanner.Field);
                case 2:
                    page.ResourceVersion = Encoding.UTF8.GetString(scanner.Bytes());
                    break;
                case 3:
                    page.Continue = Encoding.UTF8.GetString(scanner.Bytes());
                    break;
                case 4:
                    remaining = (long)scanner.Varint();
                    break;
            }
        }

        if ((seen & (1 << 3)) == 0) throw new InvalidDataException("it does not say whether it goes on"); // an API server writes it, empty or not
        if (remaining > 0 && page.Continue.Length == 0) throw new InvalidDataException("it goes on, and does not say where");

        static InvalidDataException Wrong(int field) => new($"field {field} is none of a list's metadata, or stands there twice");
    }
}
