using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Identity;
using ChaosPS.Azure;

namespace ChaosPS.Providers.Azure.Identity;

/// <summary>The ways to a token that there are on this machine, in the order in which they are tried.</summary>
/// <remarks>
/// First what the environment names, which somebody has set up on purpose and which costs nothing to look for; then who is logged in; the machine's
/// own identity last, since whoever works on a machine means himself, and where no such service is, only a time-out says so.
/// </remarks>
internal sealed class TokenAttempts(Func<string, string?> environment, AzureCloud cloud, AuthFile? file, TimeProvider time, HttpMessageHandler? handler = null)
{
    /// <summary>A token server answers in less than a second, or it does not.</summary>
    private static readonly TimeSpan s_server = TimeSpan.FromSeconds(20);

    /// <summary>az and pwsh take some seconds to start, and minutes to time out where they cannot reach the token server.</summary>
    private static readonly TimeSpan s_program = TimeSpan.FromSeconds(20);

    /// <summary>The metadata service of a machine is next to it. Where there is none, a request to its address stays without an answer.</summary>
    private static readonly TimeSpan s_metadata = TimeSpan.FromSeconds(3);

    /// <summary>The attempts for a choice.</summary>
    public IReadOnlyList<TokenAttempt> For(AzureTokenSource source) => source switch
    {
        AzureTokenSource.Default => [AuthFile(), Environment(), WorkloadIdentity(), AzurePipelines(), AzureCli(), AzurePowerShell(), ManagedIdentity(s_metadata)],
        AzureTokenSource.Environment => [Environment()],
        AzureTokenSource.AuthFile => [AuthFile()],
        AzureTokenSource.WorkloadIdentity => [WorkloadIdentity()],
        AzureTokenSource.AzurePipelines => [AzurePipelines()],
        AzureTokenSource.AzureCli => [AzureCli()],
        AzureTokenSource.AzurePowerShell => [AzurePowerShell()],
        AzureTokenSource.ManagedIdentity => [ManagedIdentity(s_server)],
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Not a source of tokens."),
    };

    /// <summary>The attempt for the secrets of an experiment; what they leave out comes from the environment.</summary>
    public TokenAttempt For(AzureSecrets secrets)
    {
        var client = secrets.ClientId ?? Read("AZURE_CLIENT_ID");
        var secret = secrets.ClientSecret ?? Read("AZURE_CLIENT_SECRET");
        var tenant = secrets.TenantId ?? Read("AZURE_TENANT_ID");
        var token = secrets.AccessToken ?? Read("AZURE_ACCESS_TOKEN");
        if (secret is null && token is not null)
        {
            return new TokenAttempt("Secrets", s_server) { Deliberate = true, Tenant = tenant, Secrets = [token], Create = _ => new GivenToken(token) };
        }

        return Principal("Secrets", tenant, client, secret, null, Names(
            (tenant, "tenant_id (AZURE_TENANT_ID)"), (client, "client_id (AZURE_CLIENT_ID)"), (secret, "client_secret (AZURE_CLIENT_SECRET)")) is { } names
                ? $"{names} not set" : null);
    }

    private TokenAttempt AuthFile() => file is null
        ? new TokenAttempt(nameof(AzureTokenSource.AuthFile), s_server) { Missing = $"{Identity.AuthFile.Variable} is not set" }
        : Principal(
            nameof(AzureTokenSource.AuthFile), file.TenantId, file.ClientId, file.ClientSecret, file.CertificatePath,
            Names((file.TenantId, "tenantId"), (file.ClientId, "clientId"), (file.ClientSecret ?? file.CertificatePath, "clientSecret")) is { } keys
                ? $"'{file.Path}' has no {keys}" : null);

    private TokenAttempt Environment()
    {
        var (tenant, client) = (Read("AZURE_TENANT_ID"), Read("AZURE_CLIENT_ID"));
        var (secret, certificate) = (Read("AZURE_CLIENT_SECRET"), Read("AZURE_CLIENT_CERTIFICATE_PATH"));
        return Principal(nameof(AzureTokenSource.Environment), tenant, client, secret, certificate, Names(
            (tenant, "AZURE_TENANT_ID"), (client, "AZURE_CLIENT_ID"), (secret ?? certificate, "AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH")) is { } names
                ? $"{names} not set" : null);
    }

    private TokenAttempt Principal(string name, string? tenant, string? client, string? secret, string? certificate, string? missing)
    {
        if (missing is not null) return new TokenAttempt(name, s_server) { Missing = missing };
        return secret is not null
            ? new TokenAttempt(name, s_server)
            {
                Deliberate = true,
                Tenant = tenant,
                Secrets = [secret],
                Create = _ => new ClientSecretCredential(tenant, client, secret, Options(new ClientSecretCredentialOptions())),
            }
            : new TokenAttempt(name, s_server) { Deliberate = true, Tenant = tenant, Create = _ => WithCertificate(tenant!, client!, certificate!) };
    }

    private ClientCertificateCredential WithCertificate(string tenant, string client, string path)
    {
        try
        {
            var password = Read("AZURE_CLIENT_CERTIFICATE_PASSWORD");
            var certificate = Path.GetExtension(path).Equals(".pem", StringComparison.OrdinalIgnoreCase)
                ? X509Certificate2.CreateFromPemFile(path)
                : X509CertificateLoader.LoadPkcs12FromFile(path, password);
            var options = Options(new ClientCertificateCredentialOptions());
            options.SendCertificateChain = Read("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN") is "1" or "true" or "True";
            return new ClientCertificateCredential(tenant, client, certificate, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new AuthenticationFailedException($"the certificate '{path}' cannot be used: {exception.Message}");
        }
    }

    private TokenAttempt WorkloadIdentity()
    {
        var (tenant, client, path) = (Read("AZURE_TENANT_ID"), Read("AZURE_CLIENT_ID"), Read("AZURE_FEDERATED_TOKEN_FILE"));
        var missing = Names((tenant, "AZURE_TENANT_ID"), (client, "AZURE_CLIENT_ID"), (path, "AZURE_FEDERATED_TOKEN_FILE"));
        return new TokenAttempt(nameof(AzureTokenSource.WorkloadIdentity), s_server)
        {
            Missing = missing is null ? null : $"{missing} not set",
            Deliberate = true,
            Tenant = tenant,
            Create = _ =>
            {
                var options = Options(new WorkloadIdentityCredentialOptions());
                (options.TenantId, options.ClientId, options.TokenFilePath) = (tenant, client, path);
                return new WorkloadIdentityCredential(options);
            },
        };
    }

    private TokenAttempt AzurePipelines()
    {
        var (tenant, client) = (Read("AZURESUBSCRIPTION_TENANT_ID"), Read("AZURESUBSCRIPTION_CLIENT_ID"));
        var (connection, token) = (Read("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"), Read("SYSTEM_ACCESSTOKEN"));
        var missing = Names(
            (connection, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"), (client, "AZURESUBSCRIPTION_CLIENT_ID"), (tenant, "AZURESUBSCRIPTION_TENANT_ID"),
            (token, "SYSTEM_ACCESSTOKEN"), (Read("SYSTEM_OIDCREQUESTURI"), "SYSTEM_OIDCREQUESTURI"));
        return new TokenAttempt(nameof(AzureTokenSource.AzurePipelines), s_server)
        {
            Missing = missing is null ? null : $"{missing} not set",
            Deliberate = true,
            Tenant = tenant,
            Secrets = token is null ? [] : [token],
            Create = _ => new AzurePipelinesCredential(tenant, client, connection, token, Options(new AzurePipelinesCredentialOptions())),
        };
    }

    /// <summary>With the subscription, the CLI itself finds the tenant and the login that it belongs to.</summary>
    private TokenAttempt AzureCli() => new(nameof(AzureTokenSource.AzureCli), s_program)
    {
        Create = subscription =>
        {
            var options = Options(new AzureCliCredentialOptions { ProcessTimeout = s_program });
            if (subscription is not null) options.Subscription = subscription;
            return new AzureCliCredential(options);
        },
    };

    private TokenAttempt AzurePowerShell() => new(nameof(AzureTokenSource.AzurePowerShell), s_program)
    {
        Create = _ => new AzurePowerShellCredential(Options(new AzurePowerShellCredentialOptions { ProcessTimeout = s_program })),
    };

    private TokenAttempt ManagedIdentity(TimeSpan timeout) => new(nameof(AzureTokenSource.ManagedIdentity), timeout)
    {
        Create = _ => new ManagedIdentityCredential(Options(new ManagedIdentityCredentialOptions(
            Read("AZURE_CLIENT_ID") is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned))),
    };

    private T Options<T>(T options)
        where T : TokenCredentialOptions
    {
        options.AuthorityHost = cloud.Authority;
        options.RetryPolicy = new ClockRetryPolicy(time);
        ArmClients.Quiet(options);
        if (handler is not null) options.Transport = ArmClients.Transport(handler);
        return options;
    }

    private string? Read(string name) => environment(name) is { Length: > 0 } text ? text : null;

    /// <summary>The names of what is not there, as the subject or object of a sentence; null when all is there.</summary>
    private static string? Names(params IEnumerable<(string? Value, string Name)> needed)
    {
        string[] missing = [.. needed.Where(static part => part.Value is null).Select(static part => part.Name)];
        return missing.Length == 0 ? null : string.Join(", ", missing);
    }

    /// <summary>A token that somebody else has fetched. How long it lasts, only Azure knows.</summary>
    private sealed class GivenToken(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
