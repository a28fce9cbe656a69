using System.Net;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Serving;

/// <summary>Leads each request that reaches the server to the face that it means.</summary>
/// <remarks>
/// A request for one of the sandbox's own hosts goes to that host. One for the server's address goes by its path: <c>/sandbox</c> is the sandbox itself,
/// <c>/sandbox/application</c> its application, <c>/subscriptions</c> and <c>/providers</c> are Azure, everything else is Kubernetes. Any other host is a
/// mistake, or a page in a browser that plays a trick on the name service.
/// </remarks>
internal sealed class SandboxEntrance(ChaosSandbox sandbox, Uri address) : IDisposable
{
    private const string ControlPath = "/sandbox";
    private const string ApplicationPath = "/sandbox/application";

    private readonly HttpMessageInvoker _faces = new(sandbox.Handler, disposeHandler: false);
    private readonly Dictionary<string, Uri> _hosts = new[] { sandbox.KubernetesUri, sandbox.AzureUri, sandbox.ControlUri }
        .Concat(sandbox.ApplicationHosts.Select(static host => new Uri($"http://{host}/")))
        .ToDictionary(static uri => uri.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the answer of the face that is meant.</summary>
    /// <exception cref="HttpRefusal">None is.</exception>
    /// <exception cref="HttpRequestException">The connection fails, as it would to a dead machine.</exception>
    public async Task<HttpResponseMessage> AnswerAsync(RequestHead head, byte[] body, CancellationToken cancellationToken)
    {
        RefuseForeignPages(head);
        var (face, uri) = Find(head);

        // Whoever asks for the head alone gets that of the whole answer.
        using var request = new HttpRequestMessage(head.Method == "HEAD" ? HttpMethod.Get : new HttpMethod(head.Method), uri);
        if (body.Length > 0) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in head.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Options.Set(SandboxHandler.Face, face);
        return await _faces.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _faces.Dispose();

    /// <summary>Programs do not send the header Origin; browsers do for a page that writes, and a page of somewhere else has no business here.</summary>
    private static void RefuseForeignPages(RequestHead head)
    {
        foreach (var (name, value) in head.Headers)
        {
            if (!name.Equals("Origin", StringComparison.OrdinalIgnoreCase)) continue;
            if (Uri.TryCreate(value, UriKind.Absolute, out var page) && LoopbackEndPoint.IsLoopback(page.Host)) continue;
            throw new HttpRefusal(HttpStatusCode.Forbidden, $"A page of '{value}' may not use the sandbox.");
        }
    }

    /// <summary>The host of the face, and the address as the face shall see it.</summary>
    private (string Face, Uri Uri) Find(RequestHead head)
    {
        if (head.Target[0] == '/') return Find(head.Host, head.Target);

        // As a proxy is asked (RFC 9112, 3.2.2).
        if (Uri.TryCreate(head.Target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return Find(uri!.Host, uri.PathAndQuery);
        throw new HttpRefusal(HttpStatusCode.BadRequest, $"'{head.Target}' is nothing that can be asked for.");
    }

    private (string Face, Uri Uri) Find(string? host, string target)
    {
        if (host is not null && _hosts.TryGetValue(host, out var own)) return (own.Host, Absolute(own, target));
        if (host is not null && !LoopbackEndPoint.IsLoopback(host))
        {
            throw new HttpRefusal(
                HttpStatusCode.MisdirectedRequest,
                $"Sandbox {sandbox.Name} does not serve the host '{host}'. It serves {address} and the hosts {string.Join(", ", _hosts.Keys)}.");
        }

        if (IsBelow(target, ApplicationPath, out var rest)) return (sandbox.ApplicationUri.Host, Absolute(address, rest));
        if (IsBelow(target, ControlPath, out rest)) return (sandbox.ControlUri.Host, Absolute(address, rest));
        var face = IsBelow(target, "/subscriptions", out _) || IsBelow(target, "/providers", out _) ? sandbox.AzureUri : sandbox.KubernetesUri;
        return (face.Host, Absolute(address, target));
    }

    private static bool IsBelow(string target, string path, out string rest)
    {
        rest = "";
        if (!target.StartsWith(path, StringComparison.OrdinalIgnoreCase)) return false;
        rest = target[path.Length..];
        if (rest.Length > 0 && rest[0] is not ('/' or '?')) return false;
        if (rest.Length == 0 || rest[0] == '?') rest = "/" + rest;
        return true;
    }

    private static Uri Absolute(Uri server, string target) =>
        Uri.TryCreate(server.GetLeftPart(UriPartial.Authority) + target, UriKind.Absolute, out var uri)
            ? uri : throw new HttpRefusal(HttpStatusCode.BadRequest, $"'{target}' is nothing that can be asked for.");
}
