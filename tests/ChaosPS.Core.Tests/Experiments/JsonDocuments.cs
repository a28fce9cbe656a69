using System.Numerics;
using System.Text;
using System.Text.Json;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>Reads JSON with places: enough for experiments in tests.</summary>
internal sealed class JsonDocuments : IDocumentReader
{
    public static JsonDocuments Instance { get; } = new();

    public IReadOnlyList<DocumentNode> ReadAll(string text, string source) => [Read(text, source)];

    public DocumentNode ReadJson(string text, string source) => Read(text, source);

    public DocumentNode Read(string text, string source)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        return Read(ref reader, bytes);
    }

    private static DocumentNode Read(ref Utf8JsonReader reader, byte[] bytes)
    {
        var (line, column) = Place(bytes, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<DocumentEntry>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (keyLine, keyColumn) = Place(bytes, reader.TokenStartIndex);
                    var key = new DocumentScalar(reader.GetString(), keyLine, keyColumn);
                    reader.Read();
                    entries.Add(new DocumentEntry(key, Read(ref reader, bytes)));
                }

                return new DocumentMapping(entries, line, column);
            case JsonTokenType.StartArray:
                var items = new List<DocumentNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Read(ref reader, bytes));
                return new DocumentSequence(items, line, column);
            default:
                return new DocumentScalar(Value(ref reader), line, column);
        }
    }

    private static object? Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.String: return reader.GetString();
            case JsonTokenType.Number:
                var text = Encoding.UTF8.GetString(reader.ValueSpan);
                if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return reader.GetDouble();
                if (reader.TryGetInt64(out var number)) return number;
                return BigInteger.Parse(text, null);
            default: return null;
        }
    }

    private static (int Line, int Column) Place(byte[] bytes, long index)
    {
        var before = bytes.AsSpan(0, (int)index);
        return (before.Count((byte)'\n') + 1, (int)index - before.LastIndexOf((byte)'\n'));
    }
}
