using System.Net.Http.Headers;

namespace ChaosPS.Sandbox.Http;

/// <summary>A request as the faces read it.</summary>
internal sealed class FaceRequest
{
    private readonly List<KeyValuePair<string, string>> _query = [];
    private readonly Dictionary<string, string> _headers;

    private FaceRequest(HttpRequestMessage request, byte[] body)
    {
        Method = request.Method;
        Uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        Segments = [.. Uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(System.Uri.UnescapeDataString)];
        Accept = [.. request.Headers.Accept];
        UserAgent = request.Headers.TryGetValues("User-Agent", out var agent) ? string.Join(' ', agent) : "";
        _headers = request.Headers.NonValidated.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        ContentType = request.Content?.Headers.ContentType?.MediaType;
        Body = body;
        foreach (var pair in Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            _query.Add(new(name, equals < 0 ? "" : Decode(pair[(equals + 1)..])));
        }
    }

    /// <summary>The method.</summary>
    public HttpMethod Method { get; }

    /// <summary>The whole address.</summary>
    public Uri Uri { get; }

    /// <summary>The parts of the path, decoded.</summary>
    public string[] Segments { get; }

    /// <summary>The representations that the client takes; empty means any.</summary>
    public IReadOnlyList<MediaTypeWithQualityHeaderValue> Accept { get; }

    /// <summary>The program that asks, as it calls itself; empty when it does not.</summary>
    public string UserAgent { get; }

    /// <summary>The media type of the body, without parameters; null without a body.</summary>
    public string? ContentType { get; private set; }

    /// <summary>The body; empty when there is none.</summary>
    public byte[] Body { get; private set; }

    /// <summary>Reads a request.</summary>
    public static async Task<FaceRequest> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new(request, request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : []);

    /// <summary>The same request with another body.</summary>
    public FaceRequest With(byte[] body, string contentType)
    {
        var copy = (FaceRequest)MemberwiseClone();
        (copy.Body, copy.ContentType) = (body, contentType);
        return copy;
    }

    /// <summary>A header; null when it is missing.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>A parameter of the query, the last of that name; null when it is missing. Names are compared without case.</summary>
    public string? Query(string name) => QueryAll(name) is [.., var last] ? last : null;

    /// <summary>All parameters of that name, in their order.</summary>
    public IReadOnlyList<string> QueryAll(string name) =>
        [.. _query.Where(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static pair => pair.Value)];

    /// <summary>Whether a parameter of the query says yes: <c>true</c> or <c>1</c>.</summary>
    public bool IsSet(string name) => Query(name) is "true" or "True" or "1";

    private static string Decode(string text) => System.Uri.UnescapeDataString(text.Replace('+', ' '));
}
