namespace ChaosPS.Cli.Tests;

/// <summary>Which cluster <c>run</c> and <c>restore</c> work on.</summary>
public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaosps-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Config()
    {
        var path = Path.Combine(_folder, "config");
        File.WriteAllText(path, """
            current-context: one
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            contexts: [{name: one, context: {cluster: c, user: u}}, {name: two, context: {cluster: c, user: u}}]
            """);
        return path;
    }

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task The_named_context_of_the_named_file_is_asked(string context)
    {
        var run = await CommandLineRun.InvokeAsync("restore", "--lease", "--kubeconfig", Config(), "--context", context, "--state-path", _folder);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"nobody listens at http://127.0.0.1:1 (cluster '{context}')", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("restore")]
    public async Task A_context_that_is_not_there_is_told_with_those_that_are(string command)
    {
        string[] file = command == "run" ? [Samples.StopNode] : [];

        var run = await CommandLineRun.InvokeAsync([command, .. file, "--kubeconfig", Config(), "--context", "three", "--state-path", _folder]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("has no context 'three'. Its contexts: one, two.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--context", "one")]
    [InlineData("--kubeconfig", "config")]
    public async Task A_sandbox_takes_no_kubeconfig(string option, string value)
    {
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", "contactsapp", option, value);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--sandbox takes no kubeconfig", run.Error, StringComparison.Ordinal);
    }
}
