using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Http;

/// <summary>An answer of a face.</summary>
internal sealed class FaceResponse
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    /// <summary>The body.</summary>
    public byte[] Body { get; }

    /// <summary>A JSON document.</summary>
    public static FaceResponse Json(HttpStatusCode status, JsonNode body, string contentType = "application/json") =>
        new(status, contentType, JsonSerializer.SerializeToUtf8Bytes(body, s_json));

    /// <summary>A text.</summary>
    public static FaceResponse Text(HttpStatusCode status, string body, string contentType = "text/plain; charset=utf-8") =>
        new(status, contentType, Encoding.UTF8.GetBytes(body));

    /// <summary>No body.</summary>
    public static FaceResponse Empty(HttpStatusCode status) => new(status, null, []);

    /// <summary>Adds a header and returns the same answer.</summary>
    public FaceResponse With(string header, string value)
    {
        _headers.Add(new(header, value));
        return this;
    }

    /// <summary>The message for the client.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request, DateTimeOffset now)
    {
        var content = new ByteArrayContent(Body);
        if (ContentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        var message = new HttpResponseMessage(Status) { RequestMessage = request, Content = content };
        message.Headers.Date = now;
        foreach (var (name, value) in _headers) message.Headers.Add(name, value);
        return message;
    }
}
