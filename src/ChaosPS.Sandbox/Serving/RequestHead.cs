using System.Globalization;
using System.Net;
using System.Text;

namespace ChaosPS.Sandbox.Serving;

/// <summary>The first line and the headers of a request (RFC 9112).</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">What is asked for, as it was sent.</param>
/// <param name="IsHttp10">Whether it is of HTTP/1.0: one request a connection, and no chunks.</param>
/// <param name="Headers">The headers in their order.</param>
internal sealed record RequestHead(string Method, string Target, bool IsHttp10, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The name of the server that is meant, without the port; null when the request does not say.</summary>
    public string? Host { get; private init; }

    /// <summary>How many bytes follow; null when they come in chunks.</summary>
    public long? ContentLength { get; private init; }

    /// <summary>Whether the client waits for a word before it sends the body.</summary>
    public bool ExpectsContinue => Header("Expect")?.Equals("100-continue", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>Whether the client wants no further request on this connection.</summary>
    public bool Closes => IsHttp10 || (Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>Reads it.</summary>
    /// <param name="bytes">All of it, the empty line that ends it left out.</param>
    /// <exception cref="HttpRefusal">It is none.</exception>
    public static RequestHead Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, var version] || !IsToken(method) || target.Length == 0 || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw Bad("The first line is no request line.");
        }

        if (version is not ("HTTP/1.1" or "HTTP/1.0")) throw new HttpRefusal(HttpStatusCode.HttpVersionNotSupported, "HTTP/1.1 is spoken here.");

        var headers = new List<KeyValuePair<string, string>>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !IsToken(line.AsSpan(0, colon)) || line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw Bad("A line of the head is no header.");
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        var head = new RequestHead(method, target, version == "HTTP/1.0", headers);
        return head with { Host = head.ReadHost(), ContentLength = head.ReadLength() };
    }

    private static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) return false;
        }

        return text.Length > 0;
    }

    private static HttpRefusal Bad(string message) => new(HttpStatusCode.BadRequest, message);

    private string? Header(string name)
    {
        string? found = null;
        foreach (var (key, value) in Headers)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null && found != value) found = $"{found}, {value}";
            else found = value;
        }

        return found;
    }

    private string? ReadHost()
    {
        if (Header("Host") is not { } host) return IsHttp10 ? null : throw Bad("HTTP/1.1 requests name their host.");
        var colon = host.LastIndexOf(':');
        var name = colon > host.LastIndexOf(']') ? host[..colon] : host;
        return Uri.CheckHostName(name.Trim('[', ']')) == UriHostNameType.Unknown ? throw Bad("The header Host names no host.") : name;
    }

    /// <summary>A request that says two different things about its length is one that smuggles another (RFC 9112, 6.3).</summary>
    private long? ReadLength()
    {
        var length = Header("Content-Length");
        if (Header("Transfer-Encoding") is { } encoding)
        {
            if (length is not null || IsHttp10) throw Bad("The length of the body is ambiguous.");
            return encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? null : throw new HttpRefusal(HttpStatusCode.NotImplemented, "Only chunked bodies are taken.");
        }

        if (length is null) return 0;
        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Bad("The header Content-Length is no length.");
    }
}
