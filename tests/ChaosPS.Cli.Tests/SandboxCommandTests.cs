using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ChaosPS.Cli.Tests;

public sealed class SandboxCommandTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chaosps-");

    private string KubeConfig => Path.Combine(_folder.FullName, "kube", "config");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Its_output_is_its_address_and_it_serves_by_then()
    {
        await using var sandbox = await ServingSandbox.StartAsync();
        using var http = new HttpClient();
        var description = JsonNode.Parse(await http.GetStringAsync(new Uri($"{sandbox.Address}/sandbox")))!;

        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+$", sandbox.Address);
        Assert.Equal(("contactsapp", 1, 1.0), ((string?)description["name"], (int?)description["seed"], (double?)description["speed"]));
        Assert.Contains($"chaosps run FILE --sandbox {sandbox.Address}", sandbox.Error, StringComparison.Ordinal);
        Assert.Equal(0, await sandbox.StopAsync());
    }

    [Fact]
    public async Task The_kubeconfig_is_there_while_it_serves()
    {
        await using var sandbox = await ServingSandbox.StartAsync("contactsapp", "--kubeconfig", KubeConfig, "--speed", "2.5", "--seed", "3");
        var text = await File.ReadAllTextAsync(KubeConfig);

        Assert.Contains($"server: {sandbox.Address}\n", text, StringComparison.Ordinal);
        Assert.Contains("current-context: \"contactsapp\"\n", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KubeConfig));
        Assert.Equal([KubeConfig], Directory.GetFiles(Path.GetDirectoryName(KubeConfig)!));

        await sandbox.StopAsync();
        Assert.False(File.Exists(KubeConfig));
    }

    [Fact]
    public async Task What_an_earlier_sandbox_left_and_an_empty_file_are_written_over()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KubeConfig)!);
        await File.WriteAllTextAsync(KubeConfig, "");
        await using var first = await ServingSandbox.StartAsync("--kubeconfig", KubeConfig);
        await using var second = await ServingSandbox.StartAsync("--kubeconfig", KubeConfig);

        Assert.Contains(second.Address, await File.ReadAllTextAsync(KubeConfig), StringComparison.Ordinal);
        await first.StopAsync();
        Assert.Contains(second.Address, await File.ReadAllTextAsync(KubeConfig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_of_somebody_else_is_not_touched()
    {
        var path = Path.Combine(_folder.FullName, "config");
        await File.WriteAllTextAsync(path, "apiVersion: v1\n");
        var run = await CommandLineRun.InvokeAsync("sandbox", "--kubeconfig", path);

        Assert.Equal(4, run.ExitCode);
        Assert.StartsWith("error KubeConfigNotOurs", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.Equal("apiVersion: v1\n", await File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("SandboxNotFound", "nothing")]
    [InlineData("ListenAddressNotLocal", "--listen", "0.0.0.0:0")]
    [InlineData("ListenAddressInvalid", "--listen", "127.0.0.1:x")]
    [InlineData("SpeedInvalid", "--speed", "0")]
    [InlineData("SimulationOptionUnknown", "--set", "Grace=20s")]
    [InlineData("SimulationOptionInvalid", "--set", "NodeMonitorGracePeriod=soon")]
    public async Task Wrong_usage_is_refused(string id, params string[] args)
    {
        var run = await CommandLineRun.InvokeAsync(["sandbox", .. args]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"error {id}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_is_validated_for_it_with_its_variables()
    {
        await using var sandbox = await ServingSandbox.StartAsync();
        var run = await CommandLineRun.InvokeAsync("validate", Samples.StopNode, "--sandbox", sandbox.Address);

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task An_address_where_none_is_served_is_no_start()
    {
        await using var sandbox = await ServingSandbox.StartAsync();
        await sandbox.StopAsync();
        var run = await CommandLineRun.InvokeAsync("run", Samples.StopNode, "--sandbox", sandbox.Address);

        Assert.Equal(4, run.ExitCode);
        Assert.StartsWith("error SandboxUnreachable", run.Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// The probes' time-outs are so long that no busy machine meets them: only the dead node's pods do. Its pods are still taken for alive after
    /// fifteen seconds, so the application is found broken.
    /// </summary>
    [Fact]
    public async Task Another_process_runs_an_experiment_against_it_until_a_signal_ends_it()
    {
        var file = Samples.Spoil("patient.yaml", "timeout: 2\n", "timeout: 100\n");
        using var sandbox = Start("sandbox", "--kubeconfig", KubeConfig, "--speed", "50");
        var address = await sandbox.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        using var run = Start("run", file, "--sandbox", address!);
        var report = await run.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await run.WaitForExitAsync().WaitAsync(s_patience);

        Assert.True(run.ExitCode == 1, report + await run.StandardError.ReadToEndAsync());
        Assert.Contains($"sandbox contactsapp at {address}", report, StringComparison.Ordinal);
        Assert.Matches("NOT MET +search-api-must-still-respond", report);
        Assert.Contains("Node aks-nodepool1-36421985-vmss000000 is Ready.", report, StringComparison.Ordinal);

        Assert.True(File.Exists(KubeConfig));
        using var kill = Process.Start("kill", ["-TERM", $"{sandbox.Id}"]);
        await sandbox.WaitForExitAsync().WaitAsync(s_patience);
        Assert.Equal(0, sandbox.ExitCode);
        Assert.False(File.Exists(KubeConfig));
    }

    private static Process Start(params string[] args) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "ChaosPS.Cli.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
