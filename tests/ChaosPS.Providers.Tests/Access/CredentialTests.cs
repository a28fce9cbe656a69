using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Tests.Faults;

namespace ChaosPS.Providers.Tests.Access;

/// <summary>Who asks, and what becomes of credentials that run out.</summary>
public sealed class CredentialTests : IAsyncDisposable
{
    private const string Version = """{"gitVersion":"v1.32.13"}""";

    private readonly TestAuthority _authority = new();
    private readonly TestTime _time = new();
    private readonly KubeConfigFolder _folder = new();
    private readonly FaultServer _server;
    private KubernetesCluster? _cluster;

    public CredentialTests() => _server = new FaultServer(_authority.Server());

    private IEnumerable<string?> Tokens => _server.Exchanges.Select(static exchange => exchange.Headers["Authorization"].SingleOrDefault());

    public async ValueTask DisposeAsync()
    {
        _cluster?.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    private void Connect(string user, string cluster = "") => _cluster =
        _folder.Connect(_time, _server.Address, $"certificate-authority-data: {_authority.Data}{(cluster.Length > 0 ? $", {cluster}" : "")}", user);

    private Task<string> AskAsync() => _cluster!.GetVersionAsync(default).WaitAsync(TimeSpan.FromSeconds(30));

    private Task<ChaosException> AskFailsAsync() => Assert.ThrowsAsync<ChaosException>(() => AskAsync());

    private void AnswerAll(int count)
    {
        for (var answer = 0; answer < count; answer++) _server.Answer(200, Version);
    }

    private static string Json(string? text) => JsonSerializer.Serialize(text);

    private string At(double seconds) => (_time.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Basic_authentication_is_sent()
    {
        AnswerAll(1);
        Connect("username: amelie, password: 'pass:word'");

        await AskAsync();

        Assert.Equal(["Basic YW1lbGllOnBhc3M6d29yZA=="], Tokens);
    }

    [Fact]
    public async Task Over_plain_http_nobody_shows_who_they_are_as_with_kubectl()
    {
        await using var plain = new FaultServer().Answer(200, Version);
        _cluster = _folder.Connect(_time, plain.Address, "", "token: t");

        await AskAsync();

        Assert.Empty(plain.Exchanges.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task A_token_file_comes_before_the_token_and_is_read_again_before_a_minute_is_over()
    {
        AnswerAll(3);
        _folder.Write("token", "one\n");
        Connect("token: fixed, tokenFile: token");

        await AskAsync();
        _folder.Write("token", "two\n");
        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(50));
        await AskAsync();

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], Tokens);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_read_again_at_once_and_the_request_repeated()
    {
        _folder.Write("token", "one");
        _server.Do(exchange =>
        {
            _folder.Write("token", "two");
            return exchange.AnswerAsync(401, FakeServer.Recorded("unauthorized-401"));
        });
        AnswerAll(1);
        Connect("tokenFile: token");

        await AskAsync();

        Assert.Equal(["Bearer one", "Bearer two"], Tokens);
    }

    [Fact]
    public async Task A_token_that_stays_the_same_is_not_tried_again_and_its_file_named()
    {
        var path = _folder.Write("token", "one");
        _server.Answer(401, FakeServer.Recorded("unauthorized-401"));
        Connect("tokenFile: token");

        var error = await AskFailsAsync();

        Assert.Equal("ClusterAuthenticationFailed", error.ErrorId);
        Assert.Contains("does not accept the token of user 'u' in a file: Unauthorized", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_token_file_that_goes_away_leaves_the_last_token_and_one_that_never_was_is_named()
    {
        AnswerAll(2);
        var path = _folder.Write("token", "one");
        Connect("tokenFile: token");
        await AskAsync();
        File.Delete(path);
        _time.Advance(TimeSpan.FromMinutes(5));

        await AskAsync();
        Assert.Equal(["Bearer one", "Bearer one"], Tokens);

        _cluster!.Dispose();
        Connect("tokenFile: token");
        Assert.Equal("TokenFileUnreadable", (await AskFailsAsync()).ErrorId);
    }

    [Fact]
    public async Task A_plugin_is_run_once_with_its_arguments_and_variables_and_told_what_the_contract_says()
    {
        AnswerAll(2);
        var plugin = new CredentialProgram(_folder).Print("""{"token":"one"}""");
        Connect(plugin.User("interactiveMode: Never, args: [get-token, --login, azurecli], env: [{name: GREETING, value: hello}]"));

        await AskAsync();
        await AskAsync();

        Assert.Equal(["Bearer one", "Bearer one"], Tokens);
        Assert.Equal("hello get-token --login azurecli", plugin.Arguments);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}"""), JsonNode.Parse(Assert.Single(plugin.Runs))));
    }

    [Fact]
    public async Task A_plugin_that_wants_to_know_the_cluster_is_told()
    {
        AnswerAll(1);
        var plugin = new CredentialProgram(_folder).Print("""{"token":"one"}""", "v1beta1");
        Connect(
            plugin.User("provideClusterInfo: true", "v1beta1"),
            "disable-compression: true, extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: [a, 1, true], other: null}}]");

        await AskAsync();

        var cluster = JsonNode.Parse(plugin.Runs[0])!["spec"]!["cluster"]!;
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$"""
                {
                  "server": "{{_server.Address}}", "certificate-authority-data": "{{_authority.Data}}", "disable-compression": true,
                  "config": {"audience": ["a", 1, true], "other": null}
                }
                """),
            cluster), cluster.ToJsonString());
    }

    [Fact]
    public async Task What_a_plugin_gave_is_used_until_it_runs_out()
    {
        AnswerAll(3);
        var plugin = new CredentialProgram(_folder).Print($$"""{"token":"one","expirationTimestamp":"{{At(600)}}"}""");
        Connect(plugin.User());

        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(599));
        plugin.Print($$"""{"token":"two","expirationTimestamp":"{{At(600)}}"}""");
        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync();

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], Tokens);
        Assert.Equal(2, plugin.Runs.Count);
    }

    [Fact]
    public async Task A_plugin_is_asked_again_when_the_server_refuses_what_it_gave_and_a_change_repeated_too()
    {
        var plugin = new CredentialProgram(_folder).Print("""{"token":"one"}""");
        _server.Do(exchange =>
        {
            plugin.Print("""{"token":"two"}""");
            return exchange.AnswerAsync(401, FakeServer.Recorded("unauthorized-401"));
        });
        _server.Answer(200, "{}");
        Connect(plugin.User());

        await _cluster!.DeleteRunLeaseAsync("x", default).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["Bearer one", "Bearer two"], Tokens);
        Assert.Equal(2, plugin.Runs.Count);
    }

    [Fact]
    public async Task A_plugin_that_gives_the_same_again_is_named_and_its_command()
    {
        var plugin = new CredentialProgram(_folder).Print("""{"token":"one"}""");
        _server.Answer(401, FakeServer.Recorded("unauthorized-401"));
        Connect(plugin.User("interactiveMode: Never, args: [get-token]"));

        var error = await AskFailsAsync();

        Assert.Contains($"what the credential plugin '{Path.GetFileName(plugin.Path)}' gave for user 'u'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{plugin.Path} get-token", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_plugins_certificate_is_shown_and_a_new_one_on_a_new_connection()
    {
        AnswerAll(3);
        var plugin = new CredentialProgram(_folder).Print(Certificate("one", expires: At(60)));
        Connect(plugin.User());

        await AskAsync();
        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        plugin.Print(Certificate("two", expires: At(60)));
        await AskAsync();

        Assert.Equal(["one", "one", "two"], _server.Exchanges.Select(static exchange => exchange.ClientName));
    }

    private string Certificate(string name, string expires)
    {
        var (certificate, key) = _authority.Client(name);
        return $$"""{"clientCertificateData":{{Json(certificate)}},"clientKeyData":{{Json(key)}},"expirationTimestamp":"{{expires}}"}""";
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_named_with_the_hint_without_what_moves_a_terminal()
    {
        Connect("exec: {command: no-such-plugin-here, apiVersion: client.authentication.k8s.io/v1beta1, installHint: \"Get it\\e[31m at\\nexample.com\"}");

        var error = await AskFailsAsync();

        Assert.Equal("CredentialPluginNotFound", error.ErrorId);
        Assert.Equal("Get it[31m at\nexample.com", error.RecommendedAction);
    }

    [Theory]
    [InlineData("not json", "it printed something else than JSON")]
    [InlineData("[]", "it printed no ExecCredential")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"secret"}}""", "it answered in version 'client.authentication.k8s.io/v1beta1'")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}""", "its answer has no status")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}""", "its answer has neither a token nor a certificate")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"secret"}}""", "its answer has only one of certificate and key")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"secret","expirationTimestamp":"soon"}}""", "is no time")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"secret","clientKeyData":"secret"}}""", "the client certificate holds no")]
    public async Task A_plugin_that_prints_something_else_is_named_and_nothing_of_what_it_printed(string text, string reason)
    {
        Connect(new CredentialProgram(_folder).PrintText(text).User());

        var error = await AskFailsAsync();

        Assert.Equal(("CredentialPluginFailed", ErrorKind.AuthenticationFailed), (error.ErrorId, error.Kind));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_plugin_that_fails_is_named_with_its_exit_code()
    {
        Connect(new CredentialProgram(_folder).Print("{}").User("interactiveMode: Never, env: [{name: CODE, value: '3'}]"));

        Assert.Contains("it ended with exit code 3", (await AskFailsAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Never", true, false)]
    [InlineData("IfAvailable", true, true)]
    [InlineData("IfAvailable", false, false)]
    [InlineData("Always", true, true)]
    public async Task A_plugin_may_ask_where_somebody_sits(string mode, bool terminal, bool interactive)
    {
        var program = new CredentialProgram(_folder).Print("""{"token":"one"}""");
        var plugin = new ExecPlugin(new(program.Path, [], [], ExecPlugin.Versions[0], "", false, mode), "u", null, () => terminal);

        await plugin.RunAsync(default);

        Assert.Equal(interactive, (bool)JsonNode.Parse(program.Runs[0])!["spec"]!["interactive"]!);
    }

    [Fact]
    public async Task A_plugin_that_must_ask_is_not_run_where_nobody_sits()
    {
        var program = new CredentialProgram(_folder);
        var plugin = new ExecPlugin(new(program.Path, [], [], ExecPlugin.Versions[0], "", false, "Always"), "u", null, static () => false);

        Assert.Equal("CredentialPluginFailed", (await Assert.ThrowsAsync<ChaosException>(() => plugin.RunAsync(default))).ErrorId);
        Assert.Empty(program.Runs);
    }

    [Theory]
    [InlineData("azure", "kubelogin convert-kubeconfig")]
    [InlineData("gcp", "gke-gcloud-auth-plugin")]
    [InlineData("oidc", "oidc-login")]
    public void Ways_to_sign_in_that_are_gone_name_what_came_after_them(string provider, string remedy)
    {
        _folder.WriteConfig("https://127.0.0.1:1", "", $"auth-provider: {{name: {provider}, config: {{access-token: secret}}}}");

        var error = Assert.Throws<ChaosException>(() => _folder.Open(_time));

        Assert.Equal("AuthProviderGone", error.ErrorId);
        Assert.Contains(remedy, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: t, username: a, password: b", "has both a token and a password")]
    [InlineData("token: t, as-groups: [a]", "without 'as'")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", "without a command")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}", "of apiVersion 'client.authentication.k8s.io/v1alpha1'")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1}", "with the interactiveMode ''")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, interactiveMode: Sometimes}", "with the interactiveMode 'Sometimes'")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: b}]}", "a variable without a name")]
    [InlineData("client-certificate-data: YQ==", "without a client-key")]
    public void A_user_that_kubectl_refuses_is_refused(string user, string reason)
    {
        _folder.WriteConfig("https://127.0.0.1:1", "", user);

        Assert.Contains(reason, Assert.Throws<ChaosException>(() => _folder.Open(_time)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_to_act_as_is_said_with_every_request()
    {
        AnswerAll(1);
        Connect("token: t, as: amelie, as-uid: '7', as-groups: [dev, ops], as-user-extra: {example.com/scopes: [view, edit]}");

        await AskAsync();

        var headers = _server.Exchanges.Single().Headers;
        Assert.Equal("amelie", headers["Impersonate-User"].Single());
        Assert.Equal("7", headers["Impersonate-Uid"].Single());
        Assert.Equal("dev,ops", string.Join(',', headers["Impersonate-Group"]).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("view,edit", string.Join(',', headers["Impersonate-Extra-example.com%2Fscopes"]).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_finds_its_cluster_and_keeps_to_its_token_as_that_is_renewed()
    {
        AnswerAll(2);
        _folder.Write("token", "one");
        _folder.Write("ca.crt", _authority.Pem);
        _folder.Write("namespace", "shop\n");
        var access = InClusterAccess.TryOpen(
            name => name switch { "KUBERNETES_SERVICE_HOST" => "127.0.0.1", "KUBERNETES_SERVICE_PORT" => $"{_server.Port}", _ => null }, _folder.Folder, _time)!;
        _cluster = new KubernetesCluster(access, _time);

        await AskAsync();
        _folder.Write("token", "two");
        _time.Advance(TimeSpan.FromMinutes(1));
        await AskAsync();

        Assert.Equal(("in-cluster", "shop", _server.Address), (access.Name, access.Namespace, access.Server));
        Assert.Equal(["Bearer one", "Bearer two"], Tokens);
    }

    [Fact]
    public void Outside_a_pod_there_is_no_such_cluster() => Assert.Null(InClusterAccess.TryOpen(_ => null, _folder.Folder, _time));

    [Fact]
    public void In_a_pod_with_IPv6_the_address_has_brackets()
    {
        _folder.Write("token", "one");
        _folder.Write("ca.crt", _authority.Pem);

        using var access = InClusterAccess.TryOpen(name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443", _folder.Folder, _time);

        Assert.Equal("https://[fd00::1]:443", access!.Server);
    }

    [Fact]
    public async Task Nothing_writes_the_kubeconfig()
    {
        AnswerAll(2);
        var plugin = new CredentialProgram(_folder).Print($$"""{"token":"one","expirationTimestamp":"{{At(1)}}"}""");
        Connect(plugin.User());
        var (text, written) = (File.ReadAllText(_folder.ConfigPath), File.GetLastWriteTimeUtc(_folder.ConfigPath));
        File.SetAttributes(_folder.ConfigPath, FileAttributes.ReadOnly);

        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        await AskAsync();

        Assert.Equal((text, written), (File.ReadAllText(_folder.ConfigPath), File.GetLastWriteTimeUtc(_folder.ConfigPath)));
        Assert.Equal(["answer", "arguments", "config", Path.GetFileName(plugin.Path), "runs"], Directory.GetFiles(_folder.Folder).Select(Path.GetFileName).Order());
        File.SetAttributes(_folder.ConfigPath, FileAttributes.Normal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("disable-compression: true", false)]
    public async Task Answers_come_compressed_unless_the_kubeconfig_says_otherwise(string cluster, bool compressed)
    {
        _server.Do(exchange => exchange.Headers["Accept-Encoding"].Any()
            ? exchange.AnswerAsync(200, Zip(Version), ("Content-Encoding", "gzip"))
            : exchange.AnswerAsync(200, Version));
        Connect("token: t", cluster);

        Assert.Equal("v1.32.13", await AskAsync());
        Assert.Equal(compressed, _server.Exchanges.Single().Headers["Accept-Encoding"].Contains("gzip"));
    }

    private static byte[] Zip(string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(memory, System.IO.Compression.CompressionMode.Compress)) zip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }
}
