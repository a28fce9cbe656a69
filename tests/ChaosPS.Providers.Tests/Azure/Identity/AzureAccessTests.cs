using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Providers.Azure;
using ChaosPS.Time;

namespace ChaosPS.Providers.Tests.Azure.Identity;

/// <summary>Who asks Azure, through Azure.Identity's own pipeline, with servers and programs that answer as the real ones do.</summary>
public sealed class AzureAccessTests : IDisposable
{
    private const string Planted = "planted-secret";
    private const string AksServer = "https://aks-dns-1234.hcp.westeurope.azmk8s.io:443";

    private readonly TokenServer _server = new();
    private readonly VirtualClock _clock = new(DateTimeOffset.UtcNow); // tokens end at the system's time
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps");
    private readonly Dictionary<string, string> _environment = new() { ["AZURE_SUBSCRIPTION_ID"] = TokenServer.Subscription };

    public void Dispose()
    {
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(AksServer, "AzureCloud", "login.microsoftonline.com", "https://management.azure.com/")]
    [InlineData("https://a.hcp.usgovvirginia.cx.aks.containerservice.azure.us", "AzureUSGovernment", "login.microsoftonline.us", "https://management.usgovcloudapi.net/")]
    [InlineData("https://a.hcp.chinaeast2.cx.prod.service.azk8s.cn", "AzureChinaCloud", "login.chinacloudapi.cn", "https://management.chinacloudapi.cn/")]
    [InlineData("https://10.0.0.1", "AzureCloud", "login.microsoftonline.com", "https://management.azure.com/")]
    public async Task The_api_server_tells_the_cloud(string server, string cloud, string authority, string manager)
    {
        Principal();

        var access = Access(server: server);
        var account = await Run(() => access.GetAccountAsync(default));
        await CallAsync(access);

        Assert.Equal(new AzureAccount("Environment", cloud, TokenServer.Tenant, "app-given", "oid-given"), account);
        var (uri, body) = Assert.Single(_server.TokenRequests);
        Assert.Equal($"https://{authority}/{TokenServer.Tenant}/oauth2/v2.0/token", uri.ToString());
        Assert.Contains($"scope={manager.TrimEnd('/')}", body, StringComparison.Ordinal);
        Assert.Contains($"client_secret={Planted}", body, StringComparison.Ordinal);
        Assert.Equal((new Uri(manager).Host, TokenServer.Token("given")), (_server.Calls[0].Uri.Host, _server.Calls[0].Token));
    }

    [Theory]
    [InlineData("AZURE_CLOUD", "AZURE_CHINA_CLOUD", "AzureChinaCloud")]
    [InlineData("AZURE_CLOUD", "azureusgovernment", "AzureUSGovernment")]
    [InlineData("AZURE_AUTHORITY_HOST", "https://login.chinacloudapi.cn/", "AzureChinaCloud")]
    public void The_environment_may_name_the_cloud(string variable, string value, string cloud)
    {
        _environment[variable] = value;
        Assert.Equal(cloud, Access().Cloud.Name);
    }

    [Fact]
    public void A_cloud_that_there_is_not_is_named_with_those_that_there_are()
    {
        _environment["AZURE_CLOUD"] = "AZURE_GERMAN_CLOUD";
        var error = Assert.Throws<ChaosException>(() => Access().Cloud);
        Assert.Equal(("AzureCloudUnknown", "It is one of AzureCloud, AzureUSGovernment, AzureChinaCloud."), (error.ErrorId, error.RecommendedAction));
        Assert.Equal($"There is no Azure cloud 'AZURE_GERMAN_CLOUD' (subscription {TokenServer.Subscription}, an unknown tenant, AZURE_GERMAN_CLOUD).", error.Message);

        _environment["AZURE_TENANT_ID"] = TokenServer.Tenant;
        Assert.Contains($", tenant {TokenServer.Tenant}, AZURE_GERMAN_CLOUD", Assert.Throws<ChaosException>(() => Access().Cloud).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")] // what Windows PowerShell makes of a redirection
    public async Task The_auth_file_is_used_whole(string encoding)
    {
        _environment.Remove("AZURE_SUBSCRIPTION_ID");
        AuthFile($$"""
            { "clientId": "c", "clientSecret": "{{Planted}}", "subscriptionId": "{{TokenServer.Subscription}}", "tenantId": "{{TokenServer.Tenant}}",
              "activeDirectoryEndpointUrl": "https://login.chinacloudapi.cn", "resourceManagerEndpointUrl": "https://management.chinacloudapi.cn/",
              "activeDirectoryGraphResourceId": "https://graph.chinacloudapi.cn/", "sqlManagementEndpointUrl": "https://management.core.chinacloudapi.cn:8443/",
              "galleryEndpointUrl": "https://gallery.chinacloudapi.cn/", "managementEndpointUrl": "https://management.core.chinacloudapi.cn/" }
            """, Encoding.GetEncoding(encoding));

        var access = Access();
        var account = await Run(() => access.GetAccountAsync(default));
        await CallAsync(access);

        Assert.Equal(("AuthFile", "AzureChinaCloud"), (account.TokenSource, account.Cloud));
        Assert.Equal([TokenServer.Subscription], await access.GetSubscriptionsAsync(default));
        Assert.Equal("login.chinacloudapi.cn", _server.TokenRequests[0].Uri.Host);
        Assert.Equal("management.chinacloudapi.cn", _server.Calls[0].Uri.Host);
    }

    [Fact]
    public async Task The_auth_file_may_be_of_a_cloud_that_is_none_of_microsofts()
    {
        AuthFile($$"""
            { "clientId": "c", "clientSecret": "{{Planted}}", "tenantId": "{{TokenServer.Tenant}}", "activeDirectoryEndpointUrl": "https://login.stack.example.com",
              "resourceManagerEndpointUrl": "https://management.stack.example.com/", "managementEndpointUrl": "https://management.audience.example.com/" }
            """);

        var access = Access(AzureTokenSource.AuthFile);
        await CallAsync(access);

        Assert.Equal("management.stack.example.com", access.Cloud.Name);
        Assert.Equal("login.stack.example.com", _server.TokenRequests[0].Uri.Host);
        Assert.Contains("scope=https://management.audience.example.com//.default", _server.TokenRequests[0].Body, StringComparison.Ordinal);
        Assert.Equal("management.stack.example.com", _server.Calls[0].Uri.Host);
    }

    [Theory]
    [InlineData($$"""{ "clientSecret": "{{Planted}}" """, "it is no JSON, line 1")]
    [InlineData($"[\"{Planted}\"]", "it is no JSON object")]
    [InlineData($$"""{ "clientSecret": ["{{Planted}}"] }""", "clientSecret is no text")]
    [InlineData($$"""{ "resourceManagerEndpointUrl": "{{Planted}}" }""", "resourceManagerEndpointUrl is no https address")]
    [InlineData($$"""{ "activeDirectoryEndpointUrl": "http://{{Planted}}/" }""", "activeDirectoryEndpointUrl is no https address")]
    public async Task An_auth_file_that_cannot_be_used_is_named_without_what_is_in_it(string text, string reason)
    {
        AuthFile(text);
        var error = await Assert.ThrowsAsync<ChaosException>(() => Access().GetAccountAsync(default));
        Assert.Equal("AzureAuthFileInvalid", error.ErrorId);
        Assert.Contains($"cannot be used: {reason} (subscription {TokenServer.Subscription}, an unknown tenant, ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auth_file_that_cannot_be_used_is_named_with_where_it_leads_as_far_as_it_says()
    {
        const string Place = $$"""{ "subscriptionId": "{{TokenServer.Subscription}}", "tenantId": "{{TokenServer.Tenant}}", "resourceManagerEndpointUrl": "https://management.chinacloudapi.cn" """;
        _environment.Remove("AZURE_SUBSCRIPTION_ID");

        AuthFile($"{Place}, \"clientId\": 1 }}");
        Assert.EndsWith($"clientId is no text (subscription {TokenServer.Subscription}, tenant {TokenServer.Tenant}, AzureChinaCloud).", await MessageAsync(), StringComparison.Ordinal);

        AuthFile($"{Place}, \"activeDirectoryEndpointUrl\": \"x\" }}");
        Assert.EndsWith($"(subscription {TokenServer.Subscription}, tenant {TokenServer.Tenant}, an unknown cloud).", await MessageAsync(), StringComparison.Ordinal);

        AuthFile("{");
        Assert.EndsWith("it is no JSON, line 1.", await MessageAsync(), StringComparison.Ordinal); // nothing at all is known

        async Task<string> MessageAsync() => (await Assert.ThrowsAsync<ChaosException>(() => Access().GetAccountAsync(default))).Message;
    }

    [Fact]
    public async Task An_auth_file_is_not_read_when_another_source_is_named()
    {
        _environment["AZURE_AUTH_LOCATION"] = "/nowhere/at/all.json";
        Principal();
        Assert.Equal("Environment", (await Run(() => Access(AzureTokenSource.Environment).GetAccountAsync(default))).TokenSource);
    }

    [Fact]
    public async Task A_service_principal_may_have_a_certificate()
    {
        var path = Path.Combine(_folder.FullName, "principal.pem");
        using (var key = RSA.Create(2048))
        using (var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
        {
            File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        }

        (_environment["AZURE_TENANT_ID"], _environment["AZURE_CLIENT_ID"], _environment["AZURE_CLIENT_CERTIFICATE_PATH"]) = (TokenServer.Tenant, "c", path);
        Assert.Equal("Environment", (await Run(() => Access().GetAccountAsync(default))).TokenSource);
        Assert.Contains("client_assertion=", _server.TokenRequests[0].Body, StringComparison.Ordinal);

        File.WriteAllText(path, "no certificate");
        Assert.Contains($"the certificate '{path}' cannot be used", (await Fails(() => Access().GetAccountAsync(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_asks_with_the_token_of_its_service_account()
    {
        var path = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(path, Planted);
        (_environment["AZURE_TENANT_ID"], _environment["AZURE_CLIENT_ID"], _environment["AZURE_FEDERATED_TOKEN_FILE"]) = (TokenServer.Tenant, "c", path);

        Assert.Equal("WorkloadIdentity", (await Run(() => Access().GetAccountAsync(default))).TokenSource);
        Assert.Contains($"client_assertion={Planted}", _server.TokenRequests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_asks_through_its_service_connection()
    {
        (_environment["AZURESUBSCRIPTION_TENANT_ID"], _environment["AZURESUBSCRIPTION_CLIENT_ID"]) = (TokenServer.Tenant, "c");
        (_environment["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"], _environment["SYSTEM_ACCESSTOKEN"]) = ("connection", Planted);
        var missing = await Fails(() => Access(AzureTokenSource.AzurePipelines).GetAccountAsync(default));
        Assert.Contains("SYSTEM_OIDCREQUESTURI not set", missing.Message, StringComparison.Ordinal);

        _environment["SYSTEM_OIDCREQUESTURI"] = "https://dev.example.com/oidctoken";
        Environment.SetEnvironmentVariable("SYSTEM_OIDCREQUESTURI", _environment["SYSTEM_OIDCREQUESTURI"]);
        try
        {
            Assert.Equal("AzurePipelines", (await Run(() => Access().GetAccountAsync(default))).TokenSource);
            Assert.Contains($"client_assertion={TokenServer.Token("pipeline")}", _server.TokenRequests[0].Body, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SYSTEM_OIDCREQUESTURI", null);
        }
    }

    [Fact]
    public async Task The_azure_cli_is_asked_for_the_subscription_that_is_meant()
    {
        using var az = new FakeProgram("az", $$"""
            echo '{ "accessToken": "{{TokenServer.Token("cli")}}", "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800, "subscription": "s", "tenant": "t" }'
            """);

        var access = Access();
        var account = await Run(() => access.GetAccountAsync(default));
        await CallAsync(access);

        Assert.Equal(new AzureAccount("AzureCli", "AzureCloud", TokenServer.Tenant, "app-cli", "oid-cli"), account);
        Assert.Contains($"--subscription {TokenServer.Subscription}", Assert.Single(az.Calls.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(TokenServer.Token("cli"), _server.Calls[0].Token);
    }

    [Fact]
    public async Task Azure_powershell_is_asked_when_it_is_named()
    {
        using var pwsh = new FakeProgram("pwsh", $"""
            echo '<Data><Property Name="Token">{TokenServer.Token("powershell")}</Property><Property Name="ExpiresOn">4070908800</Property></Data>'
            """);
        Assert.Equal("app-powershell", (await Run(() => Access(AzureTokenSource.AzurePowerShell).GetAccountAsync(default))).Principal);
    }

    [Fact]
    public async Task A_machine_asks_with_its_own_identity()
    {
        _environment["AZURE_CLIENT_ID"] = "chosen";
        var account = await Run(() => Access(AzureTokenSource.ManagedIdentity).GetAccountAsync(default));
        Assert.Equal("ManagedIdentity", account.TokenSource);
        Assert.Contains(_server.TokenRequests, request => request.Uri.Host == "169.254.169.254" && request.Uri.Query.Contains("client_id=chosen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AzureTokenSource.AzureCli, "AzureCli", "az login")]
    [InlineData(AzureTokenSource.Environment, "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH not set", "Set AZURE_TENANT_ID")]
    [InlineData(AzureTokenSource.AuthFile, "AZURE_AUTH_LOCATION is not set", "--sdk-auth")]
    [InlineData(AzureTokenSource.WorkloadIdentity, "AZURE_FEDERATED_TOKEN_FILE not set", "azure.workload.identity/use=true")]
    public async Task A_source_that_is_named_is_the_only_one_that_is_tried(AzureTokenSource source, string reason, string advice)
    {
        using var az = new FakeProgram("az", "echo 'ERROR: Please run az login to setup account.' >&2; exit 1");
        var error = await Fails(() => Access(source).GetAccountAsync(default));
        Assert.Equal(("AzureSignInFailed", ErrorKind.AuthenticationFailed), (error.ErrorId, error.Kind));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, error.Message.Split('\n').Length);
        Assert.Empty(_server.TokenRequests);
    }

    [Fact]
    public async Task When_nobody_is_signed_in_one_screen_says_what_was_tried_and_what_to_do()
    {
        using var az = new FakeProgram("az", "echo 'ERROR: Please run az login to setup account.' >&2; exit 1");
        using var pwsh = new FakeProgram("pwsh", "echo NoAzAccountModule");
        _server.GiveToken = async (_, token) =>
        {
            await _clock.DelayAsync(TimeSpan.FromHours(1), token); // where there is no such service, nothing answers
            throw new InvalidOperationException("Nobody waits for an hour.");
        };
        var before = _clock.GetUtcNow();

        var error = await Fails(() => Access().GetAccountAsync(default));

        string[] lines = error.Message.Split('\n');
        Assert.Equal($"Cannot sign in to Azure (subscription {TokenServer.Subscription}, an unknown tenant, AzureCloud).", lines[0]);
        Assert.Equal(
            ["AuthFile", "Environment", "WorkloadIdentity", "AzurePipelines", "AzureCli", "AzurePowerShell", "ManagedIdentity"],
            lines[1..].Select(static line => line.Trim().Split(' ')[0]));
        Assert.All(lines, static line => Assert.True(line.Length < 270, line));
        Assert.Contains("az login", lines[5], StringComparison.Ordinal);
        Assert.EndsWith("no answer within 3 s.", lines[7], StringComparison.Ordinal);
        Assert.Contains("az login", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetUtcNow() - before);
    }

    [Fact]
    public async Task In_another_cloud_the_command_that_logs_in_names_it()
    {
        using var az = new FakeProgram("az", "exit 1");
        var error = await Fails(() => Access(AzureTokenSource.AzureCli, "https://a.hcp.chinaeast2.cx.prod.service.azk8s.cn").GetAccountAsync(default));
        Assert.Equal("az cloud set --name AzureChinaCloud; az login", error.RecommendedAction);
    }

    [Fact]
    public async Task Nobody_is_asked_in_the_place_of_a_principal_that_is_refused()
    {
        using var az = new FakeProgram("az", "echo should not be asked");
        Principal();
        _server.GiveToken = static (_, _) => Task.FromResult(TokenServer.Json(401, $$"""
            {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: {{Planted}} is not it. Trace ID: 1 Correlation ID: 2 Timestamp: 3","error_codes":[7000215]}
            """));

        var error = await Fails(() => CallAsync(Access()));

        Assert.Equal("AzureSignInFailed", error.ErrorId);
        Assert.EndsWith("Environment  AADSTS7000215: Invalid client secret provided: *** is not it.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(az.Calls);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task A_token_that_still_counts_is_used_where_no_newer_one_can_be_had()
    {
        Principal();
        var access = Access();
        await SignInAsync(access, seconds: 240);

        Assert.Equal("app-given", (await Run(() => access.GetAccountAsync(default))).Principal);
    }

    [Fact]
    public async Task Nobody_who_gives_a_newer_token_is_a_connection_that_fails_and_no_refusal()
    {
        Principal();
        var access = Access();
        await SignInAsync(access, seconds: 240);
        _clock.Advance(TimeSpan.FromMinutes(5));

        var error = await Fails(() => access.GetAccountAsync(default));

        Assert.Equal(("AzureSignInFailed", ErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
    }

    [Fact]
    public async Task A_principal_that_is_refused_later_is_a_refusal()
    {
        Principal();
        var access = Access();
        await SignInAsync(access, seconds: 240);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _server.GiveToken = static (_, _) => Task.FromResult(TokenServer.Json(401, """{"error":"invalid_client","error_description":"AADSTS7000222: expired"}"""));

        Assert.Equal(ErrorKind.AuthenticationFailed, (await Fails(() => access.GetAccountAsync(default))).Kind);
    }

    /// <summary>Has a token for some seconds; after that nobody answers who gives them.</summary>
    private async Task SignInAsync(AzureAccess access, int seconds)
    {
        _server.GiveToken = (_, _) => Task.FromResult(TokenServer.Json(
            200, $$"""{"token_type":"Bearer","expires_in":{{seconds}},"access_token":"{{TokenServer.Token("given")}}"}"""));
        await Run(() => access.GetAccountAsync(default));
        _server.GiveToken = static (_, _) => throw new HttpRequestException("no route to host");
    }

    [Fact]
    public async Task The_secrets_of_an_experiment_come_before_the_environment()
    {
        Principal();
        var secrets = AzureSecrets.Read(new Dictionary<string, object?>
        {
            ["client_id"] = "mine",
            ["client_secret"] = "planted-mine",
            ["tenant_id"] = TokenServer.Tenant,
            ["azure_cloud"] = "AZURE_US_GOV_CLOUD",
            ["other"] = 1,
        });

        var account = await Run(() => Access(secrets: secrets).GetAccountAsync(default));

        Assert.Equal(("Secrets", "AzureUSGovernment"), (account.TokenSource, account.Cloud));
        Assert.Contains("client_id=mine", _server.TokenRequests[0].Body, StringComparison.Ordinal);
        Assert.Contains("client_secret=planted-mine", _server.TokenRequests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_secrets_leave_out_comes_from_the_environment()
    {
        Principal();
        var secrets = AzureSecrets.Read(new Dictionary<string, object?> { ["client_id"] = "mine", ["client_secret"] = "" });
        await Run(() => Access(secrets: secrets).GetAccountAsync(default));
        Assert.Contains("client_id=mine", _server.TokenRequests[0].Body, StringComparison.Ordinal);
        Assert.Contains($"client_secret={Planted}", _server.TokenRequests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_among_the_secrets_is_used_as_it_is()
    {
        var secrets = AzureSecrets.Read(new Dictionary<string, object?> { ["access_token"] = TokenServer.Token("somebody") });
        var access = Access(secrets: secrets);
        await CallAsync(access);
        Assert.Equal(TokenServer.Token("somebody"), _server.Calls[0].Token);
        Assert.Equal("app-somebody", (await access.GetAccountAsync(default)).Principal);
    }

    [Fact]
    public async Task Secrets_that_are_not_enough_say_what_is_missing()
    {
        var secrets = AzureSecrets.Read(new Dictionary<string, object?> { ["client_secret"] = Planted });
        var error = await Fails(() => Access(secrets: secrets).GetAccountAsync(default));
        Assert.EndsWith("Secrets  tenant_id (AZURE_TENANT_ID), client_id (AZURE_CLIENT_ID) not set.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_of_secrets_may_be_about_something_else() =>
        Assert.Null(AzureSecrets.Read(new Dictionary<string, object?> { ["token"] = "x" }));

    private AzureAccess Access(AzureTokenSource source = AzureTokenSource.Default, string server = AksServer, AzureSecrets? secrets = null) =>
        new(source, _environment.GetValueOrDefault, server, null!, _clock, secrets, null, _server);

    private void Principal() =>
        (_environment["AZURE_TENANT_ID"], _environment["AZURE_CLIENT_ID"], _environment["AZURE_CLIENT_SECRET"]) = (TokenServer.Tenant, "c", Planted);

    private void AuthFile(string text, Encoding? encoding = null)
    {
        _environment["AZURE_AUTH_LOCATION"] = Path.Combine(_folder.FullName, "auth.json");
        File.WriteAllText(_environment["AZURE_AUTH_LOCATION"], text, encoding ?? Encoding.UTF8);
    }

    private Task<IReadOnlyList<ScaleSet>> CallAsync(AzureAccess access) =>
        Run(() => new AzureNodePower(() => access.Arm, access.GetSubscriptionsAsync, _clock).FindScaleSetsAsync(null, default));

    private Task<T> Run<T>(Func<Task<T>> work) => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Whatever went wrong, its first line says where, as far as anybody could know.</summary>
    private async Task<ChaosException> Fails(Func<Task> work)
    {
        var error = await Assert.ThrowsAsync<ChaosException>(() => _clock.RunAsync(work).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Matches("(subscription [0-9a-f-]{36}|an unknown subscription), (tenant [0-9a-zA-Z-]+|an unknown tenant), Azure[A-Za-z]+", error.Summary);
        return error;
    }
}
