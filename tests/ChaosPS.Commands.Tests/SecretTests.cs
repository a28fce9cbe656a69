using ChaosPS.Commands.Tests.Hosting;
using ChaosPS.Tests;

namespace ChaosPS.Commands.Tests;

/// <summary>Secrets are planted wherever a user can have some, and nothing that comes out may hold one.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Planted = "planted";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://planted-user:planted-pass@${azure_app_endpoint}/?q=${spaced}", "where name=~'${azure_vmss_name}'", "Passed")] // it runs
    [InlineData("http://planted-user:planted-pass@127.0.0.1:1/${spaced}", "where name=~'${azure_vmss_name}'", "NotStarted")] // its probe cannot
    [InlineData("http://${azure_app_endpoint}/", "where name=~'${token}'", "NotStarted")] // its filter finds nothing
    public void Nothing_that_a_run_leaves_or_says_holds_one(string url, string filter, string outcome)
    {
        Environment.SetEnvironmentVariable("CHAOSPS_TEST_TOKEN", "planted-token");
        using var engine = Engine.WithSandbox();
        var path = _folder.Write("secrets.yaml", PlantedExperiment.Of(url, filter));
        using var shell = engine.Create(
            $"$DebugPreference = 'Continue'; Invoke-ChaosExperiment '{path}' -StatePath '{_folder.FullName}/state' -Variable @{{ more = @{{ given = 'planted given'; spaced = 'planted & spaced' }} }} -Verbose "
            + "-Confirm:$false -AllowExternal");

        var runs = shell.Invoke();

        Assert.True(runs.Count == 1, string.Join("\n", shell.Streams.Error));
        var run = runs[0];
        Assert.Equal(outcome, run.Properties["Outcome"].Value.ToString());
        var streams = shell.Streams;
        string[] said =
        [
            .. runs.SelectMany(static record => record.Properties).Select(static property => Show(property.Value)),
            .. streams.Error.SelectMany(static error => (string[])
                [$"{error}", $"{error.Exception}", $"{error.TargetObject}", $"{error.ErrorDetails}", $"{error.ErrorDetails?.RecommendedAction}"]),
            .. streams.Verbose.Select(static record => record.Message),
            .. streams.Debug.Select(static record => record.Message),
            .. streams.Warning.Select(static record => record.Message),
            .. streams.Information.Select(static record => record.ToString()),
            .. streams.Progress.Select(static record => $"{record.Activity} {record.StatusDescription}"),
            engine.Host.Text,
            .. Directory.EnumerateFiles($"{_folder.FullName}/state", "*", SearchOption.AllDirectories)
                .Where(static file => Path.GetExtension(file) is ".json" or ".jsonl").Select(File.ReadAllText),
        ];
        Assert.DoesNotContain(said, static text => text.Contains(Planted, StringComparison.Ordinal));

        // Or else the scan would be no proof.
        Assert.Contains(said, static text => text.Contains("***", StringComparison.Ordinal));
        Assert.True(said.Length > 20);
    }

    [Fact]
    public async Task Nothing_that_a_refused_connection_says_holds_the_token_of_the_kubeconfig()
    {
        using var server = new LoopbackServer();
        using var engine = new Engine();
        var path = _folder.Write("config", $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "c",
              "contexts": [{ "name": "c", "context": { "cluster": "c", "user": "u" } }],
              "clusters": [{ "name": "c", "cluster": { "server": "{{server.Uri}}" } }],
              "users": [{ "name": "u", "user": { "token": "planted-token" } }] }
            """);
        var answer = server.AnswerOnceAsync(401);

        var result = engine.Run($"$null = Connect-ChaosCluster -KubeConfigPath '{path}'; Get-ClusterNode -Verbose; Get-ChaosConnection");
        server.Dispose();
        await Task.WhenAny(answer);

        Assert.NotEmpty(result.Errors);
        string[] said =
        [
            .. result.Errors.SelectMany(static error => (string[])[$"{error}", $"{error.Exception}", $"{error.ErrorDetails}", $"{error.TargetObject}"]),
            .. result.Output.SelectMany(static record => record.Properties).Select(static property => Show(property.Value)),
            .. result.Verbose, .. result.Warnings, engine.Host.Text,
        ];
        Assert.DoesNotContain(said, static text => text.Contains(Planted, StringComparison.Ordinal));
    }

    /// <summary>What the runs of this suite have left by now. Wherever a user may have a secret, they had one: see <see cref="Engine"/>.</summary>
    [Fact]
    public void Nothing_that_the_runs_of_this_suite_have_left_holds_one()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke($"$null = Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}'; Stop-ClusterNode *000000");

        var left = Directory.EnumerateFiles(Environment.GetEnvironmentVariable("XDG_STATE_HOME")!, "*.json*", SearchOption.AllDirectories).Select(Read).ToArray();

        Assert.True(left.Length >= 3);
        Assert.All(left, static text => Assert.DoesNotContain(Planted, text, StringComparison.Ordinal));

        // Other tests are still writing theirs.
        static string Read(string path)
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd();
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        System.Text.Json.Nodes.JsonNode json => json.ToJsonString(),
        string text => text,
        System.Collections.IEnumerable items => string.Join("\n", items.Cast<object?>().Select(Show)),
        _ => value.ToString() ?? "",
    };
}
