using System.Net;
using System.Text;
using System.Text.Json;

namespace ChaosPS.Providers.Tests.Azure.Identity;

/// <summary>What gives tokens, as Microsoft's servers do, and the Resource Manager that takes them.</summary>
internal sealed class TokenServer : HttpMessageHandler
{
    public const string Tenant = "11111111-1111-1111-1111-111111111111";
    public const string Subscription = "00000000-0000-0000-0000-000000000001";

    /// <summary>Requests for tokens: the address and the body.</summary>
    public List<(Uri Uri, string Body)> TokenRequests { get; } = [];

    /// <summary>Requests to the Resource Manager: the address and the token.</summary>
    public List<(Uri Uri, string? Token)> Calls { get; } = [];

    /// <summary>What a request for a token is answered with.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> GiveToken { get; set; } = static (_, _) => Task.FromResult(Json(
        200, $$"""{"token_type":"Bearer","expires_in":3600,"expires_on":"{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}","resource":"r","access_token":"{{Token("given")}}"}"""));

    /// <summary>What a call to the Resource Manager is answered with.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Manage { get; set; } =
        static (_, _) => Task.FromResult(Json(200, """{"totalRecords":0,"count":0,"data":[]}"""));

    /// <summary>A token as Azure makes them, of nobody.</summary>
    public static string Token(string name) => string.Join('.', new[]
    {
        """{"alg":"none"}""", $$"""{"tid":"{{Tenant}}","oid":"oid-{{name}}","appid":"app-{{name}}","ver":"1.0"}""", "signature",
    }.Select(static part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));

    public static HttpResponseMessage Json(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        HttpResponseMessage response;
        if (uri.AbsolutePath.EndsWith("/discovery/instance", StringComparison.Ordinal))
        {
            response = Json(200, $$"""
                {"tenant_discovery_endpoint":"https://{{uri.Host}}/{{Tenant}}/v2.0/.well-known/openid-configuration","api-version":"1.1",
                 "metadata":[{"preferred_network":"{{uri.Host}}","preferred_cache":"{{uri.Host}}","aliases":["{{uri.Host}}"]}]}
                """);
        }
        else if (uri.AbsolutePath.EndsWith("/openid-configuration", StringComparison.Ordinal))
        {
            response = Json(200, $$"""
                {"token_endpoint":"https://{{uri.Host}}/{{Tenant}}/oauth2/v2.0/token","issuer":"https://{{uri.Host}}/{{Tenant}}/v2.0","authorization_endpoint":"https://{{uri.Host}}/a"}
                """);
        }
        else if (uri.AbsolutePath.Contains("/oidctoken", StringComparison.Ordinal))
        {
            response = Json(200, JsonSerializer.Serialize(new { oidcToken = Token("pipeline") }));
        }
        else if (uri.AbsolutePath.EndsWith("/token", StringComparison.Ordinal))
        {
            TokenRequests.Add((uri, Uri.UnescapeDataString(body)));
            response = await GiveToken(request, cancellationToken);
        }
        else
        {
            Calls.Add((uri, request.Headers.Authorization?.Parameter));
            response = await Manage(request, cancellationToken);
        }

        response.RequestMessage = request;
        return response;
    }
}
