using System.Text.RegularExpressions;
using ChaosPS.Azure;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers.Azure;
using ChaosPS.Safety;
using ChaosPS.Sandbox;
using ChaosPS.Sandboxes;

namespace ChaosPS.Providers.Tests.Azure.Identity;

/// <summary>Who asks Azure for the activities of an experiment: a sandbox's Azure behind a server of tokens that tells principals apart.</summary>
public sealed partial class ExperimentSecretsTests : IDisposable
{
    private const string Secret = "planted-secret-of-";

    private const string Secrets = $$"""
        secrets:
          first: {client_id: first, client_secret: {{Secret}}first, tenant_id: {{TokenServer.Tenant}} }
          second: {client_id: second, client_secret: {{Secret}}second, tenant_id: {{TokenServer.Tenant}} }
          token: {access_token: {type: env, key: PLANTED_TOKEN} }
          china: {azure_cloud: AZURE_CHINA_CLOUD}
        """;

    private readonly TokenServer _server = new();
    private readonly LogLines _log = new();
    private readonly string _state = Directory.CreateTempSubdirectory("chaosps-test-").FullName;
    private readonly ChaosSandbox _sandbox = SandboxFactory.Create("contactsapp", seed: 7);
    private readonly HttpMessageInvoker _azure;
    private readonly ChaosConnection _connection;
    private readonly string _filter;

    public ExperimentSecretsTests()
    {
        _azure = new HttpMessageInvoker(_sandbox.Handler, disposeHandler: false);
        _server.GiveToken = static async (request, token) =>
        {
            var client = ClientId().Match(await request.Content!.ReadAsStringAsync(token)).Groups[1].Value;
            return TokenServer.Json(200, $$"""{"token_type":"Bearer","expires_in":3600,"access_token":"{{TokenServer.Token(client)}}"}""");
        };
        _server.Manage = ForwardAsync;
        var sandbox = new Composition().Connect(_sandbox);
        var (power, platform) = Access(null, null).Open();
        _connection = new ChaosConnection
        {
            Name = sandbox.Name,
            Server = sandbox.Server,
            Kind = sandbox.Kind,
            Cluster = sandbox.Cluster,
            Power = power,
            Azure = platform,
            AzureFor = (secrets, subscription) => Access(secrets, subscription).Open(),
            Http = sandbox.Http,
            Time = sandbox.Time,
            Environment = sandbox.Environment,
        };
        _filter = $"where name =~ '{sandbox.Environment["AZURE_CLUSTER_VMSS_NAME"]}'";
    }

    public void Dispose()
    {
        _server.Dispose();
        _azure.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Each_activity_asks_as_its_scope_says_and_its_undo_too()
    {
        var run = await RunAsync($"""
            {Stop("first", "0")}
            {Stop("second", "9")}
            """);

        Assert.Equal((RunOutcome.Passed, null), (run.Outcome, run.Reason));
        Assert.Equal(["first powerOff 0", "second powerOff 9", "second start 9", "first start 0"], Changes());
        Assert.DoesNotContain("own", Askers()); // nobody else was asked for, not even to look
    }

    [Fact]
    public async Task A_rollback_asks_as_its_own_scope_says()
    {
        var run = await RunAsync(Stop("first", "0"), $"""
            rollbacks:
            {Stop("second", "0").Replace("stop_vmss", "start_vmss", StringComparison.Ordinal)}
            """);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Equal(["first powerOff 0", "second start 0"], Changes());
    }

    [Fact]
    public async Task An_activity_without_a_scope_asks_as_whoever_has_started_the_run()
    {
        await RunAsync(Stop("", "0"));
        Assert.Equal(["own"], Askers());
    }

    [Fact]
    public async Task A_probe_asks_as_its_scope_says()
    {
        var run = await RunAsync(Probe("first"));
        Assert.Equal((RunOutcome.Passed, 3), (run.Outcome, (long)run.Activities[0].Output!));
        Assert.Equal(["first"], Askers());
    }

    [Fact]
    public async Task Of_two_scopes_the_later_one_counts()
    {
        await RunAsync(Probe("first, second"));
        Assert.Equal(["second"], Askers());
    }

    [Fact]
    public async Task Somebody_signs_in_once_for_all_activities_of_a_scope()
    {
        await RunAsync($"""
            {Probe("first")}
            {Stop("first", "0")}
            {Probe("first")}
            """);
        Assert.Single(_server.TokenRequests);
    }

    [Fact]
    public async Task An_undo_by_another_process_asks_as_whoever_starts_it()
    {
        var refuses = false;
        var forward = _server.Manage;
        _server.Manage = (request, token) =>
        {
            refuses |= request.RequestUri!.AbsolutePath.EndsWith("/poweroff", StringComparison.OrdinalIgnoreCase);
            return refuses && request.RequestUri!.AbsolutePath.EndsWith("/start", StringComparison.Ordinal)
                ? Task.FromResult(TokenServer.Json(403, """{"error":{"code":"AuthorizationFailed","message":"The client 'first' may not."}}"""))
                : forward(request, token);
        };
        var run = await RunAsync(Stop("first", "0"));
        Assert.Equal(RunOutcome.RollbackIncomplete, run.Outcome);
        Assert.All(Changes(), static change => Assert.StartsWith("first ", change, StringComparison.Ordinal));
        _server.Manage = forward;
        _server.Calls.Clear();

        var left = Assert.Single(new RunStore(_state).List());
        var restored = await RunRecovery.RestoreAsync(left, _connection, TimeSpan.FromMinutes(20), _log, default);

        Assert.Empty(restored.Remaining);
        Assert.Equal(["own start 0"], Changes());
        Assert.All(Directory.GetFiles(left.Folder), static file => Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cloud_among_the_secrets_is_where_whoever_asks_signs_in()
    {
        await RunAsync(Probe("china"));
        Assert.Equal("login.chinacloudapi.cn", _server.TokenRequests[0].Uri.Host);
        Assert.Equal("management.chinacloudapi.cn", _server.Calls[0].Uri.Host);
        Assert.Equal(["own"], Askers());
    }

    [Fact]
    public async Task The_configuration_may_name_the_subscription()
    {
        var bodies = new List<string>();
        var forward = _server.Manage;
        _server.Manage = async (request, token) =>
        {
            bodies.Add(await request.Content!.ReadAsStringAsync(token));
            return await forward(request, token);
        };

        await RunAsync(Probe(""), "configuration: {azure_subscription_id: 11111111-2222-3333-4444-555555555555}");

        Assert.Contains("11111111-2222-3333-4444-555555555555", bodies[0], StringComparison.Ordinal);
        Assert.Contains(_log.All, static line => line.Contains("subscription 11111111-2222-3333-4444-555555555555", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scope_that_there_is_not_is_warned_of()
    {
        await RunAsync(Probe("third"));
        Assert.Contains(_log.All, static message => message.StartsWith(
            "Warning The experiment has no secrets 'third': Azure is asked as whoever has started the run, in ", StringComparison.Ordinal));
        Assert.Equal(["own"], Askers());
    }

    [Theory]
    [InlineData("first")]
    [InlineData("token")]
    public async Task No_secret_is_told_to_anybody(string scope)
    {
        var token = TokenServer.Token("planted");
        _server.GiveToken = static async (request, cancel) => TokenServer.Json(401, $$"""
            {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret: {{await request.Content!.ReadAsStringAsync(cancel)}} Trace ID: 1"}
            """);
        _server.Manage = (request, _) => Task.FromResult(TokenServer.Json(
            401, $$$"""{"error":{"code":"InvalidAuthenticationToken","message":"The token {{{request.Headers.Authorization!.Parameter}}} is not it."}}"""));

        var run = await RunAsync(Stop(scope, "0"), environment: new() { ["PLANTED_TOKEN"] = token });

        Assert.Equal(RunOutcome.NotStarted, run.Outcome);
        string[] written = [run.Reason!, .. _log.All, .. Directory.GetFiles(_state, "*", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Assert.All(written, text =>
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        });
    }

    private AzureAccess Access(AzureSecrets? secrets, string? subscription)
    {
        var environment = new Dictionary<string, string>
        {
            ["AZURE_TENANT_ID"] = TokenServer.Tenant,
            ["AZURE_CLIENT_ID"] = "own",
            ["AZURE_CLIENT_SECRET"] = Secret + "own",
        };
        return new AzureAccess(
            AzureTokenSource.Environment, environment.GetValueOrDefault, "https://10.0.0.1", new Composition().Connect(_sandbox).Cluster, _sandbox.Clock,
            secrets, subscription, _server);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var copy = new HttpRequestMessage(request.Method, new Uri(_sandbox.AzureUri, request.RequestUri!.PathAndQuery));
        if (request.Content is { } content) copy.Content = new StringContent(await content.ReadAsStringAsync(cancellationToken), null, "application/json");
        var answer = await _azure.SendAsync(copy, cancellationToken);

        // Its operations are where it was asked.
        foreach (var name in (string[])["Azure-AsyncOperation", "Location"])
        {
            if (!answer.Headers.TryGetValues(name, out var values)) continue;
            var address = new Uri(request.RequestUri, new Uri(values.Single()).PathAndQuery);
            answer.Headers.Remove(name);
            answer.Headers.Add(name, address.ToString());
        }

        return answer;
    }

    /// <summary>Who asked for which changes: principal, action, instance.</summary>
    private string[] Changes() =>
    [
        .. _server.Calls.Select(static call => (call.Token, Match: Change().Match(call.Uri.AbsolutePath))).Where(static call => call.Match.Success)
            .Select(static call => $"{Asker(call.Token)} {call.Match.Groups[2].Value.Replace("poweroff", "powerOff", StringComparison.Ordinal)} {call.Match.Groups[1].Value}"),
    ];

    private string[] Askers() => [.. _server.Calls.Select(static call => Asker(call.Token)).Distinct()];

    private static string Asker(string? token) =>
        ((string[])["own", "first", "second"]).FirstOrDefault(name => TokenServer.Token(name) == token) ?? "somebody else";

    private string Stop(string scopes, string instance) => $"""
        - type: action
          name: stop {instance}
          provider: {Provider("chaosazure.vmss.actions", "stop_vmss", scopes, $$""", instance_criteria: [{instance_id: '{{instance}}'}]""")}
        """;

    private string Probe(string scopes) => $"""
        - type: probe
          name: count
          provider: {Provider("chaosazure.vmss.probes", "count_instances", scopes, "")}
        """;

    private string Provider(string module, string function, string scopes, string more) => $$"""
        {type: python, module: {{module}}, func: {{function}}, secrets: [{{scopes}}], arguments: {filter: "{{_filter}}"{{more}} } }
        """;

    private Task<ChaosRun> RunAsync(string method, string more = "", Dictionary<string, string>? environment = null) => ExperimentRunner.RunAsync(
        ExperimentReader.Read($"title: t\ndescription: d\n{Secrets}\n{more}\nmethod:\n{method}\n", "e.yaml", new Composition().Documents),
        _connection,
        new RunOptions
        {
            StatePath = _state,
            Policies = [new BlastPolicy { Source = "the test", MaxNodesDown = 2 }],
            EnvironmentVariables = environment ?? new() { ["PLANTED_TOKEN"] = "unused" },
        },
        _log, default);

    [GeneratedRegex("client_id=([^&]+)")]
    private static partial Regex ClientId();

    [GeneratedRegex(@"/virtualMachines/(\d+)/(powerOff|start)$", RegexOptions.IgnoreCase)]
    private static partial Regex Change();

    private sealed class LogLines : IChaosLog
    {
        private readonly Lock _lock = new();
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lock) return [.. _all];
            }
        }

        public void Write(ChaosLogLevel level, string message)
        {
            lock (_lock) _all.Add($"{level} {message}");
        }

        public void Progress(string activity, string status, int? percent, bool completed)
        {
        }
    }
}
