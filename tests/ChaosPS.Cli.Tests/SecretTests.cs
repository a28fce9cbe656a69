using System.Diagnostics;
using System.Text.Json.Nodes;
using ChaosPS.Tests;

namespace ChaosPS.Cli.Tests;

/// <summary>Secrets are planted wherever a user can have some, and nothing that <c>chaosps</c> says or leaves may hold one.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Planted = "planted";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-secrets-");

    static SecretTests() => Environment.SetEnvironmentVariable("CHAOSPS_TEST_TOKEN", "planted-token");

    private string State => Path.Combine(_folder.FullName, "state");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("http://planted-user:planted-pass@${azure_app_endpoint}/", "where name=~'${azure_vmss_name}'", 0)] // it runs
    [InlineData("http://planted-user:planted-pass@127.0.0.1:1/${token}", "where name=~'${azure_vmss_name}'", 4)] // its probe cannot
    [InlineData("http://${azure_app_endpoint}/", "where name=~'${token}'", 4)] // its filter finds nothing
    public async Task Nothing_that_a_run_says_or_leaves_holds_one(string url, string filter, int exitCode)
    {
        var path = Write("run.yaml", PlantedExperiment.Of(url, filter));
        foreach (var more in (string[][])[[], ["--verbose"], ["--output", "json"], ["--output", "json", "--verbose"]])
        {
            var run = await CommandLineRun.InvokeAsync(
                ["run", path, "--sandbox", "contactsapp", "--allow-external", "--state-path", State, .. more]);

            Assert.True(run.ExitCode == exitCode, run.Output + run.Error);
            AssertClean(run);
        }

        AssertNothingLeft();
    }

    [Theory]
    [InlineData("pattern: \".\"", "pattern: '('")]
    [InlineData("func: stop_vmss", "func: wrong_function")]
    [InlineData("title: It answers", "title: [wrong")]
    public async Task Of_what_is_wrong_with_a_definition_no_value_of_a_secret_is_shown(string right, string wrong)
    {
        // What is quoted is what is wrong; the secrets stand around it.
        var text = PlantedExperiment.Of("http://planted-user:planted-pass@host/", "where name=~'x'");
        Assert.Contains(right, text, StringComparison.Ordinal);
        var path = Write("wrong.yaml", text.Replace(right, wrong, StringComparison.Ordinal));
        foreach (var command in (string[][])[["validate", path], ["validate", path, "--output", "json"], ["run", path, "--sandbox", "contactsapp", "--state-path", State]])
        {
            var run = await CommandLineRun.InvokeAsync(command);

            Assert.Equal(3, run.ExitCode);
            AssertClean(run);
        }
    }

    [Theory]
    [InlineData("http://planted-user:planted-pass@127.0.0.1:1", "127.0.0.1:1")] // nobody answers there
    [InlineData("http://planted-user:planted-pass@example.org/", "example.org")] // none is served to other machines
    public async Task A_sandbox_that_is_none_is_named_without_what_stands_before_its_host(string address, string host)
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", address, "--state-path", State);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(host, run.Error, StringComparison.Ordinal);
        AssertClean(run);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_is_named_without_the_credentials_of_the_kubeconfig()
    {
        var config = Write("config", """
            { "apiVersion": "v1", "kind": "Config", "current-context": "c",
              "contexts": [{ "name": "c", "context": { "cluster": "c", "user": "u" } }],
              "clusters": [{ "name": "c", "cluster": { "server": "http://127.0.0.1:1" } }],
              "users": [{ "name": "u", "user": { "token": "planted-token" } }] }
            """);
        var path = Write("run.yaml", PlantedExperiment.Of("http://planted-user:planted-pass@127.0.0.1:1/", "where name=~'x'"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChaosPS.Cli.dll"), "run", path, "--state-path", State, "--verbose"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KUBECONFIG"] = config, ["AZURE_CLIENT_SECRET"] = "planted-client", ["AZURE_TENANT_ID"] = "none", ["AZURE_CLIENT_ID"] = "none" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.NotEqual(0, process.ExitCode);
        AssertClean(new CommandLineRun(process.ExitCode, await output, await error));
    }

    [Fact]
    public async Task A_restore_says_and_leaves_none()
    {
        await using var sandbox = await ServingSandbox.StartAsync("contactsapp", "--speed", "200");
        var path = Write("run.yaml", PlantedExperiment.Of("http://planted-user:planted-pass@${azure_app_endpoint}/", "where name=~'${azure_vmss_name}'"));
        var run = await CommandLineRun.InvokeAsync("run", path, "--sandbox", sandbox.Address, "--allow-external", "--state-path", State);
        AssertClean(run);

        // The log as a process would have left it that died after the stop.
        var log = Assert.Single(Directory.GetFiles(State, "recovery.jsonl", SearchOption.AllDirectories));
        var lines = await File.ReadAllLinesAsync(log);
        await File.WriteAllLinesAsync(log, lines.Take(Array.FindIndex(lines, static line => (string?)JsonNode.Parse(line)!["state"] == "Accepted") + 1));
        foreach (var more in (string[][])[["--output", "json"], ["--verbose"]])
        {
            var restored = await CommandLineRun.InvokeAsync(["restore", "--state-path", State, .. more]);
            Assert.True(restored.ExitCode == 0, restored.Output + restored.Error);
            AssertClean(restored);
        }

        AssertNothingLeft();
    }

    /// <summary>All that the runs of this suite have left, here and in its runs before. Wherever a user may have a secret, they had one: see <see cref="StateDirectory"/>.</summary>
    [Fact]
    public void Nothing_that_the_runs_of_this_suite_have_left_holds_one() =>
        Assert.All(Left(Environment.GetEnvironmentVariable("XDG_STATE_HOME")!), static file => Assert.DoesNotContain(Planted, File.ReadAllText(file), StringComparison.Ordinal));

    private static void AssertClean(CommandLineRun run)
    {
        Assert.DoesNotContain(Planted, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Left(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetExtension(file) is ".json" or ".jsonl");

    private void AssertNothingLeft()
    {
        var left = Left(State).Select(File.ReadAllText).ToArray();

        Assert.All(left, static text => Assert.DoesNotContain(Planted, text, StringComparison.Ordinal));

        // Or else the scan would be no proof.
        Assert.Contains(left, static text => text.Contains("***", StringComparison.Ordinal));
        Assert.Contains(left, static text => text.Contains("\"undo\"", StringComparison.Ordinal));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
