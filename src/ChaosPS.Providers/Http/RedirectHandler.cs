using System.Net;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Providers.Http;

/// <summary>Follows redirects as Python's requests does, and takes no credentials along to another server.</summary>
/// <remarks>
/// Cookies go along to where an answer sends on to, and no further than this one request.
/// After 301, 302 and 303 the next request is a GET without a body (301 changes only a POST); after 307 and 308 it is the same again. What signs in is kept for
/// the same scheme, host and port, and for https where http was asked first.
/// Source: https://github.com/psf/requests/blob/v2.32.3/src/requests/sessions.py , SessionRedirectMixin.
/// </remarks>
internal sealed class RedirectHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostRedirects = 30;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = request.RequestUri!;
        CookieContainer? cookies = null;
        for (var redirects = 0; ; redirects++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Next(response, request.RequestUri!) is not { } next) return response;
            cookies ??= new CookieContainer();
            Keep(cookies, response, request.RequestUri!);
            response.Dispose();
            if (redirects == MostRedirects) throw ChaosErrors.HttpRedirectsEndless(first, MostRedirects);
            if (!MayKnow(request.RequestUri!, next)) Forget(request);
            if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) Ask(request, response.StatusCode);
            request.RequestUri = next;
            request.Headers.Host = null;
            request.Headers.Remove("Cookie");
            if (cookies.GetCookieHeader(next) is { Length: > 0 } kept) request.Headers.TryAddWithoutValidation("Cookie", kept);
        }
    }

    private static void Keep(CookieContainer cookies, HttpResponseMessage response, Uri from)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var given)) return;
        foreach (var cookie in given)
        {
            try
            {
                cookies.SetCookies(from, cookie);
            }
            catch (CookieException)
            {
                // What is no cookie is left out, as browsers do.
            }
        }
    }

    /// <summary>Where an answer sends on to; null when it does not, or not to the web.</summary>
    private static Uri? Next(HttpResponseMessage response, Uri from)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var next = new Uri(from, location);
        return next.Scheme is "http" or "https" ? next : null;
    }

    private static void Ask(HttpRequestMessage request, HttpStatusCode status)
    {
        request.Content = null;
        if (request.Method == HttpMethod.Head || (status == HttpStatusCode.MovedPermanently && request.Method != HttpMethod.Post)) return;
        request.Method = HttpMethod.Get;
    }

    private static bool MayKnow(Uri from, Uri to) =>
        string.Equals(from.IdnHost, to.IdnHost, StringComparison.OrdinalIgnoreCase)
        && ((from.Scheme == to.Scheme && from.Port == to.Port) || (from is { Scheme: "http", IsDefaultPort: true } && to is { Scheme: "https", IsDefaultPort: true }));

    private static void Forget(HttpRequestMessage request)
    {
        foreach (var name in request.Headers.Select(static header => header.Key).Where(SignInHeaders.Has).ToArray()) request.Headers.Remove(name);
    }
}
