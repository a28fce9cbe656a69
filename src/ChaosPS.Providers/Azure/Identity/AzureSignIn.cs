using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Identity;
using ChaosPS.Azure;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Azure.Identity;

/// <summary>Gets tokens from the first of several sources that has one, and from that one ever after.</summary>
/// <param name="source">What was asked for; null for the secrets of an experiment.</param>
/// <param name="attempts">The sources, in order.</param>
/// <param name="cloud">The cloud that the tokens are for.</param>
/// <param name="subscription">Finds the subscription that is meant; asked once, when the first token is wanted.</param>
/// <param name="time">The clock of the time-outs.</param>
internal sealed partial class AzureSignIn(
    AzureTokenSource? source, IReadOnlyList<TokenAttempt> attempts, AzureCloud cloud, Func<CancellationToken, Task<string?>> subscription, TimeProvider time)
    : TokenCredential
{
    private const int LongestReason = 240;

    /// <summary>A token that ends sooner than this is fetched anew.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    private Winner? _winner;

    /// <summary>The tenant: of the token, once there is one; before that, of the first source that names one. Null when nothing says.</summary>
    public string? TenantId => _winner is { } winner
        ? Claims(winner.Token.Token).GetValueOrDefault("tid") ?? winner.Attempt.Tenant
        : attempts.FirstOrDefault(static attempt => attempt.Missing is null)?.Tenant;

    /// <summary>Who the tokens are of.</summary>
    /// <exception cref="ChaosException">There is no token: id <c>AzureSignInFailed</c>.</exception>
    public async Task<AzureAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        var token = await GetTokenAsync(new TokenRequestContext([cloud.Environment.DefaultScope]), cancellationToken);
        var claims = Claims(token.Token);
        return new AzureAccount(
            _winner!.Attempt.Name, cloud.Name, TenantId,
            claims.GetValueOrDefault("upn") ?? claims.GetValueOrDefault("unique_name") ?? claims.GetValueOrDefault("preferred_username") ?? claims.GetValueOrDefault("appid"),
            claims.GetValueOrDefault("oid"));
    }

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var winner = _winner;
        if (winner is not null && requestContext.Claims is null && time.GetUtcNow() + s_margin < winner.Token.ExpiresOn) return winner.Token;

        var known = winner is null ? await subscription(cancellationToken) : null;
        var failures = new List<(string Name, string Reason)>();
        var kind = ErrorKind.AuthenticationFailed;
        foreach (var attempt in winner is null ? attempts : [winner.Attempt])
        {
            if (attempt.Missing is { } missing)
            {
                failures.Add((attempt.Name, missing));
                continue;
            }

            try
            {
                var credential = winner?.Credential ?? attempt.Create(known);
                var token = await AskAsync(attempt, credential, requestContext, cancellationToken);
                _winner = new Winner(attempt, credential, token);
                return token;
            }
            catch (Exception exception) when (exception is AuthenticationFailedException or TimeoutException or ArgumentException)
            {
                failures.Add((attempt.Name, Reason(attempt, exception)));
                if (winner is not null && IsAway(exception))
                {
                    // What puts back must not fail because of a token that somebody else gives again in a minute.
                    if (requestContext.Claims is null && time.GetUtcNow() < winner.Token.ExpiresOn) return winner.Token;
                    kind = ErrorKind.ConnectionFailed;
                }

                // Nobody is asked in the place of one that was meant.
                if (attempt.Deliberate) break;
            }
        }

        throw ChaosErrors.AzureSignInFailed(new AzureScope(known, cloud.Name, TenantId), source, failures, kind);
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Calls to Azure are asynchronous here.");

    private async Task<AccessToken> AskAsync(
        TokenAttempt attempt, TokenCredential credential, TokenRequestContext context, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(attempt.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await credential.GetTokenAsync(context, either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Some credentials turn the cancellation into a failure of their own.
            throw new TimeoutException($"no answer within {attempt.Timeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Whether nobody answered, which says nothing of who asked.</summary>
    private static bool IsAway(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is TimeoutException or HttpRequestException or IOException or RequestFailedException { Status: 0 or >= 500 } or AggregateException) return true;
        }

        return false;
    }

    /// <summary>What is worth reading of a failure: the token server's own sentence, or the first line; on one line, without secrets.</summary>
    private static string Reason(TokenAttempt attempt, Exception exception)
    {
        var server = ServerSentence().Match(exception.ToString());
        var text = server.Success ? server.Value : exception.Message.Split('\n', 2)[0];
        text = Pointers().Replace(text, "").Trim();
        foreach (var secret in attempt.Secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text.Length <= LongestReason ? text : $"{text[..LongestReason].TrimEnd()}…";
    }

    /// <summary>What a token says of whose it is. It is not checked: Azure does that; this is only for showing.</summary>
    private static Dictionary<string, string> Claims(string token)
    {
        if (token.Split('.') is not [_, var body, _]) return [];
        try
        {
            var padded = body.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (body.Length % 4)) % 4);
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
            return document.RootElement.EnumerateObject().Where(static claim => claim.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(static claim => claim.Name, static claim => claim.Value.GetString()!);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            return []; // a token of another make; Azure may know it all the same
        }
    }

    private sealed record Winner(TokenAttempt Attempt, TokenCredential Credential, AccessToken Token);

    [GeneratedRegex(@"AADSTS\d+: [^\r\n]*?(?=\s*(Trace ID:|Correlation ID:|\r|\n|$))")]
    private static partial Regex ServerSentence();

    [GeneratedRegex(@"\s*(See the troubleshooting guide.*|To troubleshoot.*|For more information.*|Visit https?://.*|See https?://.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Pointers();
}
