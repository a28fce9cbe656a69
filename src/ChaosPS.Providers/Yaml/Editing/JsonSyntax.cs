using System.Text;
using System.Text.Json;

namespace ChaosPS.Providers.Yaml.Editing;

/// <summary>Finds the extents of all nodes of a JSON text.</summary>
internal ref struct JsonSyntax
{
    private readonly byte[] _bytes;
    private Utf8JsonReader _reader;

    // How far characters have been counted; tokens come in order.
    private int _counted;
    private int _characters;

    private JsonSyntax(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = YamlDocumentReader.DeepestNesting });
    }

    /// <summary>The one document of a text that the document reader takes.</summary>
    public static IReadOnlyList<SyntaxDocument> Parse(string text)
    {
        var syntax = new JsonSyntax(text);
        syntax._reader.Read();
        return [new SyntaxDocument(syntax.Read(), text.Length, [])];
    }

    private SyntaxNode Read()
    {
        var start = Place((int)_reader.TokenStartIndex);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var mapping = new SyntaxNode { Kind = SyntaxKind.Mapping, Outset = start, Start = start, IsFlow = true };
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = Scalar('"');
                    _reader.Read();
                    mapping.Entries.Add((key, Read()));
                }

                mapping.End = Place((int)_reader.BytesConsumed);
                return mapping;
            case JsonTokenType.StartArray:
                var sequence = new SyntaxNode { Kind = SyntaxKind.Sequence, Outset = start, Start = start, IsFlow = true };
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) sequence.Items.Add(Read());
                sequence.End = Place((int)_reader.BytesConsumed);
                return sequence;
            case JsonTokenType.String:
                return Scalar('"');
            default:
                return Scalar('\0');
        }
    }

    private SyntaxNode Scalar(char quote)
    {
        var start = Place((int)_reader.TokenStartIndex);
        var text = quote == '"' ? _reader.GetString()! : Encoding.UTF8.GetString(_reader.ValueSpan);
        var end = _reader.TokenType == JsonTokenType.PropertyName
            ? (int)_reader.TokenStartIndex + _reader.ValueSpan.Length + 2 // the colon is part of what was consumed
            : (int)_reader.BytesConsumed;
        return new SyntaxNode { Kind = SyntaxKind.Scalar, Outset = start, Start = start, End = Place(end), IsFlow = true, Quote = quote, Text = text };
    }

    /// <summary>The place of a byte, in UTF-16 units.</summary>
    private int Place(int end)
    {
        _characters += Encoding.UTF8.GetCharCount(_bytes.AsSpan(_counted, end - _counted));
        _counted = end;
        return _characters;
    }
}
