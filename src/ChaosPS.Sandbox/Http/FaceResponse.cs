using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Http;

/// <summary>An answer of a face.</summary>
internal sealed class FaceResponse
{
    /// <summary>How JSON is written: as Go programs do, with few characters escaped.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions s_lines = new(JsonOptions) { WriteIndented = true };

    private readonly List<KeyValuePair<string, string>> _headers = [];

    private FaceResponse(HttpStatusCode status, string? contentType, byte[] body)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The media type of the body; null without a body.</summary>
    public string? ContentType { get; }

    /// <summary>The body; empty for an answer that is made while it is sent.</summary>
    public byte[] Body { get; }

    /// <summary>The parts of an answer that is made while it is sent; null for one that is whole.</summary>
    public IAsyncEnumerable<byte[]>? Chunks { get; private init; }

    /// <summary>How long it takes until the answer is there.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What is spoken on the connection after the answer; null for an answer that is the end of it.</summary>
    private Func<Stream, Task>? Talk { get; init; }

    /// <summary>A JSON document.</summary>
    public static FaceResponse Json(HttpStatusCode status, JsonNode body, string contentType = "application/json") =>
        new(status, contentType, body.ToBytes(s_writing));

    /// <summary>Any other body.</summary>
    public static FaceResponse Bytes(HttpStatusCode status, byte[] body, string contentType) => new(status, contentType, body);

    /// <summary>A text.</summary>
    public static FaceResponse Text(HttpStatusCode status, string body, string contentType = "text/plain; charset=utf-8") =>
        new(status, contentType, Encoding.UTF8.GetBytes(body));

    /// <summary>An answer that is made while it is sent, such as a watch.</summary>
    /// <param name="status">The status: it goes out before the first chunk.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="chunks">Each is sent as soon as it is there. Their enumeration is cancelled when the client goes away or the server stops.</param>
    public static FaceResponse Stream(HttpStatusCode status, string contentType, IAsyncEnumerable<byte[]> chunks) =>
        new(status, contentType, []) { Chunks = chunks };

    /// <summary>Goes over to another protocol, on the same connection.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="talk">The server's part of what is spoken in it.</param>
    public static FaceResponse Switch(string protocol, Func<Stream, Task> talk) =>
        new FaceResponse(HttpStatusCode.SwitchingProtocols, null, []) { Talk = talk }.With("Connection", "Upgrade").With("Upgrade", protocol);

    /// <summary>The same answer, but later.</summary>
    public FaceResponse After(TimeSpan delay)
    {
        var later = new FaceResponse(Status, ContentType, Body) { Chunks = Chunks, Talk = Talk, Delay = delay };
        later._headers.AddRange(_headers);
        return later;
    }

    /// <summary>No body.</summary>
    public static FaceResponse Empty(HttpStatusCode status) => new(status, null, []);

    /// <summary>Adds a header and returns the same answer.</summary>
    public FaceResponse With(string header, string value)
    {
        _headers.Add(new(header, value));
        return this;
    }

    /// <summary>Adds warnings, which kubectl shows, and returns the same answer.</summary>
    public FaceResponse Warning(IEnumerable<string> texts)
    {
        foreach (var text in texts) With("Warning", $"299 - {JsonSerializer.Serialize(text, JsonOptions)}");
        return this;
    }

    /// <summary>The same answer with JSON in lines; any other is left as it is.</summary>
    public FaceResponse Indented()
    {
        if (Chunks is not null || ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true) return this;
        var indented = new FaceResponse(Status, ContentType, JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(Body), s_lines));
        indented._headers.AddRange(_headers);
        return indented;
    }

    /// <summary>The message for the client.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request, TimeProvider time)
    {
        HttpContent content = Talk is { } talk ? new TalkContent(talk, time) : Chunks is { } chunks ? new ChunkContent(chunks) : new ByteArrayContent(Body);
        if (ContentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        var message = new HttpResponseMessage(Status) { RequestMessage = request, Content = content };
        message.Headers.Date = time.GetUtcNow();
        foreach (var (name, value) in _headers) message.Headers.Add(name, value);
        return message;
    }
}
