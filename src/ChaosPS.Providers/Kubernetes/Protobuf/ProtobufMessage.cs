using System.Text;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// A message, of which each field is read when somebody asks for it: what nobody asks for is passed over and costs next to nothing. The
/// bytes belong to the list that is being read, so a message is only good while its item is.
/// </summary>
/// <param name="place">The message.</param>
internal sealed class ProtobufMessage(ProtobufPlace place) : ApiMessage
{
    private static readonly object s_mapMaker = new();
    private static readonly Dictionary<string, string> s_noEntries = [];

    /// <summary>Texts of which each object has its own: they come once, and would only push out those that come again.</summary>
    private static readonly ApiField[] s_own =
    [
        ApiSchema.Find("meta/v1", "ObjectMeta")!.ByName["name"], ApiSchema.Find("meta/v1", "ObjectMeta")!.ByName["uid"], ApiSchema.Find("v1", "PodStatus")!.ByName["podIP"],
    ];

    /// <summary>The bytes of the message.</summary>
    public ReadOnlySpan<byte> Bytes => place.Bytes;

    /// <summary>The texts that were lately read.</summary>
    public RecentTexts RecentTexts => place.Item.Texts;

    /// <inheritdoc/>
    public override ApiFields? At(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Type is not null || found.Entries is not null
            ? new ApiFields(new ProtobufMessage(found))
            : throw Wrong(found, "an object")
        : null;

    /// <inheritdoc/>
    public override string? Text(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Field!.Scalar switch
        {
            "string" when IsOwn(found.Field) => found.Bytes.IsEmpty ? null : Encoding.UTF8.GetString(found.Bytes),
            "string" => Read(found.Bytes),
            "quantity" => ProtobufScalars.Quantity(found.Bytes, RecentTexts),
            "intOrString" => ProtobufScalars.Text(found.Bytes, RecentTexts),
            _ => throw Wrong(found, "a text"),
        }
        : null;

    /// <inheritdoc/>
    public override string? Scalar(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Field!.Scalar switch
        {
            "string" => Read(found.Bytes),
            "quantity" => ProtobufScalars.Quantity(found.Bytes, RecentTexts),
            "intOrString" => ProtobufScalars.CountOrText(found.Bytes, RecentTexts),
            _ => throw Wrong(found, "a quantity or a count"),
        }
        : null;

    /// <inheritdoc/>
    public override bool Flag(ReadOnlySpan<string> path) =>
        Find(path, out var found) && (found.Field!.Scalar == "bool" ? found.Number != 0 : throw Wrong(found, "true or false"));

    /// <inheritdoc/>
    public override long? Number(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Field!.Scalar == "int" ? (long)found.Number : throw Wrong(found, "a whole number")
        : null;

    /// <inheritdoc/>
    public override DateTimeOffset? Time(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Field!.Scalar switch
        {
            "time" => ProtobufScalars.Time(found.Bytes, isMicro: false),
            "microTime" => ProtobufScalars.Time(found.Bytes, isMicro: true),
            _ => throw Wrong(found, "a time"),
        }
        : null;

    /// <inheritdoc/>
    public override IReadOnlyList<ApiFields> Items(ReadOnlySpan<string> path)
    {
        if (!Find(path, out var found)) return [];
        if (found.Entries is not { Shape: FieldShape.List, Type: not null } list) throw Wrong(found, "a list of objects");
        var items = new ApiFields[Count(found.Bytes, list.Number)];
        var scanner = new ProtobufScanner(found.Bytes);
        for (var index = 0; index < items.Length && scanner.Next();)
        {
            if (scanner.Field != list.Number) continue;
            scanner.Bytes();
            items[index++] = new ApiFields(new ProtobufMessage(found.Entry(scanner.Start, scanner.Length)));
        }

        return items;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Texts(ReadOnlySpan<string> path)
    {
        if (!Find(path, out var found)) return [];
        if (found.Entries is not { Shape: FieldShape.List, Scalar: "string" } list) throw Wrong(found, "a list of texts");
        var read = new List<string>();
        var scanner = new ProtobufScanner(found.Bytes);
        while (scanner.Next())
        {
            if (scanner.Field == list.Number) read.Add(RecentTexts.Read(scanner.Bytes()));
        }

        return read;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Map(ReadOnlySpan<string> path)
    {
        if (!Find(path, out var found)) return s_noEntries;
        if (found.Entries is not { Shape: FieldShape.Map, Scalar: "string" } map) throw Wrong(found, "a map of texts");

        // The entries stand one after the other, so their bytes as a whole tell one map from another.
        return ReadMap(found.Bytes, map.Number);
    }

    /// <summary>The map whose entries are the fields of a number.</summary>
    public IReadOnlyDictionary<string, string> ReadMap(ReadOnlySpan<byte> entries, int number)
    {
        if (entries.IsEmpty) return s_noEntries;
        return place.Item.Values.Find<Dictionary<string, string>>(entries, s_mapMaker, out var slot) ?? place.Item.Values.Keep(slot, entries, s_mapMaker, MakeMap(entries, number));
    }

    /// <inheritdoc/>
    public override string? Entry(ReadOnlySpan<string> path) => Find(path, out var found)
        ? found.Field is { Shape: FieldShape.Map, Scalar: "string" } && found.Entries is null ? RecentTexts.Read(found.Bytes) : throw Wrong(found, "a text of a map")
        : null;

    /// <inheritdoc/>
    public override T Shared<T>(Func<ApiFields, T> read) =>
        place.Entries is not null ? read(new ApiFields(this)) :
        place.Item.Values.Find<T>(place.Bytes, read, out var slot) ?? place.Item.Values.Keep(slot, place.Bytes, read, read(new ApiFields(this)));

    /// <summary>How many fields of a number there are.</summary>
    private static int Count(ReadOnlySpan<byte> bytes, int number)
    {
        var count = 0;
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field == number) count++;
        }

        return count;
    }

    private Dictionary<string, string> MakeMap(ReadOnlySpan<byte> bytes, int number)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var scanner = new ProtobufScanner(bytes);
        while (scanner.Next())
        {
            if (scanner.Field != number) continue;
            var entry = new ProtobufEntry(scanner.Bytes());
            map[RecentTexts.Read(entry.Key)] = RecentTexts.Read(entry.Value);
        }

        return map;
    }

    private static bool IsOwn(ApiField field)
    {
        foreach (var own in s_own)
        {
            if (ReferenceEquals(own, field)) return true;
        }

        return false;
    }

    private string? Read(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : RecentTexts.Read(bytes);

    private bool Find(ReadOnlySpan<string> path, out ProtobufPlace found)
    {
        found = place;
        foreach (var name in path)
        {
            if (!found.Step(name)) return false;
        }

        return true;
    }

    /// <summary>Code that reads a field as something that the schema says it is not.</summary>
    private static InvalidOperationException Wrong(ProtobufPlace found, string what) => new($"'{found.Field?.Name}' is not {what}.");
}
