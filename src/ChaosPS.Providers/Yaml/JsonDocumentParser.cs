using System.Numerics;
using System.Text;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Yaml;

/// <summary>Reads JSON by its own rules into nodes with positions.</summary>
internal ref struct JsonDocumentParser
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _source;
    private readonly byte[] _bytes;
    private Utf8JsonReader _reader;

    // How far lines and columns have been counted; tokens come in order, so each byte is looked at once.
    private int _counted;
    private int _line = 1;
    private int _column = 1;

    public JsonDocumentParser(string text, string source)
    {
        _source = source;
        try
        {
            _bytes = s_strictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            var before = text.AsSpan(0, exception.Index);
            throw ChaosErrors.DocumentInvalid(
                source, before.Count('\n') + 1, exception.Index - before.LastIndexOf('\n'), "half a surrogate pair stands here", exception);
        }

        _reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = YamlDocumentReader.DeepestNesting });
    }

    public DocumentNode Parse()
    {
        try
        {
            _reader.Read();
            var root = ReadValue();
            _reader.Read(); // throws when anything follows
            return root;
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0) + 1;
            var column = Column(line, (int)(exception.BytePositionInLine ?? 0));
            throw ChaosErrors.DocumentInvalid(_source, line, column, Reason(exception), exception);
        }
    }

    private DocumentNode ReadValue()
    {
        var (line, column) = Position();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<DocumentEntry>();
                while (Advance() != JsonTokenType.EndObject)
                {
                    var at = Position();
                    var key = new DocumentScalar(ReadText(), at.Line, at.Column);
                    Advance();
                    entries.Add(new DocumentEntry(key, ReadValue()));
                }

                return new DocumentMapping(DocumentKeys.LastOfEqual(entries), line, column);
            case JsonTokenType.StartArray:
                var items = new List<DocumentNode>();
                while (Advance() != JsonTokenType.EndArray) items.Add(ReadValue());
                return new DocumentSequence(items, line, column);
            case JsonTokenType.String:
                return new DocumentScalar(ReadText(), line, column);
            case JsonTokenType.Number:
                return new DocumentScalar(ReadNumber(), line, column);
            default:
                return new DocumentScalar(_reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null }, line, column);
        }
    }

    private JsonTokenType Advance()
    {
        _reader.Read();
        return _reader.TokenType;
    }

    private string ReadText()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw ChaosErrors.DocumentInvalid(_source, _line, _column, "this text has half a surrogate pair", exception);
        }
    }

    private readonly object ReadNumber()
    {
        if (_reader.TryGetInt64(out var number)) return number;
        return _reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
            ? BigInteger.Parse(Encoding.ASCII.GetString(_reader.ValueSpan), System.Globalization.CultureInfo.InvariantCulture)
            : _reader.GetDouble();
    }

    private (int Line, int Column) Position()
    {
        var end = (int)_reader.TokenStartIndex;
        for (; _counted < end; _counted++)
        {
            var next = _bytes[_counted];
            if (next == '\n')
            {
                _line++;
                _column = 1;
            }
            else if ((next & 0xC0) != 0x80)
            {
                _column += next >= 0xF0 ? 2 : 1; // UTF-16 units, as .NET and editors count
            }
        }

        return (_line, _column);
    }

    /// <summary>The 1-based column of a byte of a line.</summary>
    private readonly int Column(int line, int byteInLine)
    {
        var start = 0;
        for (var passed = 1; passed < line; passed++)
        {
            var end = _bytes.AsSpan(start).IndexOf((byte)'\n');
            if (end < 0) break;
            start += end + 1;
        }

        return Encoding.UTF8.GetCharCount(_bytes.AsSpan(start, Math.Min(byteInLine, _bytes.Length - start))) + 1;
    }

    /// <summary>The parser's words without its advice to programmers and the position that it appends.</summary>
    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end])
            .Replace(" not supported in this mode. Change the reader options.", " not allowed in JSON", StringComparison.Ordinal).TrimEnd('.');
    }
}
